"""Merging of clusters that are, as a whole, too similar to be two people."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from vultus.people.constraints import Pairs
from vultus.people.curve import FarCurve
from vultus.people.neighbours import Neighbours
from vultus.people.partition import Labels, first_appearance
from vultus.people.thresholds import (
    CHANCE_CLUSTERS,
    FLOOR,
    MERGE_ROUNDS,
    MERGE_SIZE,
    SAME_PHOTO,
    SPREAD_BETWEEN_PEOPLE,
    SPREAD_OF_FACE,
    SPREAD_OF_PAIR,
)
from vultus.people.watch import Phase, Watch, silent


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Pairs of clusters that neighbouring faces connect; first < second."""

    first: Labels
    second: Labels
    excess: NDArray[np.float64]  # mean similarity above the threshold of the pair


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
    for turn in range(MERGE_ROUNDS):
        watch(Phase.MERGING, turn, MERGE_ROUNDS)
        pairs = _candidates(label, embeddings, neighbours, curve, photo, burden, apart, share)
        target = _mutual_best(pairs, int(label.max(initial=-1)) + 1)
        if (target == np.arange(len(target))).all():
            break
        label = first_appearance(target[label])
    return label


def spread(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Deviation of the mean similarity of two people's clusters, as a share of that of two faces."""
    variance = (
        SPREAD_BETWEEN_PEOPLE + SPREAD_OF_FACE * (1 / first + 1 / second) + SPREAD_OF_PAIR / (first * second)
    ) / (SPREAD_BETWEEN_PEOPLE + 2 * SPREAD_OF_FACE + SPREAD_OF_PAIR)
    return np.sqrt(variance)


def _candidates(
    label: Labels,
    embeddings: NDArray[np.float32],
    neighbours: Neighbours,
    curve: FarCurve,
    photo: Labels,
    burden: NDArray[np.float64],
    apart: Pairs,
    share: float,
) -> _Candidates:
    m = int(label.max(initial=-1)) + 1
    member = _membership(label, m)
    size = np.bincount(label, minlength=m).astype(np.float64)
    centre = (member @ embeddings) / size[:, None]
    first, second = _connected(label, neighbours, curve.similarity_at(FLOOR), apart, m)
    mean = np.einsum("ij,ij->i", centre[first], centre[second], dtype=np.float64)
    smaller = np.minimum(size[first], size[second])
    rivals = (m - np.searchsorted(np.sort(size), smaller / 2)) / share
    threshold = curve.at(CHANCE_CLUSTERS / rivals) * spread(size[first], size[second])
    threshold += MERGE_SIZE * curve.span * np.log(smaller)
    mean_burden = np.bincount(label, burden, m) / size
    threshold += np.maximum(mean_burden[first], mean_burden[second])
    together = _seen_together(member, photo, first, second) / smaller
    threshold += SAME_PHOTO * curve.span * together
    keep = mean > threshold
    return _Candidates(first[keep], second[keep], (mean - threshold)[keep])


def _membership(label: Labels, m: int) -> Any:
    n = len(label)
    return sparse.csr_matrix((np.ones(n, np.float32), (label, np.arange(n))), shape=(m, n))


def _connected(label: Labels, neighbours: Neighbours, floor: float, apart: Pairs, m: int) -> tuple[Labels, Labels]:
    """Pairs of clusters with faces that are neighbours, without those that must stay apart."""
    near = neighbours.similarity >= floor
    own = np.repeat(label, near.sum(axis=1))
    other = label[neighbours.index[near]]
    keys = np.unique(_pair_keys(own, other, m)[own != other])
    keys = keys[~np.isin(keys, _pair_keys(label[apart[:, 0]], label[apart[:, 1]], m))]
    return keys // m, keys % m


def _pair_keys(a: Labels, b: Labels, m: int) -> Labels:
    return np.minimum(a, b) * m + np.maximum(a, b)


def _seen_together(member: Any, photo: Labels, first: Labels, second: Labels) -> NDArray[np.float64]:
    """Photos in which both clusters of a pair have a face."""
    n = len(photo)
    shown = member @ sparse.csr_matrix((np.ones(n, np.float32), (np.arange(n), photo)))
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
