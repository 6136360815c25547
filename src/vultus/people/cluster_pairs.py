"""Clusters while they merge, and the pairs of them that may."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vultus.people.constraints import Pairs
from vultus.people.kernel import compiled, compiled_sum
from vultus.people.neighbours import Neighbours

BLOCK = 16_384  # faces, or pairs of clusters, looked at in one go

Labels = NDArray[np.int64]
Indices = NDArray[np.int32]
Floats = NDArray[np.float64]
Rows = NDArray[np.float32]


@dataclass(slots=True)
class Clusters:
    """Clusters as they merge. One that went into another has no faces, and its sums are of no use.

    Attributes:
        label: (n,) cluster of each face.
        size: (m,) faces of each cluster.
        total: (m, d) sums of their embeddings.
        burden: (m,) sums of the burdens of their faces.
    """

    label: Labels
    size: Floats
    total: Rows
    burden: Floats

    @classmethod
    def of(cls, label: Labels, embeddings: Rows, burden: Floats) -> Self:
        """Clusters nobody has merged yet, numbered from 0 without gaps."""
        m = int(label.max(initial=-1)) + 1
        total = np.zeros((m, embeddings.shape[1]), np.float32)
        add_rows(embeddings, label, total)
        size, heavy = np.bincount(label, minlength=m), np.bincount(label, burden, m)
        return cls(label, size.astype(np.float64), total, heavy.astype(np.float64))

    def absorb(self, target: Labels) -> None:
        """Let each cluster go into its target, itself or another; one at most goes into each."""
        gone = np.flatnonzero(target != np.arange(len(target)))
        into = target[gone]
        self.size[into] += self.size[gone]
        self.total[into] += self.total[gone]
        self.burden[into] += self.burden[gone]
        self.size[gone] = 0
        self.label = target[self.label]


@dataclass(frozen=True, slots=True)
class ClusterPairs:
    """Pairs of clusters that neighbouring faces connect.

    Attributes:
        first: (p,) the lower cluster of each pair.
        second: (p,) the higher one.
        mean: (p,) similarity of the faces of one to those of the other.
    """

    first: Indices
    second: Indices
    mean: Floats

    @classmethod
    def connected(cls, clusters: Clusters, neighbours: Neighbours, floor: float, apart: Pairs, least: int = 1) -> Self:
        """Pairs of so many faces each with some that are neighbours, without those that must stay apart."""
        label, m = clusters.label, len(clusters.size)
        enough = clusters.size[label] >= least
        found = [np.empty(0, np.int64)]
        for start in range(0, len(label), BLOCK):
            part = slice(start, start + BLOCK)
            near = neighbours.similarity[part] >= floor
            near &= enough[part, None] & enough[neighbours.index[part]]
            own = np.repeat(label[part], near.sum(axis=1))
            found.append(_keys(own, label[neighbours.index[part][near]], m))
        return cls._of_keys(_distinct(np.concatenate(found)), clusters, apart)

    @classmethod
    def between(cls, one: Labels, other: Labels, clusters: Clusters, apart: Pairs) -> Self:
        """Pairs of such clusters, each once, without those of a cluster with itself or that must stay apart."""
        return cls._of_keys(_keys(one, other, len(clusters.size)), clusters, apart)

    @classmethod
    def joined(cls, parts: list[Self]) -> Self:
        """The pairs of all parts."""
        return cls(
            np.concatenate([part.first for part in parts]),
            np.concatenate([part.second for part in parts]),
            np.concatenate([part.mean for part in parts]),
        )

    def take(self, chosen: Labels) -> Self:
        """Some of the pairs."""
        return type(self)(self.first[chosen], self.second[chosen], self.mean[chosen])

    @classmethod
    def _of_keys(cls, keys: Labels, clusters: Clusters, apart: Pairs) -> Self:
        m = len(clusters.size)
        if len(apart):
            keys = keys[~np.isin(keys, _keys(clusters.label[apart[:, 0]], clusters.label[apart[:, 1]], m))]
        first, second = (keys // max(m, 1)).astype(np.int32), (keys % max(m, 1)).astype(np.int32)
        mean = np.empty(len(keys))
        _dot_rows(clusters.total, first, second, mean)
        mean /= clusters.size[first] * clusters.size[second]
        return cls(first, second, mean)


def _keys(a: Labels, b: Labels, m: int) -> Labels:
    """One ascending number for each pair of different clusters, without repetition."""
    other = a != b
    return _distinct(np.minimum(a[other], b[other]) * m + np.maximum(a[other], b[other]))


def _distinct(keys: Labels) -> Labels:
    """Each key once, ascending; numpy's own way is far slower."""
    keys.sort()
    first = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first]


@compiled
def add_rows(rows: Rows, label: Labels, total: Rows | Floats) -> None:
    """Add each row to the total of its label."""
    for i in range(len(label)):
        for d in range(rows.shape[1]):
            total[label[i], d] += rows[i, d]


@compiled_sum
def _dot_rows(rows: Rows, first: Indices, second: Indices, product: Floats) -> None:
    for p in range(len(first)):
        a, b = first[p], second[p]
        total = 0.0
        for d in range(rows.shape[1]):
            total += rows[a, d] * rows[b, d]
        product[p] = total
