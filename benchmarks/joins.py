"""Faces of one photo that a partition joins, held against who they are."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNPLACED = -1  # the cluster of a face that has none; two such faces are not joined
UNKNOWN = -1  # the identity of a face nobody has named

Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Joins:
    """A count of photos.

    Attributes:
        photos: that there is something to say of.
        joined: of them, those in which the faces in question share a cluster.
    """

    photos: int
    joined: int

    @property
    def share(self) -> float:
        """0 to 1; nan where there are no photos."""
        return self.joined / self.photos if self.photos else float("nan")

    def __add__(self, other: "Joins") -> "Joins":
        return Joins(self.photos + other.photos, self.joined + other.joined)


def strangers_joined(label: Column, photo: Column, identity: Column) -> Joins:
    """Photos of two or more known people, and those in which faces of two of them share a cluster."""
    several = [rows for rows in _photos(photo, identity) if len(np.unique(identity[rows])) > 1]
    return Joins(len(several), sum(bool(wrong_pairs(label, identity, rows)) for rows in several))


def wrong_pairs(label: Column, identity: Column, rows: Column) -> list[tuple[int, int]]:
    """Pairs of rows of different people in one cluster."""
    return [
        (a, b)
        for n, a in enumerate(rows.tolist())
        for b in rows[n + 1 :].tolist()
        if identity[a] != identity[b] and label[a] == label[b] != UNPLACED
    ]


def one_person_joined(label: Column, photo: Column, identity: Column) -> Joins:
    """Photos that show one known person twice or oftener, and those in which all these faces share a cluster.

    Photos in which none of the faces has a cluster say nothing and are left out.
    """
    judged = joined = 0
    for rows in _photos(photo, identity):
        repeated = [rows[identity[rows] == person] for person in np.unique(identity[rows])]
        clusters = [label[faces] for faces in repeated if len(faces) > 1]
        if not clusters or all((each == UNPLACED).all() for each in clusters):
            continue
        judged += 1
        joined += all((each == each[0]).all() and each[0] != UNPLACED for each in clusters)
    return Joins(judged, joined)


def _photos(photo: Column, identity: Column) -> Iterator[Column]:
    """The rows of each photo whose face is known."""
    known = np.flatnonzero(identity != UNKNOWN)
    order = known[np.argsort(photo[known], kind="stable")]
    yield from np.split(order, np.flatnonzero(np.diff(photo[order])) + 1) if len(order) else []
