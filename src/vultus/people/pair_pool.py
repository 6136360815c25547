"""Pairs of clusters, those apart that cannot merge before much has changed."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vultus.people.cluster_pairs import BLOCK, ClusterPairs, Clusters, Floats, Indices, Labels
from vultus.people.constraints import Pairs
from vultus.people.kernel import compiled
from vultus.people.limits import Limits

Flags = NDArray[np.bool_]
GROWTH = 100_000  # pairs that may come near before they are sorted again


@dataclass(slots=True)
class PairPool:
    """All pairs of clusters that neighbouring faces connect.

    A large library has millions of pairs of strangers, and no merge of others brings them nearer: they idle until one
    of the two changes, or until so many clusters are gone that all limits have sunk.

    Attributes:
        near: pairs that reach the limits that the pool was sorted by, or that are newer.
        idle: the others; those that were taken out have two equal ends.
        lowest: ``Limits.single`` that the pool was sorted by, lower than they were.
        most: pairs that may be near before it has to be sorted again.
    """

    near: ClusterPairs
    idle: ClusterPairs
    lowest: Floats
    most: int

    @classmethod
    def of(cls, pairs: ClusterPairs, limits: Limits) -> Self:
        """Sort pairs by limits that are lower than those that hold."""
        near = np.empty(len(pairs.mean), np.bool_)
        for start in range(0, len(near), BLOCK):
            part = slice(start, start + BLOCK)
            near[part] = pairs.mean[part] > limits.threshold(pairs.first[part], pairs.second[part])
        found = pairs.take(np.flatnonzero(near))
        return cls(found, pairs.take(np.flatnonzero(~near)), limits.single, 2 * len(found.mean) + GROWTH)

    def outlived(self, limits: Limits) -> bool:
        """Whether so much is near that it is no help, or limits have sunk so far that idle pairs may reach them."""
        known = min(len(limits.single), len(self.lowest))
        return len(self.near.mean) > self.most or bool((limits.single[:known] < self.lowest[:known]).any())

    def pairs(self) -> ClusterPairs:
        """All of them."""
        return ClusterPairs.joined([self.near, self.idle.take(_living(self.idle))])

    def follow(self, target: Labels, clusters: Clusters, apart: Pairs) -> None:
        """Let the pairs of clusters that went into their targets be pairs of those."""
        changed = target != np.arange(len(target))
        changed[target[changed]] = True
        taken = [_taken(pairs, changed) for pairs in (self.near, self.idle)]
        first, second = (np.concatenate(ends) for ends in zip(*taken, strict=True))
        new = ClusterPairs.between(target[first], target[second], clusters, apart)
        self.near = ClusterPairs.joined([self.near.take(_living(self.near)), new])


def _taken(pairs: ClusterPairs, changed: Flags) -> tuple[Indices, Indices]:
    """Take out the pairs of changed clusters."""
    touched = _touched(pairs.first, pairs.second, changed)
    ends = pairs.first[touched], pairs.second[touched]
    pairs.first[touched] = pairs.second[touched] = 0
    return ends


def _living(pairs: ClusterPairs) -> Labels:
    return np.flatnonzero(pairs.first != pairs.second)


@compiled
def _touched(first: Indices, second: Indices, changed: Flags) -> Labels:
    """Pairs of two clusters of which one has changed."""
    found = np.empty(len(first), np.int64)
    count = 0
    for p in range(len(first)):
        if first[p] != second[p] and (changed[first[p]] or changed[second[p]]):
            found[count] = p
            count += 1
    return found[:count].copy()
