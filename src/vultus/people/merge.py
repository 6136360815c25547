"""Merging of clusters that are, as a whole, too similar to be two people."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from vultus.people.cluster_pairs import BLOCK, ClusterPairs, Clusters, Floats, Indices
from vultus.people.constraints import Pairs
from vultus.people.curve import FarCurve
from vultus.people.kernel import compiled
from vultus.people.limits import Limits, spread
from vultus.people.neighbours import Neighbours
from vultus.people.pair_pool import PairPool
from vultus.people.partition import Labels, first_appearance
from vultus.people.thresholds import FLOOR, SAME_PHOTO, SAME_PHOTO_LEAST
from vultus.people.watch import Phase, Watch, silent

FEWER = 0.5  # part of the rivals that may be left before pairs that could not merge are looked at again


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
    least: int = 1,
    more: float = 0,
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
        least: faces that a cluster has to have to be looked at.
        more: similarity that clusters have to show beyond their limits.
        watch: told how many clusters went into others, of those that may.
    """
    share = len(label) / max(len(label), library or 0, 1)
    clusters = Clusters.of(label, embeddings, burden)

    def limits_among(fewer: float) -> Limits:
        return Limits.of(clusters, curve, share, fewer, more)

    watch(Phase.MERGING, 0, 1)
    pairs = ClusterPairs.connected(clusters, neighbours, curve.similarity_at(FLOOR), apart, least)
    pool = PairPool.of(pairs, limits_among(FEWER))
    del pairs  # the pool has its own
    gone = 0
    while True:
        limits = limits_among(1)
        if pool.outlived(limits):
            pool = PairPool.of(pool.pairs(), limits_among(FEWER))
        candidates = _candidates(pool.near, limits, clusters, curve, photo)
        watch(Phase.MERGING, gone, gone + len(candidates.excess) + 1)
        target = _mutual_best(candidates, len(clusters.size))
        merged = int(np.count_nonzero(target != np.arange(len(target))))
        if not merged:
            return first_appearance(clusters.label)
        clusters.absorb(target)
        pool.follow(target, clusters, apart, limits_among(FEWER))
        gone += merged


def _candidates(pairs: ClusterPairs, limits: Limits, clusters: Clusters, curve: FarCurve, photo: Labels) -> _Candidates:
    alike, thresholds = [np.empty(0, np.int64)], [np.empty(0)]
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


def _seen_together(label: Labels, photo: Labels, first: Indices, second: Indices) -> Floats:
    """Photos in which both clusters of a pair have a face."""
    shared = np.flatnonzero(np.bincount(photo)[photo] > 1)
    shape = (int(label.max(initial=-1)) + 1, int(photo.max(initial=-1)) + 1)
    shown = sparse.csr_matrix((np.ones(len(shared), np.float32), (label[shared], photo[shared])), shape=shape)
    shown.data[:] = 1
    return np.asarray(shown[first].multiply(shown[second]).sum(axis=1), np.float64).ravel()


def _mutual_best(pairs: _Candidates, m: int) -> Labels:
    """For each cluster the one it goes into: itself, or the lower of a pair in which each is the other's best."""
    best, excess = np.arange(m), np.zeros(m)
    _find_best(pairs.first, pairs.second, pairs.excess, best, excess)
    _find_best(pairs.second, pairs.first, pairs.excess, best, excess)
    mutual = best[best] == np.arange(m)
    return np.where(mutual, np.minimum(best, np.arange(m)), np.arange(m))


@compiled
def _find_best(cluster: Indices, other: Indices, excess: Floats, best: Labels, highest: Floats) -> None:
    """The other cluster with the highest excess for each, of equal ones the lowest."""
    for p in range(len(cluster)):
        c = cluster[p]
        if excess[p] > highest[c] or (excess[p] == highest[c] and other[p] < best[c]):
            best[c], highest[c] = other[p], excess[p]
