"""Whom faces are near and whose neighbours they share: found once for all groupings of the same faces."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.people.evidence import context_similarity
from vultus.people.neighbours import Neighbours, nearest
from vultus.people.thresholds import NEIGHBOURS
from vultus.people.watch import Watch

Nodes = NDArray[np.int64]
Burdens = NDArray[np.float64]
BLOCK = 16_384  # faces that are burdened in one go


@dataclass(slots=True)
class _Shared:
    """What was found of shared neighbours, and for which burdens."""

    burden: Burdens
    least: float  # similarity below which nothing was looked at
    crowd: float
    value: NDArray[np.float32]


class Company:
    """The company of n faces that are grouped several times, each time with other decisions or another strictness.

    What does not depend on those is found for the first grouping and remembered. Groupings that take copies of a
    picture for one face and those that have to tell them apart are of different nodes; each finds its own.
    """

    def __init__(self, rise: NDArray[np.float32] | None = None, *, again: bool = True) -> None:
        """Of faces that nobody has grouped yet.

        Args:
            rise: (n,) how much more than clear faces each resembles other people, where the library tells.
            again: whether the faces will be grouped again; if not, less is remembered.
        """
        self._rise, self._again = rise, again
        self._node: Nodes | None = None
        self._neighbours: Neighbours | None = None
        self._shared: _Shared | None = None

    def neighbours(self, embedding: NDArray[np.float32], node: Nodes, watch: Watch) -> Neighbours:
        """The nearest nodes of each node, of whose embedding there is a row; ``node`` is that of each face."""
        if self._neighbours is None or self._node is None or not np.array_equal(self._node, node):
            self._node, self._shared = node, None
            self._neighbours = nearest(embedding, NEIGHBOURS, watch)
        return self._neighbours

    def rise(self, node: Nodes) -> NDArray[np.float32] | None:
        """The rise of each node, if it is known."""
        return None if self._rise is None else self._rise[np.unique(node, return_index=True)[1]]

    def shared(
        self, neighbours: Neighbours, burden: Burdens, floor: float, least: float, watch: Watch, crowd: float = 0
    ) -> NDArray[np.float32]:
        """``context_similarity`` of neighbours whose edges bear ``burden``; the first is remembered."""
        known = self._shared
        if known and known.least <= least and known.crowd == crowd and np.array_equal(known.burden, burden):
            return known.value
        value = context_similarity(neighbours, floor, watch, least, crowd)
        if known is None and self._again:
            self._shared = _Shared(burden, least, crowd, value)
        return value


def burdened(neighbours: Neighbours, burden: Burdens) -> Neighbours:
    """The neighbours with what the poorer face of each edge costs taken off its similarity."""
    if not burden.any():
        return neighbours
    similarity = np.empty_like(neighbours.similarity)
    for start in range(0, len(burden), BLOCK):
        rows = slice(start, start + BLOCK)
        poorer = np.maximum(burden[rows, None], burden[neighbours.index[rows]])
        similarity[rows] = neighbours.similarity[rows] - poorer
    return Neighbours(neighbours.index, similarity)
