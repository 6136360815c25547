"""What a full run would change, told in people and numbers of faces; ready for JSON."""

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from vultus.people.library import NONE
from vultus.people.plan import Plan


class Person(msgspec.Struct, frozen=True):
    """A cluster as callers know it; the name is empty where nobody gave one."""

    object_id: str
    name: str


class Attaching(msgspec.Struct, frozen=True):
    """Faces of nobody that would join a person."""

    person: Person
    faces: int


class Joining(msgspec.Struct, frozen=True):
    """A person who would become one with another, and disappear."""

    into: Person
    source: Person
    faces: int  # that go over


class Parting(msgspec.Struct, frozen=True):
    """A person whom faces would leave.

    Attributes:
        person: whom they leave.
        faces: how many leave.
        placed: how many of those go to other people or found new ones; the others belong to nobody for now.
    """

    person: Person
    faces: int
    placed: int


class Proposal(msgspec.Struct, frozen=True):
    """The difference between what is and what a full run would make of it.

    Attributes:
        faces: how many were looked at.
        create: faces of each new cluster, the largest first.
        attach: people who take in faces of nobody.
        join: people who become one.
        split: people whom faces leave.
        skipped: faces that belong to nobody afterwards, by the reason why.
    """

    faces: int
    create: list[int] = []
    attach: list[Attaching] = []
    join: list[Joining] = []
    split: list[Parting] = []
    skipped: dict[str, int] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.create or self.attach or self.join or self.split)


def tell(planned: Plan, cluster: NDArray[np.int64], people: Mapping[int, Person], skipped: dict[str, int]) -> Proposal:
    """Tell a plan in people and numbers of faces.

    Args:
        planned: the changes.
        cluster: (n,) keys of the clusters that faces are in, -1 for none.
        people: who they are, by key.
        skipped: faces that belong to nobody afterwards, by the reason why.
    """
    after = planned.applied(cluster)
    sources = {source for source, _ in planned.absorb}
    left = np.zeros(len(cluster), np.bool_)
    moved = [face for face, _ in planned.attach] + planned.release + [face for rows in planned.create for face in rows]
    left[moved] = cluster[moved] != NONE
    attached = np.array([key for face, key in planned.attach if not left[face]], np.int64)
    return Proposal(
        faces=len(cluster),
        create=sorted((len(rows) for rows in planned.create), reverse=True),
        attach=[Attaching(people[key], count) for key, count in _counts(attached)],
        join=[
            Joining(people[target], people[source], int(((cluster == source) & (after == target)).sum()))
            for source, target in planned.absorb
        ],
        split=[
            Parting(people[key], count, count - int((left & (cluster == key) & (after == NONE)).sum()))
            for key, count in _counts(cluster[left])
            if key not in sources
        ],
        skipped=skipped,
    )


def _counts(keys: NDArray[np.int64]) -> list[tuple[int, int]]:
    """How often each key comes, the most frequent first."""
    found, count = np.unique(keys, return_counts=True)
    order = np.lexsort((found, -count))
    return [(int(found[each]), int(count[each])) for each in order]
