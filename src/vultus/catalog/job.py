"""A job: work that is to be done, or that a worker does."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

State = Literal["queued", "running", "done", "failed"]

#: Kinds of jobs that form people out of the faces of a dataset, or change all faces: it has one of them at a time.
GROUPING = ("cluster", "cluster-all", "propose", "merge", "switch-model")

#: Tries that a job is said to have had when there is to be no other.
CONDEMNED = 1_000_000


class LeaseLost(Exception):
    """The job fell to another worker, or is gone: what was done for it must not be kept."""


class Job(msgspec.Struct, frozen=True):
    """A job in the hands of a worker, who holds it as long as ``token`` is the one in the database."""

    id: int
    kind: str
    dataset_id: int | None
    file_id: int | None
    task_id: int | None
    key: str | None
    payload: dict[str, Any]
    attempts: int
    token: str
    reason: str  # why the last try failed; empty at the first one

    @property
    def is_condemned(self) -> bool:
        """Whether it is to be given up untried, for its ``reason``."""
        return self.attempts > CONDEMNED


class NewJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job to be done. Of several that wait with the same ``key``, one is kept."""

    kind: str
    dataset_id: int | None = None
    file_id: int | None = None
    task: int | None = None
    key: str | None = None
    payload: Mapping[str, object] = {}
    priority: int = 0
    delay: float = 0.0

    @property
    def lane(self) -> str | None:
        """Jobs of one lane run one after another: those of a key, and all that group the faces of a dataset."""
        return f"cluster:{self.dataset_id}" if self.kind in GROUPING else self.key


class JobCounts(msgspec.Struct, frozen=True):
    """How many jobs there are in each state."""

    queued: int = 0
    running: int = 0
    done: int = 0
    failed: int = 0


def index_job(dataset_id: int, file_id: int, payload: Mapping[str, object]) -> NewJob:
    """The job that indexes a file."""
    return NewJob(kind="index", dataset_id=dataset_id, file_id=file_id, key=f"index:{file_id}", payload=payload)
