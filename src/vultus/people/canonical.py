"""An order of faces that follows from what they are, not from the rows they came in."""

import numpy as np
from numpy.typing import NDArray

from vultus.people.constraints import Pairs, linked

Labels = NDArray[np.int64]


def canonical_nodes(
    embeddings: NDArray[np.float32], photo: Labels, quality: NDArray[np.float64], must_link: Pairs, cannot_link: Pairs
) -> Labels:
    """Number the distinct faces in an order of their own.

    Copies of one picture have the same embedding to the last bit; they are one node, so that they neither crowd the
    neighbourhood nor depend on chance. Only where decisions about the copies contradict each other they stay apart,
    ordered by what else is known of them.

    Args:
        embeddings: (n, d) rows.
        photo: (n,) photos.
        quality: (n,) 0 to 1.
        must_link: pairs of rows that are one person.
        cannot_link: pairs of rows that are two people.

    Returns:
        (n,) node of each face, from 0 without gaps.
    """
    copy = _content(embeddings)
    divided = _divided(copy, must_link, cannot_link)
    if not divided.any():
        return copy
    tie = np.zeros(len(copy), np.int64)
    rows = np.flatnonzero(divided)
    tie[rows] = 1 + _rank(rows, photo, quality, _partners(rows, copy, must_link), _partners(rows, copy, cannot_link))
    return _numbered(copy * (len(rows) + 1) + tie)


def _content(embeddings: NDArray[np.float32]) -> Labels:
    """Rank of each row among the distinct rows, sorted by their bytes."""
    rows = np.ascontiguousarray(embeddings + np.float32(0))  # -0 becomes 0
    keys = rows.view(np.dtype((np.void, rows.shape[1] * rows.itemsize))).ravel()
    words = min(2, rows.shape[1])
    head = np.ascontiguousarray(rows[:, :words]).view(f">u{words * rows.itemsize}").ravel()  # this much sorts fast
    _, alike, count = np.unique(head, return_inverse=True, return_counts=True)
    tail = np.zeros(len(rows), np.int64)
    many = np.flatnonzero(count[alike] > 1)
    tail[many] = np.unique(keys[many], return_inverse=True)[1]
    return _numbered(alike * (len(many) + 1) + tail)


def _numbered(keys: Labels) -> Labels:
    """Rank of each key among the distinct ones."""
    rank: Labels = np.unique(keys, return_inverse=True)[1].astype(np.int64)
    return rank


def _divided(copy: Labels, must_link: Pairs, cannot_link: Pairs) -> NDArray[np.bool_]:
    """Faces that cannot be taken for one with their copies, because a decision says otherwise."""
    if not len(cannot_link):
        return np.zeros(len(copy), np.bool_)
    first = np.unique(copy, return_index=True)[1]
    as_copies = np.stack([np.arange(len(copy)), first[copy]], axis=1)
    together = linked(len(copy), np.concatenate([must_link, as_copies]))
    clash = together[cannot_link[:, 0]] == together[cannot_link[:, 1]]
    divided: NDArray[np.bool_] = np.isin(together, together[cannot_link[clash, 0]])
    return divided


def _partners(rows: Labels, copy: Labels, pairs: Pairs) -> list[tuple[int, ...]]:
    """For each of some faces the contents of the faces it is paired with, ascending."""
    partners: dict[int, list[int]] = {row: [] for row in rows.tolist()}
    both = np.concatenate([pairs, pairs[:, ::-1]])
    for a, b in both[np.isin(both[:, 0], rows)].tolist():
        partners[a].append(int(copy[b]))
    return [tuple(sorted(found)) for found in partners.values()]


def _rank(
    rows: Labels,
    photo: Labels,
    quality: NDArray[np.float64],
    must: list[tuple[int, ...]],
    cannot: list[tuple[int, ...]],
) -> Labels:
    order = sorted(range(len(rows)), key=lambda r: (photo[rows[r]], quality[rows[r]], must[r], cannot[r]))
    rank = np.empty(len(rows), np.int64)
    rank[order] = np.arange(len(rows))
    return rank
