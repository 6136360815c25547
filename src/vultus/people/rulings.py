"""What people decided, as a run needs it: rows of arrays instead of rows of tables."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Faces of a person that a face is held apart from, the most similar ones: the others hang together with those.
APART = 16


@dataclass(frozen=True, slots=True)
class Rulings:
    """Decisions about the faces of one run.

    Attributes:
        forbidden: faces (rows) and the clusters (keys) they must not be put into.
        cannot_link: pairs of faces (rows) that are two people.
    """

    forbidden: frozenset[tuple[int, int]]
    cannot_link: list[tuple[int, int]]


def rulings(
    ids: NDArray[np.int64],
    embeddings: NDArray[np.float32],
    cluster: NDArray[np.int64],
    rejections: Collection[tuple[int, int]],
) -> Rulings:
    """Translate rejections for a run.

    Args:
        ids: (n,) ids of the faces, ascending.
        embeddings: (n, d) rows of unit length.
        cluster: (n,) keys of the clusters that the faces are in.
        rejections: face (id) and cluster (key) pairs that a person has ruled out; faces that are not here are left
            out.
    """
    row = {int(id_): index for index, id_ in enumerate(ids)} if rejections else {}
    forbidden = frozenset((row[face], key) for face, key in rejections if face in row)
    apart: list[tuple[int, int]] = []
    for face, key in sorted(forbidden):
        members = np.flatnonzero(cluster == key)
        alike = np.argsort(-(embeddings[members] @ embeddings[face]), kind="stable")[:APART]
        apart += [(face, int(member)) for member in members[alike]]
    return Rulings(forbidden, apart)
