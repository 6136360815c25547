"""What came of a run, in numbers; told to those who asked for it, and kept with their tasks."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GroupingReport:
    """What a run did.

    Attributes:
        faces: how many were looked at.
        attached: how many joined a cluster that was there.
        created: how many clusters are new.
        placed: how many faces those hold.
        joined: how many clusters became part of another.
        released: how many faces left the cluster they were in.
        alone: how many fit nobody yet.
        skipped: how many of those for what reason.
    """

    faces: int
    attached: int
    created: int
    placed: int
    joined: int
    released: int
    alone: int
    skipped: dict[str, int] = field(default_factory=dict)
