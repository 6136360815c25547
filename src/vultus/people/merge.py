"""Merging of clusters that are, as a whole, too similar to be two people."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from vultus.people.cluster_pairs import BLOCK, ClusterPairs, Clusters, Floats, Indices
from vultus.people.constraints import Pairs
from vultus.people.curve import FarCurve
from vultus.people.neighbours import Neighbours
from vultus.people.partition import Labels, first_appearance
from vultus.people.thresholds import (
    CHANCE_CLUSTERS,
    FLOOR,
    MEAN_FACES,
    MERGE_ROUNDS,
    MERGE_SIZE,
    RAREST_MEAN,
    SAME_PHOTO,
    SAME_PHOTO_LEAST,
    SPREAD_BETWEEN_PEOPLE,
    SPREAD_OF_FACE,
    SPREAD_OF_PAIR,
)
from vultus.people.watch import Phase, Watch, silent


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Pairs of clusters that are too similar to be two people."""

    first: Indices
    second: Indices
    excess: Floats  # mean similarity above the threshold of the pair


def merge_clusters(
    label: Labels,
    embeddings: NDArray[np.float32],
    neighbours: Neighbours,
    curve: FarCurve,
    *,
    photo: Labels,
    burden: NDArray[np.float64],
    apart: Pairs,
    library: int | None = None,
    watch: Watch = silent,
) -> Labels:
    """Join clusters whose mean similarity is too high for impostors, mutual best first.

    The mean over many pairs of faces varies less than a single similarity, so large clusters join at a lower one; and
    only clusters of a size with it compete with one, so a crowd of strangers does not keep a person's clusters apart.

    Args:
        label: (n,) clusters from 0 without gaps.
        embeddings: (n, d) rows of unit length.
        neighbours: k nearest faces; only clusters that neighbours connect are looked at.
        curve: of the model the embeddings are of.
        photo: (n,) photos from 0.
        burden: (n,) similarity that a poor face has to show beyond others.
        apart: (m, 2) pairs of faces that may not share a cluster.
        library: faces of the whole library where these are a part of it: it has so many times as many clusters.
        watch: told how many rounds are done, of those there can be.
    """
    share = len(label) / max(len(label), library or 0, 1)
    clusters = Clusters.of(label, embeddings, burden)
    watch(Phase.MERGING, 0, MERGE_ROUNDS)
    pairs = ClusterPairs.connected(clusters, neighbours, curve.similarity_at(FLOOR), apart)
    for turn in range(MERGE_ROUNDS):
        watch(Phase.MERGING, turn, MERGE_ROUNDS)
        target = _mutual_best(_candidates(pairs, clusters, curve, photo, share), len(clusters.size))
        if (target == np.arange(len(target))).all():
            break
        clusters.absorb(target)
        pairs = pairs.after(target, clusters, apart)
    return first_appearance(clusters.label)


def spread(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Deviation of the mean similarity of two people's clusters, as a share of that of two faces."""
    variance = (
        SPREAD_BETWEEN_PEOPLE + SPREAD_OF_FACE * (1 / first + 1 / second) + SPREAD_OF_PAIR / (first * second)
    ) / (SPREAD_BETWEEN_PEOPLE + 2 * SPREAD_OF_FACE + SPREAD_OF_PAIR)
    return np.sqrt(variance)


def _candidates(pairs: ClusterPairs, clusters: Clusters, curve: FarCurve, photo: Labels, share: float) -> _Candidates:
    alike, thresholds = [np.empty(0, np.int64)], [np.empty(0)]
    limits = _Limits.of(clusters, curve, share)
    for start in range(0, len(pairs.mean), BLOCK):
        part = slice(start, start + BLOCK)
        threshold = limits.threshold(pairs.first[part], pairs.second[part])
        keep = np.flatnonzero(pairs.mean[part] > threshold)
        alike.append(start + keep)
        thresholds.append(threshold[keep])
    chosen, threshold = np.concatenate(alike), np.concatenate(thresholds)
    first, second = pairs.first[chosen], pairs.second[chosen]
    threshold = _in_company(
        threshold, clusters, curve, first, second, _seen_together(clusters.label, photo, first, second)
    )
    excess = pairs.mean[chosen] - threshold
    still = excess > 0
    return _Candidates(first[still], second[still], excess[still])


def _in_company(
    threshold: Floats, clusters: Clusters, curve: FarCurve, first: Indices, second: Indices, together: Floats
) -> Floats:
    """The thresholds of clusters seen together in so many photos: the oftener, the less they are one person."""
    size, other = clusters.size[first], clusters.size[second]
    often = together / np.minimum(size, other) * (1 + np.log(np.maximum(together, 1)))
    raised = threshold + SAME_PHOTO * curve.span * often
    least = curve.similarity_at(SAME_PHOTO_LEAST) * spread(size, other)
    return np.where(together > 0, np.maximum(raised, least), threshold)


@dataclass(frozen=True, slots=True)
class _Limits:
    """What the mean similarity of two clusters has to exceed.

    Attributes:
        size: (m,) faces of each cluster.
        burden: (m,) mean burden of them.
        single: similarity that too few rivals reach by chance in a single pair of faces, by the smaller size.
        larger: similarity that clusters have to show more because they are large, by the smaller size.
    """

    size: Floats
    burden: Floats
    single: Floats
    larger: Floats

    @classmethod
    def of(cls, clusters: Clusters, curve: FarCurve, share: float) -> Self:
        living = np.sort(clusters.size[clusters.size > 0])
        sizes = np.arange(1, int(living.max(initial=0)) + 1)
        rivals = (len(living) - np.searchsorted(living, sizes / 2)) / share
        return cls(
            clusters.size,
            clusters.burden / np.maximum(clusters.size, 1),
            np.append(0, curve.at(np.maximum(CHANCE_CLUSTERS / rivals, np.where(sizes < MEAN_FACES, 0, RAREST_MEAN)))),
            np.append(0, MERGE_SIZE * curve.span * np.log(sizes)),
        )

    def threshold(self, first: Indices, second: Indices) -> Floats:
        smaller = np.minimum(self.size[first], self.size[second]).astype(np.int64)
        threshold = self.single[smaller] * spread(self.size[first], self.size[second]) + self.larger[smaller]
        return threshold + np.maximum(self.burden[first], self.burden[second])


def _seen_together(label: Labels, photo: Labels, first: Indices, second: Indices) -> Floats:
    """Photos in which both clusters of a pair have a face."""
    shared = np.flatnonzero(np.bincount(photo)[photo] > 1)
    shape = (int(label.max(initial=-1)) + 1, int(photo.max(initial=-1)) + 1)
    shown = sparse.csr_matrix((np.ones(len(shared), np.float32), (label[shared], photo[shared])), shape=shape)
    shown.data[:] = 1
    return np.asarray(shown[first].multiply(shown[second]).sum(axis=1), np.float64).ravel()


def _mutual_best(pairs: _Candidates, m: int) -> Labels:
    """For each cluster the one it goes into: itself, or the lower of a pair in which each is the other's best."""
    both = np.concatenate([pairs.first, pairs.second])
    other = np.concatenate([pairs.second, pairs.first])
    order = np.lexsort((other, -np.concatenate([pairs.excess, pairs.excess]), both))
    cluster, start = np.unique(both[order], return_index=True)
    best = np.arange(m)
    best[cluster] = other[order][start]
    mutual = best[best] == np.arange(m)
    return np.where(mutual, np.minimum(best, np.arange(m)), np.arange(m))
