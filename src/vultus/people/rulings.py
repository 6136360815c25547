"""What people decided, as the grouping needs it: pairs of faces that are one person, and pairs that are two."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.people.constraints import NO_PAIRS, Pairs
from vultus.people.curve import FarCurve
from vultus.people.library import NONE, Library

#: Faces of a person that a face is held apart from, the most similar ones: the others hang together with those.
APART = 16

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rulings:
    """Decisions about the faces of one run; places within the rows that it looks at.

    Attributes:
        must_link: (m, 2) pairs of faces that are one person.
        cannot_link: (m, 2) pairs of faces that are two people.
    """

    must_link: Pairs
    cannot_link: Pairs


def rulings(library: Library, rows: Rows, bound: Rows) -> Rulings:
    """Translate what was decided for a run.

    Args:
        library: the faces, and what was said of them.
        rows: the faces that the run looks at, ascending.
        bound: (len(rows),) what must stay together has the same number; -1 for a face that is free.
    """
    apart = [NO_PAIRS]
    cluster = library.cluster[rows]
    for face, key in sorted(library.forbidden):
        place = int(np.searchsorted(rows, face))
        if place < len(rows) and rows[place] == face:
            apart.append(_apart(library.embedding[rows], place, cluster == key))
    for first, second in sorted(library.distinct):
        apart.append(_one_pair(np.flatnonzero(bound == first), np.flatnonzero(bound == second)))
    return Rulings(_chains(bound), np.concatenate(apart))


def core(library: Library, curve: FarCurve) -> NDArray[np.bool_]:
    """Faces that stand for the settled cluster they are in: those a person put there, and those like the others.

    A face that a run once put wrong is not one of them: it stays, but it does not draw those who are like it.

    Returns:
        (n,) whether a face is one.
    """
    rows = np.flatnonzero(np.isin(library.cluster, list(library.settled)))
    if not len(rows):
        return np.zeros(len(library), np.bool_)
    _, own = np.unique(library.cluster[rows], return_inverse=True)
    total = np.zeros((own.max() + 1, library.embedding.shape[1]))
    np.add.at(total, own, library.embedding[rows])
    others = np.bincount(own)[own] - 1
    alike = (np.einsum("ij,ij->i", library.embedding[rows], total[own]) - 1) / np.maximum(others, 1)
    found = np.zeros(len(library), np.bool_)
    found[rows] = library.pinned[rows] | (curve.spans(alike) >= 0)
    return found


def _chains(bound: Rows) -> Pairs:
    """Each face with the next one of its number."""
    order = np.argsort(bound, kind="stable")
    order = order[np.searchsorted(bound[order], NONE, side="right") :]
    same = bound[order][1:] == bound[order][:-1]
    return np.stack([order[:-1][same], order[1:][same]], axis=1)


def _one_pair(first: Rows, second: Rows) -> Pairs:
    """One face of each of two people: the others hang together with those."""
    return np.array([[first[0], second[0]]]) if len(first) and len(second) else NO_PAIRS


def _apart(embedding: NDArray[np.float32], face: int, of_cluster: NDArray[np.bool_]) -> Pairs:
    members = np.flatnonzero(of_cluster)
    alike = np.argsort(-(embedding[members] @ embedding[face]), kind="stable")[:APART]
    return np.stack([np.full(len(alike), face), members[alike]], axis=1)
