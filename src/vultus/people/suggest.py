"""Pairs of people who may be one: found by how alike their faces are, and told with what speaks for and against it."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from vultus.people.curve import FarCurve
from vultus.people.limits import spread
from vultus.people.thresholds import (
    CHANCE_CLUSTERS,
    POOR_FACE,
    SUGGESTION_BIAS,
    SUGGESTION_FEW,
    SUGGESTION_FEW_FACES,
    SUGGESTION_LEAST,
    SUGGESTION_LIKENESS,
    SUGGESTION_SIZE,
    SUGGESTION_TOGETHER,
)

BLOCK = 1_024  # clusters compared with all others at a time
EXAMINED = 1_000  # faces of a person that are compared one by one with those of another, the best ones
LEAST_ODDS = log(SUGGESTION_LEAST / (1 - SUGGESTION_LEAST))
NONE = -1  # the cluster of a face that is of nobody, or of somebody who is not to be suggested

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """m pairs of clusters that may be one person, the likeliest first.

    Attributes:
        first: (m,) keys of the larger cluster of each pair; of two as large, the lower one.
        second: (m,) keys of the other one.
        confidence: (m,) the probability that they are one person.
        likeness: (m,) mean similarity of their faces, in spans of the model's curve.
        together: (m,) photos in which both appear.
    """

    first: Rows
    second: Rows
    confidence: Floats
    likeness: Floats
    together: Rows

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Closeness:
    """The faces of a pair that are most alike.

    Attributes:
        closest: rows of the two most similar faces, one of each cluster.
        likeness: their similarity, in spans.
        close_pairs: pairs of faces that are so alike as is counted for one person in a library of this size.
    """

    closest: tuple[int, int]
    likeness: float
    close_pairs: int


def suggest(
    embeddings: NDArray[np.float32],
    cluster: Rows,
    *,
    photo: Rows,
    quality: NDArray[np.float32],
    distinct: Collection[tuple[int, int]] = (),
    curve: FarCurve,
) -> Suggestions:
    """Rank the pairs of clusters that may be one person.

    The mean similarity of their faces is compared with what two people of such sizes reach by chance among as many
    clusters as there are; a logistic function makes a probability of it. Every photo in which both appear speaks
    against it: a person is seldom twice in one, and two who look alike are often of one family.

    Args:
        embeddings: (n, d) rows of unit length.
        cluster: (n,) keys of the clusters, -1 for faces that are not to be suggested.
        photo: (n,) the photo each face is in.
        quality: (n,) fitness for recognition, 0 to 1; alikeness counts for less between poor faces.
        distinct: pairs of clusters (keys) that a person said to be two people; never suggested.
        curve: of the model of the embeddings.
    """
    rows = np.flatnonzero(cluster != NONE)
    keys, own = np.unique(cluster[rows], return_inverse=True)
    if len(keys) < 2:
        return _nothing()
    people = _People.of(embeddings[rows], own, quality[rows], curve)
    pairs = people.candidates()
    pairs = pairs.take(~np.isin(pairs.key(len(keys)), _places(distinct, keys)))
    together = seen_together(own, photo[rows], pairs.first, pairs.second)
    confidence = 1 / (1 + np.exp(SUGGESTION_TOGETHER * np.log2(1 + together) - pairs.odds))
    order = np.lexsort((keys[pairs.second], keys[pairs.first], -confidence))
    order = order[confidence[order] >= SUGGESTION_LEAST]
    first, second = keys[pairs.first[order]], keys[pairs.second[order]]
    return Suggestions(first, second, confidence[order], pairs.likeness[order], together[order])


def closeness(
    embeddings: NDArray[np.float32], first: Rows, second: Rows, quality: NDArray[np.float32], curve: FarCurve
) -> Closeness:
    """Find the faces of two clusters that are most alike.

    Args:
        embeddings: (n, d) rows of unit length; all faces of the library.
        first: rows of the faces of one cluster.
        second: rows of the faces of the other.
        quality: (n,) fitness for recognition; of a large cluster, the best faces are compared.
        curve: of the model of the embeddings.
    """
    one, other = _best(first, quality), _best(second, quality)
    similarity = embeddings[one] @ embeddings[other].T
    place = np.unravel_index(int(similarity.argmax()), similarity.shape)
    return Closeness(
        closest=(int(one[place[0]]), int(other[place[1]])),
        likeness=float(curve.spans(similarity.max().astype(np.float64))),
        close_pairs=int(np.count_nonzero(similarity >= curve.threshold(len(embeddings)))),
    )


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of clusters, the larger one first; of two as large, the lower one."""

    first: Rows
    second: Rows
    odds: Floats  # log odds that they are one person
    likeness: Floats  # spans

    def take(self, chosen: NDArray[np.bool_]) -> "_Pairs":
        return _Pairs(self.first[chosen], self.second[chosen], self.odds[chosen], self.likeness[chosen])

    def key(self, m: int) -> Rows:
        return np.minimum(self.first, self.second) * m + np.maximum(self.first, self.second)


@dataclass(frozen=True, slots=True)
class _People:
    """m clusters."""

    centre: NDArray[np.float32]  # (m, d) mean embedding
    size: Floats  # (m,) faces
    burden: Floats  # (m,) mean similarity that poor faces have to show beyond others
    threshold: Floats  # (m,) similarity of two faces that is not reached by chance among clusters of its size
    curve: FarCurve

    @classmethod
    def of(cls, embeddings: NDArray[np.float32], own: Rows, quality: NDArray[np.float32], curve: FarCurve) -> "_People":
        size = np.bincount(own).astype(np.float64)
        order = np.argsort(own, kind="stable")
        total = np.add.reduceat(embeddings[order], np.searchsorted(own[order], np.arange(len(size))), axis=0)
        burden = np.bincount(own, POOR_FACE * curve.span * (1 - quality.astype(np.float64))) / size
        rivals = len(size) - np.searchsorted(np.sort(size), size / 2)
        threshold = curve.at(CHANCE_CLUSTERS / rivals)
        return cls((total / size[:, None]).astype(np.float32), size, burden, threshold, curve)

    def candidates(self) -> _Pairs:
        """Pairs that reach the least probability, if it were not for the photos that show both."""
        floor = self._floor()
        firsts, seconds = [], []
        for start in range(0, len(self.size), BLOCK):
            part = slice(start, start + BLOCK)
            first, second = np.nonzero(self.centre[part] @ self.centre.T >= floor[part, None])
            ahead = first + start < second
            firsts.append(first[ahead] + start)
            seconds.append(second[ahead])
        pairs = self._judged(np.concatenate(firsts), np.concatenate(seconds))
        return pairs.take(pairs.odds >= LEAST_ODDS)

    def _floor(self) -> NDArray[np.float32]:
        """(m,) mean similarity below which a cluster is no candidate, whatever the size of the other."""
        least = self.threshold + (LEAST_ODDS - SUGGESTION_BIAS) / SUGGESTION_LIKENESS * self.curve.span
        largest = np.full(len(self.size), self.size.max())
        return np.minimum(least * spread(self.size, largest), least).astype(np.float32)

    def _judged(self, first: Rows, second: Rows) -> _Pairs:
        swapped = self.size[second] > self.size[first]
        first, second = np.where(swapped, second, first), np.where(swapped, first, second)
        mean = np.einsum("ij,ij->i", self.centre[first], self.centre[second], dtype=np.float64)
        smaller = self.size[second]
        alike = (mean - np.maximum(self.burden[first], self.burden[second])) / spread(self.size[first], smaller)
        excess = (alike - np.maximum(self.threshold[first], self.threshold[second])) / self.curve.span
        odds = SUGGESTION_BIAS + SUGGESTION_LIKENESS * excess
        odds -= SUGGESTION_SIZE * np.log(np.maximum(smaller / SUGGESTION_FEW_FACES, 1))
        odds -= SUGGESTION_FEW * (smaller < SUGGESTION_FEW_FACES)
        return _Pairs(first, second, odds, self.curve.spans(mean))


def seen_together(own: Rows, photo: Rows, first: Rows, second: Rows) -> Rows:
    """Photos in which both clusters of a pair have a face.

    Args:
        own: (n,) cluster of each face, from 0.
        photo: (n,) the photo each face is in.
        first: (m,) a cluster of each pair.
        second: (m,) the other one.
    """
    wanted = np.unique(np.concatenate([first, second]))
    kept = np.isin(own, wanted)
    shown = np.unique(np.stack([own[kept], photo[kept]]), axis=1)  # in the order of clusters
    start = np.searchsorted(shown[0], np.arange(int(own.max(initial=-1)) + 2))
    album = [shown[1, begin:end] for begin, end in pairwise(start)]
    return np.array(
        [len(np.intersect1d(album[a], album[b], assume_unique=True)) for a, b in zip(first, second, strict=True)],
        np.int64,
    )


def _places(pairs: Collection[tuple[int, int]], keys: Rows) -> Rows:
    """Pairs of keys as ``_Pairs.key`` has them, those left out of which one is not there."""
    place = {int(key): index for index, key in enumerate(keys)} if pairs else {}
    known = [(place[a], place[b]) for a, b in pairs if a in place and b in place]
    return np.array([min(pair) * len(keys) + max(pair) for pair in known], np.int64)


def _best(rows: Rows, quality: NDArray[np.float32]) -> Rows:
    """The best faces of a cluster, as many as are compared one by one."""
    return rows[np.lexsort((rows, -quality[rows]))[:EXAMINED]]


def _nothing() -> Suggestions:
    nobody = np.empty(0, np.int64)
    return Suggestions(nobody, nobody, np.empty(0), np.empty(0), nobody)
