"""Pairs of clusters, those apart that cannot merge before much has changed."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vultus.people.cluster_pairs import BLOCK, ClusterPairs, Clusters, Floats, Indices, Labels
from vultus.people.constraints import Pairs
from vultus.people.kernel import compiled
from vultus.people.limits import Limits

Flags = NDArray[np.bool_]


@dataclass(slots=True)
class PairPool:
    """All pairs of clusters that neighbouring faces connect.

    A large library has millions of pairs of strangers, and no merge of others brings them nearer: they idle until one
    of the two changes, or until so many clusters are gone that all limits have sunk.

    Attributes:
        near: pairs that reach the lowest limits.
        idle: the others; those that were taken out have two equal ends.
        lowest: ``Limits.single`` that idle pairs stay below.
    """

    near: ClusterPairs
    idle: ClusterPairs
    lowest: Floats

    @classmethod
    def of(cls, pairs: ClusterPairs, limits: Limits) -> Self:
        """Sort pairs by limits that are lower than those that hold."""
        near = np.empty(len(pairs.mean), np.bool_)
        for start in range(0, len(near), BLOCK):
            part = slice(start, start + BLOCK)
            near[part] = pairs.mean[part] > limits.threshold(pairs.first[part], pairs.second[part])
        return cls(pairs.take(np.flatnonzero(near)), pairs.take(np.flatnonzero(~near)), limits.single)

    def outlived(self, limits: Limits) -> bool:
        """Whether limits have sunk so far that idle pairs may reach them."""
        known = min(len(limits.single), len(self.lowest))
        return bool((limits.single[:known] < self.lowest[:known]).any())

    def pairs(self) -> ClusterPairs:
        """All of them."""
        return ClusterPairs.joined([self.near, self.idle.take(_living(self.idle))])

    def follow(self, target: Labels, clusters: Clusters, apart: Pairs, limits: Limits) -> None:
        """Let the pairs of clusters that went into their targets be pairs of those.

        Args:
            target: of each cluster, itself or another.
            clusters: after that.
            apart: pairs of faces that may not share a cluster.
            limits: lower than those that hold now.
        """
        changed = target != np.arange(len(target))
        changed[target[changed]] = True
        near, idle = (_touched(pairs.first, pairs.second, changed) for pairs in (self.near, self.idle))
        first = target[np.concatenate([self.near.first[near], self.idle.first[idle]])]
        second = target[np.concatenate([self.near.second[near], self.idle.second[idle]])]
        self.near.first[near] = self.near.second[near] = 0
        self.idle.first[idle] = self.idle.second[idle] = 0
        self._add(ClusterPairs.between(first, second, clusters, apart), idle, limits)

    def _add(self, new: ClusterPairs, free: Labels, limits: Limits) -> None:
        """Put those that do not come near into free places of the idle."""
        self.lowest = np.concatenate([self.lowest, limits.single[len(self.lowest) :]])
        known = replace(limits, single=self.lowest)
        far = np.flatnonzero(new.mean <= known.threshold(new.first, new.second))[: len(free)]
        free = free[: len(far)]
        self.idle.first[free], self.idle.second[free] = new.first[far], new.second[far]
        self.idle.mean[free] = new.mean[far]
        close = np.delete(np.arange(len(new.mean)), far)
        self.near = ClusterPairs.joined([self.near.take(_living(self.near)), new.take(close)])


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
