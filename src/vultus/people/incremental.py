"""Which faces the usual run works on: those that are new, and whoever they may have to do with."""

import numpy as np
from numpy.typing import NDArray

from vultus.people.curve import FarCurve
from vultus.people.library import NONE, Library
from vultus.people.thresholds import CONTEXT, MEMBERS_NEAR, MEMBERS_SPREAD, NEW_SHARE

BLOCK = 1_024  # faces compared with the library at a time

Rows = NDArray[np.int64]


def working_set(library: Library, curve: FarCurve) -> Rows:
    """Choose the faces that an incremental run works on.

    They are the new faces; faces of nobody that one of those might have to do with, and faces of nobody that might
    have to do with these, so that three that came one by one found a person together; and of every cluster that a new
    face might have to do with some members: the most similar ones, and others spread over the cluster. Everything,
    where much is new.

    Args:
        library: the faces, and where they are.
        curve: of the model of the embeddings.

    Returns:
        Rows, ascending; none where nothing is new.
    """
    new = np.flatnonzero(library.new & (library.cluster == NONE))
    if not len(new):
        return new
    if len(new) > NEW_SHARE * len(library):
        return np.arange(len(library))
    closest = _closest(library.embedding, new, np.arange(len(library)))
    near = closest >= reach(curve, len(library))
    free = np.flatnonzero(near & (library.cluster == NONE) & ~library.new)
    others = np.flatnonzero(~near & (library.cluster == NONE))
    further = others[_closest(library.embedding, free, others) >= reach(curve, len(library))]
    members = _members(library.cluster, closest, np.unique(library.cluster[near]))
    return np.unique(np.concatenate([new, free, further, members]))


def reach(curve: FarCurve, faces: int) -> float:
    """Similarity below which no edge between two faces of a library can count, however many neighbours they share."""
    return curve.threshold(faces) - CONTEXT / 2 * curve.span


def _closest(embedding: NDArray[np.float32], of: Rows, to: Rows) -> NDArray[np.float32]:
    """(len(to),) similarity of each face of ``to`` to the most similar one of ``of``."""
    closest = np.full(len(to), -1, np.float32)
    target = embedding if len(to) == len(embedding) else embedding[to]
    for start in range(0, len(of), BLOCK):
        np.maximum(closest, (embedding[of[start : start + BLOCK]] @ target.T).max(axis=0), out=closest)
    return closest


def _members(cluster: Rows, closest: NDArray[np.float32], reached: Rows) -> Rows:
    """Of each cluster the most similar faces, and others at even distances in the order of rows."""
    rows = np.flatnonzero(np.isin(cluster, reached[reached != NONE]))
    rows = rows[np.lexsort((rows, -closest[rows], cluster[rows]))]
    rank, _ = _within(cluster[rows])
    far = np.sort(rows[rank >= MEMBERS_NEAR])
    far = far[np.argsort(cluster[far], kind="stable")]
    place, count = _within(cluster[far])
    step = np.maximum(count, MEMBERS_SPREAD)
    spread = (place * MEMBERS_SPREAD) // step != ((place - 1) * MEMBERS_SPREAD) // step
    return np.concatenate([rows[rank < MEMBERS_NEAR], far[spread]])


def _within(key: Rows) -> tuple[Rows, Rows]:
    """For sorted keys, the place of each among its equals, and how many equals there are."""
    start = np.flatnonzero(np.diff(key, prepend=key[0] - 1)) if len(key) else np.empty(0, np.int64)
    count = np.diff(start, append=len(key))
    return np.arange(len(key)) - np.repeat(start, count), np.repeat(count, count)
