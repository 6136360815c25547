"""The queue of background work: in the database, so that work and its record change together."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import nullcontext
from functools import cache
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import (
    Connection,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.catalog.job import CONDEMNED, Job, JobCounts, LeaseLost, NewJob, State
from vultus.model import moment

_jobs = schema.jobs.c
_CLAIMED = (
    *(_jobs.id, _jobs.kind, _jobs.dataset_id, _jobs.file_id, _jobs.task_id, _jobs.key),
    *(_jobs.payload, _jobs.attempts, _jobs.priority, _jobs.run_after, _jobs.reason),
)
_other = schema.jobs.alias("other")
# Spelt out rather than bound, so that the partial index on lanes serves it.
_LANE_IS_BUSY = exists().where(and_(_other.c.state == literal_column("'running'"), _other.c.lane == _jobs.lane))
_payload = msgspec.json.Decoder(dict[str, Any])


def _first(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The first row that no other worker is taking at this moment."""
    return query.limit(1).with_for_update(skip_locked=True, of=schema.jobs)


# Claiming and ending come once for every file that is indexed: their statements are built once.
_EXPIRED = _first(
    select(*_CLAIMED)
    .where(_jobs.state == "running", _jobs.lease_until < bindparam("now"))
    .where(_jobs.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(_jobs.lease_until)
)
_OLDEST = _first(
    select(*_CLAIMED)
    .where(_jobs.state == "queued", _jobs.kind == bindparam("kind_wanted"))
    .where(_jobs.run_after <= bindparam("now"), ~_LANE_IS_BUSY)
    .order_by(_jobs.priority, _jobs.run_after, _jobs.id)
)
_THIS = _jobs.id == bindparam("row")
_OURS = and_(_THIS, _jobs.token == bindparam("held"), _jobs.state == "running")


@cache
def _setting(*names: str, ours: bool) -> Update:
    """Change these columns of a job, of one that is still ours or of any, to values given as ``new_...``."""
    return (
        update(schema.jobs).where(_OURS if ours else _THIS).values({name: bindparam(f"new_{name}") for name in names})
    )


def _new(values: Mapping[str, object]) -> dict[str, object]:
    return {f"new_{name}": value for name, value in values.items()}


class Jobs:
    """Durable work: put by anyone, claimed by one worker at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self,
        kind: str,
        *,
        dataset_id: int | None = None,
        file_id: int | None = None,
        task: int | None = None,
        key: str | None = None,
        payload: Mapping[str, object] | None = None,
        priority: int = 0,
        delay: float = 0.0,
    ) -> int | None:
        """Queue a job.

        Args:
            kind: who can do it.
            dataset_id: what it is counted under.
            file_id: the file it is about; it goes when the file goes.
            task: row of the task that it fulfils.
            key: what it is about, in a word; None for work that is never the same twice.
            payload: what the worker must know besides.
            priority: jobs of a lower number come first.
            delay: seconds until it may begin.

        Returns:
            Its id, or None when a job of that key waits already; that one begins after the caller's transaction.
        """
        job = NewJob(
            kind=kind,
            dataset_id=dataset_id,
            file_id=file_id,
            task=task,
            key=key,
            payload=payload or {},
            priority=priority,
            delay=delay,
        )
        put = self._database.insert_new(schema.jobs).returning(_jobs.id)
        waiting = select(_jobs.id).where(_jobs.key == key, _jobs.state == "queued").with_for_update()
        with self._database.writing() as connection:
            while (job_id := connection.scalar(put, _queued_row(job, moment.now()))) is None:
                # A worker passes over a locked row, and sees what we write when it comes to it.
                if connection.scalar(waiting) is not None:
                    return None
            return int(job_id)

    def put_many(self, jobs: Iterable[NewJob]) -> None:
        """Queue jobs; those whose key waits already are passed over."""
        now = moment.now()
        if rows := [_queued_row(job, now) for job in jobs]:
            with self._database.writing() as connection:
                connection.execute(self._database.insert_new(schema.jobs), rows)

    def claim(self, worker: str, kinds: Collection[str], lease: float) -> Job | None:
        """Take the next job of these kinds: one that a silent worker lost, else the oldest that may run.

        Args:
            worker: who takes it, for people to read.
            kinds: what the worker can do.
            lease: seconds after which the job may fall to another worker, unless ``beat`` prolongs them.

        Returns:
            The job, its attempts counted up, or None when nothing may run now.
        """
        while True:
            with self._database.writing() as connection:
                now = moment.now()
                row = _expired(connection, kinds, now) or _oldest(connection, kinds, now)
                if row is None:
                    return None
                # On SQLite nobody else writes meanwhile: there is nothing to take back.
                attempt = nullcontext() if self._database.is_sqlite else connection.begin_nested()
                try:
                    with attempt:
                        return _take(connection, row, worker, now, lease)
                except IntegrityError:
                    continue  # at this very moment another worker took a job of the same lane

    def beat(self, job: Job, lease: float) -> bool:
        """Prolong the lease to ``lease`` seconds from now; False when the job is no longer ours."""
        now = moment.now()
        return self._change(job, lease_until=now + _nanoseconds(lease), update_time=now)

    def tell(self, job: Job, percent: int) -> None:
        """Say how far a job is that is at work.

        Raises:
            LeaseLost: it is no longer ours.
        """
        if not self._change(job, progress=percent, update_time=moment.now()):
            raise LeaseLost(f"Job {job.id} is no longer ours.")

    def finish(self, job: Job) -> None:
        """Call the job done.

        Raises:
            LeaseLost: it is no longer ours; leave the transaction that holds its work by this exception.
        """
        self._end(job, "done", "")

    def fail(self, job: Job, reason: str) -> None:
        """Give the job up.

        Raises:
            LeaseLost: it is no longer ours.
        """
        self._end(job, "failed", reason)

    def retry(self, job: Job, reason: str, delay: float) -> None:
        """Put the job back for another try in ``delay`` seconds.

        When a job of its key waits already, that one is the next try and this one is done.

        Raises:
            LeaseLost: it is no longer ours.
        """
        self._put_back(job, reason, run_after=moment.now() + _nanoseconds(delay))

    def release(self, job: Job) -> None:
        """Put the job back as if it had not been claimed.

        Raises:
            LeaseLost: it is no longer ours.
        """
        self._put_back(job, "", attempts=job.attempts - 1)

    def workers(self) -> list[str]:
        """Return the names of the workers that hold jobs."""
        with self._database.reading() as connection:
            names = connection.scalars(select(_jobs.worker).where(_jobs.state == "running").distinct())
            return [name for name in names if name is not None]

    def release_worker(self, worker: str) -> int:
        """Let the jobs of a worker that is known to be dead fall to the next who asks; return how many."""
        with self._database.writing() as connection:
            held = and_(_jobs.state == "running", _jobs.worker == worker)
            return connection.execute(update(schema.jobs).where(held).values(lease_until=0)).rowcount

    def condemn(self, worker: str, reason: str) -> None:
        """See that what a worker was at when it was killed is not tried again.

        Args:
            worker: who it was.
            reason: what is wrong with the work, for people to read.
        """
        with self._database.writing() as connection:
            held = and_(_jobs.state == "running", _jobs.worker == worker)
            connection.execute(
                update(schema.jobs).where(held).values(lease_until=0, attempts=CONDEMNED, reason=reason, token=None)
            )

    def check(self, job: Job) -> None:
        """See that the job is still ours; from here to the end of the transaction it stays so.

        Raises:
            LeaseLost: it is not.
        """
        if not self._change(job, update_time=moment.now()):
            raise LeaseLost(f"Job {job.id} is no longer ours.")

    def queued_task(self, key: str) -> int | None:
        """Return the row of the task for which the job of this key that waits was put, if there is one."""
        with self._database.reading() as connection:
            return connection.scalar(select(_jobs.task_id).where(_jobs.key == key, _jobs.state == "queued"))

    def counts(self, dataset_id: int | None = None, kind: str | None = None) -> JobCounts:
        """Count jobs by state: all of them, or those of a dataset, of a kind, or of both."""
        counted = select(_jobs.state, func.count().label("number")).group_by(_jobs.state)
        if dataset_id is not None:
            counted = counted.where(_jobs.dataset_id == dataset_id)
        if kind is not None:
            counted = counted.where(_jobs.kind == kind)
        with self._database.reading() as connection:
            return JobCounts(**{row.state: row.number for row in connection.execute(counted)})

    def sweep(self, older_than: float) -> int:
        """Forget jobs that were done more than ``older_than`` seconds ago; return how many."""
        before = moment.now() - _nanoseconds(older_than)
        with self._database.writing() as connection:
            swept = delete(schema.jobs).where(_jobs.state == "done", _jobs.update_time < before)
            return connection.execute(swept).rowcount

    def _end(self, job: Job, state: State, reason: str) -> None:
        if not self._change(job, state=state, reason=reason, token=None, lease_until=None, update_time=moment.now()):
            raise LeaseLost(f"Job {job.id} is no longer ours.")

    def _put_back(self, job: Job, reason: str, **values: int) -> None:
        back = {"state": "queued", "reason": reason, "token": None, "lease_until": None, "update_time": moment.now()}
        with self._database.writing() as connection:
            try:
                with connection.begin_nested():
                    ours = self._change(job, **back, **values)
            except IntegrityError:
                self._end(job, "done", reason)
                return
            if not ours:
                raise LeaseLost(f"Job {job.id} is no longer ours.")

    def _change(self, job: Job, **values: object) -> bool:
        """Change a job that is still ours; False when it is not."""
        ours = {"row": job.id, "held": job.token}
        with self._database.writing() as connection:
            return connection.execute(_setting(*values, ours=True), ours | _new(values)).rowcount == 1


def _queued_row(job: NewJob, now: int) -> dict[str, object]:
    return {
        "kind": job.kind,
        "dataset_id": job.dataset_id,
        "file_id": job.file_id,
        "task_id": job.task,
        "key": job.key,
        "lane": job.lane,
        "payload": msgspec.json.encode(job.payload).decode(),
        "state": "queued",
        "priority": job.priority,
        "attempts": 0,
        "run_after": now + _nanoseconds(job.delay),
        "reason": "",
        "create_time": now,
        "update_time": now,
    }


def _expired(connection: Connection, kinds: Collection[str], now: int) -> Row[*tuple[Any, ...]] | None:
    return connection.execute(_EXPIRED, {"now": now, "kinds": list(kinds)}).one_or_none()


def _oldest(connection: Connection, kinds: Collection[str], now: int) -> Row[*tuple[Any, ...]] | None:
    """One query a kind: each reads the index in its own order and stops at the first row."""
    found: list[Row[*tuple[Any, ...]]] = []
    for kind in kinds:
        found += connection.execute(_OLDEST, {"kind_wanted": kind, "now": now}).all()
    return min(found, key=lambda row: (row.priority, row.run_after, row.id), default=None)


def _take(connection: Connection, row: Row[*tuple[Any, ...]], worker: str, now: int, lease: float) -> Job:
    token = uuid4().hex
    taken = {
        "state": "running",
        "attempts": row.attempts + 1,
        "progress": 0,
        "worker": worker,
        "token": token,
        "lease_until": now + _nanoseconds(lease),
        "update_time": now,
    }
    connection.execute(_setting(*taken, ours=False), {"row": row.id, **_new(taken)})
    return Job(
        id=row.id,
        kind=row.kind,
        dataset_id=row.dataset_id,
        file_id=row.file_id,
        task_id=row.task_id,
        key=row.key,
        payload=_payload.decode(row.payload),
        attempts=row.attempts + 1,
        token=token,
        reason=row.reason,
    )


def _nanoseconds(seconds: float) -> int:
    return int(seconds * moment.SECOND)
