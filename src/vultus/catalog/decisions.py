"""Decisions: the journal of what people said of faces and clusters, which no algorithm overwrites."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy import Connection, Integer, Row, cast, func, select, update

from vultus.catalog import schema
from vultus.catalog.change import Change
from vultus.catalog.database import Database
from vultus.catalog.recording import Recording, write_decision
from vultus.catalog.reversal import reverse
from vultus.config import People
from vultus.errors import CannotUndo, ResourceNotFound
from vultus.model import moment

#: Of PostgreSQL's advisory locks, those that decisions take, one a dataset.
_LOCK = 0x76756C74

UNDO = "undo"  # kind of the decision that takes back another


class DecisionRow(msgspec.Struct, frozen=True):
    """One decision; an undone one stays in the journal.

    The payload tells in ``about`` what was decided, and in ``change`` what it takes to undo it.
    """

    id: int
    dataset_id: int
    kind: str
    payload: dict[str, Any]
    actor: str
    time: int
    undone_time: int | None

    @property
    def about(self) -> dict[str, Any]:
        """What was decided, in ids that callers know."""
        told: dict[str, Any] = self.payload.get("about", {})
        return told

    @property
    def change(self) -> Change | None:
        """What the decision changed; None for one that is only told of."""
        change = self.payload.get("change")
        return None if change is None else msgspec.convert(change, Change)


_decisions = schema.decisions.c
_COLUMNS = [_decisions[name] for name in DecisionRow.__struct_fields__]


class Decisions:
    """The journals of all datasets."""

    def __init__(self, database: Database, gate: People) -> None:
        self._database = database
        self._gate = gate

    def append(self, dataset_id: int, kind: str, payload: Mapping[str, object], actor: str) -> int:
        """Write down what is not undone; see ``recording`` for what is.

        Args:
            dataset_id: whose journal.
            kind: what was decided, in a word.
            payload: about what.
            actor: who decided.

        Returns:
            Its row.
        """
        with self._database.writing() as connection:
            return write_decision(connection, dataset_id, kind, payload, actor)

    @contextmanager
    def recording(
        self, dataset_id: int, kind: str, about: dict[str, object], actor: str
    ) -> Iterator[tuple[Recording, Connection]]:
        """Carry out a decision: what is done with the recording is written to the journal, in the same transaction.

        Args:
            dataset_id: whose journal.
            kind: what is decided, in a word.
            about: whom it concerns, in ids that callers know; may be added to inside.
            actor: who decides.
        """
        with self._database.writing() as connection:
            self.wait_for_others(connection, dataset_id)
            recording = Recording(connection, dataset_id, self._gate)
            yield recording, connection
            payload = {"about": about, "change": recording.finish()}
            write_decision(connection, dataset_id, kind, payload, actor)

    def list(self, dataset_id: int, after: int = 0, limit: int = 1000) -> list[DecisionRow]:
        """Return the decisions of a dataset in the order they were made, from after the row ``after``."""
        found = select(*_COLUMNS).where(_decisions.dataset_id == dataset_id, _decisions.id > after)
        with self._database.reading() as connection:
            return [_decision(row) for row in connection.execute(found.order_by(_decisions.id).limit(limit))]

    def latest(self, dataset_id: int, before: int | None = None, limit: int = 1000) -> Sequence[DecisionRow]:
        """Return the decisions of a dataset, the last one first, from before the row ``before``."""
        found = select(*_COLUMNS).where(_decisions.dataset_id == dataset_id)
        if before is not None:
            found = found.where(_decisions.id < before)
        with self._database.reading() as connection:
            return [_decision(row) for row in connection.execute(found.order_by(_decisions.id.desc()).limit(limit))]

    def get(self, dataset_id: int, decision_id: int) -> DecisionRow:
        """Return a decision.

        Raises:
            ResourceNotFound: the dataset's journal has none of that number.
        """
        found = select(*_COLUMNS).where(_decisions.dataset_id == dataset_id, _decisions.id == decision_id)
        with self._database.reading() as connection:
            row = connection.execute(found).one_or_none()
        if row is None:
            raise ResourceNotFound(f"decision {decision_id}")
        return _decision(row)

    def undo(self, dataset_id: int, decision_id: int, actor: str) -> int:
        """Take a decision back: what it changed is as it was, but for what later decisions said since.

        Returns:
            The row under which that stands in the journal.

        Raises:
            ResourceNotFound: there is no such decision.
            CannotUndo: it was undone before, or later decisions rest on it; nothing was changed.
        """
        with self._database.writing() as connection:
            self.wait_for_others(connection, dataset_id)
            self._claim(connection, dataset_id, decision_id)
            decision = self.get(dataset_id, decision_id)
            change = decision.change
            if change is None:
                raise CannotUndo(f"A decision of the kind {decision.kind!r} cannot be undone.")
            recording = Recording(connection, dataset_id, self._gate)
            reverse(connection, recording, change, self._later(decision))
            recording.finish()
            about = {"decision": decision.id, "kind": decision.kind}
            return write_decision(connection, dataset_id, UNDO, {"about": about}, actor)

    def wait_for_others(self, connection: Connection, dataset_id: int) -> None:
        """Decide one after another: what one decision has read of fragments, no other changes meanwhile.

        A run waits here too before it places faces. The lock is one of its own, so that indexing does not wait. SQLite
        has one writer at a time anyway.
        """
        if not self._database.is_sqlite:
            lock = func.pg_advisory_xact_lock(cast(_LOCK, Integer), cast(dataset_id % 2**31, Integer))
            connection.execute(select(lock))

    def _claim(self, connection: Connection, dataset_id: int, decision_id: int) -> None:
        """Mark a decision as undone, so that nobody else undoes it."""
        undone = update(schema.decisions).where(_decisions.id == decision_id, _decisions.dataset_id == dataset_id)
        undone = undone.where(_decisions.undone_time.is_(None)).values(undone_time=moment.now())
        if connection.execute(undone).rowcount == 0:
            self.get(dataset_id, decision_id)
            raise CannotUndo(f"Decision {decision_id} was undone before.")

    def _later(self, decision: DecisionRow) -> dict[int, Change]:
        """What was decided after it and stands."""
        later: dict[int, Change] = {}
        after = decision.id
        while rows := self.list(decision.dataset_id, after):
            after = rows[-1].id
            standing = ((row.id, row.change) for row in rows if row.undone_time is None)
            later.update({row: change for row, change in standing if change is not None})
        return later


def _decision(row: Row[*tuple[Any, ...]]) -> DecisionRow:
    values = row._asdict()
    return DecisionRow(**{**values, "payload": msgspec.json.decode(values["payload"])})
