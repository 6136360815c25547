"""Which faces the usual run works on: those that are new, and whoever they may have to do with."""

import numpy as np
from numpy.typing import NDArray

from vultus.people.curve import FarCurve
from vultus.people.evidence import usual_share
from vultus.people.library import NONE, Library
from vultus.people.lookalikes import Lookalikes
from vultus.people.thresholds import (
    CONTEXT,
    LOOKALIKES,
    MEMBERS_NEAR,
    MEMBERS_OF_LOOKALIKE,
    MEMBERS_SPREAD,
    MOST_SHARED,
    NEW_SHARE,
)

Rows = NDArray[np.int64]


def working_set(library: Library, curve: FarCurve) -> Rows:
    """Choose the faces that an incremental run works on.

    They are the new faces; faces of nobody that one of those might have to do with, and faces of nobody that might
    have to do with these, so that three that came one by one found a person together; and of every cluster that a new
    face might have to do with some members: the most similar ones, and others spread over the cluster. Everything,
    where much is new.

    A face might have to do with all who are so similar that an edge to them is to be expected, and with the few most
    similar ones of those within its reach. In a large library many more are within reach: strangers.

    Args:
        library: the faces, and where they are.
        curve: of the model of the embeddings.

    Returns:
        Rows, ascending; none where nothing is new.
    """
    n, lone = len(library), library.cluster == NONE
    waiting = library.new & lone
    new = np.flatnonzero(waiting)
    if not len(new):
        return new
    if len(new) > NEW_SHARE * n:
        return np.arange(n)
    person = np.where(lone, library.cluster.max() + 1 + np.arange(n), library.cluster)
    least, enough = reach(curve, n), reach(curve, n, MOST_SHARED)
    near = Lookalikes.of(library.embedding, new, np.flatnonzero(~waiting), person, least)
    free = near.chosen(lone, LOOKALIKES, enough)
    others = lone & ~waiting
    others[free] = False
    about = Lookalikes.of(library.embedding, free, np.flatnonzero(others), person, least)
    further = about.chosen(lone, 1, enough)
    close = np.unique(library.cluster[near.chosen(~lone, 0, enough)])
    alike = np.setdiff1d(library.cluster[near.chosen(~lone, LOOKALIKES, enough)], close)
    of_close = _members(library.cluster, near.closest, close, MEMBERS_NEAR, MEMBERS_SPREAD)
    of_alike = _members(library.cluster, near.closest, alike, MEMBERS_OF_LOOKALIKE, MEMBERS_OF_LOOKALIKE)
    return np.unique(np.concatenate([new, free, further, of_close, of_alike]))


def reach(curve: FarCurve, faces: int, shared: float = 1.0) -> float:
    """Similarity below which no edge between two faces of a library can count that share so many neighbours at most."""
    return curve.threshold(faces) - CONTEXT * (shared - usual_share(curve.crowd(faces))) * curve.span


def _members(cluster: Rows, closest: NDArray[np.float32], chosen: Rows, near: int, spread: int) -> Rows:
    """Of each chosen cluster the most similar faces, and others at even distances in the order of rows."""
    rows = np.flatnonzero(np.isin(cluster, chosen))
    rows = rows[np.lexsort((rows, -closest[rows], cluster[rows]))]
    rank, _ = _within(cluster[rows])
    far = np.sort(rows[rank >= near])
    far = far[np.argsort(cluster[far], kind="stable")]
    place, count = _within(cluster[far])
    step = np.maximum(count, spread)
    even = (place * spread) // step != ((place - 1) * spread) // step
    return np.concatenate([rows[rank < near], far[even]])


def _within(key: Rows) -> tuple[Rows, Rows]:
    """For sorted keys, the place of each among its equals, and how many equals there are."""
    start = np.flatnonzero(np.diff(key, prepend=key[0] - 1)) if len(key) else np.empty(0, np.int64)
    count = np.diff(start, append=len(key))
    return np.arange(len(key)) - np.repeat(start, count), np.repeat(count, count)
