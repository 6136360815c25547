"""How strongly two faces are one person: their similarity, and the company they keep."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from vultus.people.kernel import compiled
from vultus.people.neighbours import Neighbours
from vultus.people.parallel import in_threads
from vultus.people.thresholds import COMPANION, NEARNESS, SHARED, SHARED_IN_CROWD, STRANGER
from vultus.people.watch import Phase, Watch, silent

BLOCK = 4_096  # faces whose edges are compared between two words to the watch
FILLED = 65_536  # faces whose neighbourhoods are built between two

Indices = NDArray[np.int32]
Similarities = NDArray[np.float32]
Offsets = NDArray[np.int64]


def context_similarity(
    neighbours: Neighbours, floor: float, watch: Watch = silent, least: float = -np.inf, crowd: float = 0
) -> NDArray[np.float32]:
    """Cosine similarity of the neighbourhoods at both ends of every edge.

    A neighbourhood is a sparse vector over all faces, with an entry for the face itself, for each neighbour of it and
    for each face that it is a neighbour of. Two faces of one person share neighbours even when they do not look alike;
    a chance lookalike does not. An entry is what the similarity has above the floor, raised to a power that makes
    small the far neighbours that every face has by chance in a large library.

    In a crowd it is found twice: with whom a face shares nearly nothing at first is no company of it the second time.
    Otherwise two faces of one person would share the less, the more strangers the library holds.

    Args:
        neighbours: k nearest faces of each face; n rows, k columns.
        floor: similarity below which a neighbour says nothing.
        watch: told how many faces are done.
        least: similarity below which an edge is not looked at; its value is 0.
        crowd: how much of a crowd the library is, 0 to 1: the part that the second cosine has in the result.

    Returns:
        (n, k) values in [0, 1], aligned with ``neighbours.index``.

    Source: the neighbour-based edge probability of FC-ES (arXiv 2408.13431), simplified.
    """
    if crowd == 0:
        return _cosines(neighbours, neighbours.similarity, floor, watch, least)
    shared = _cosines(neighbours, neighbours.similarity, floor, watch, -np.inf)
    known = _cosines(neighbours, _companions(neighbours, shared, floor), floor, watch, least)
    shared *= (1 - crowd) * (neighbours.similarity >= least)
    known *= crowd
    known += shared
    return known


def usual_share(crowd: float) -> float:
    """Share of the neighbours that speaks neither for nor against one person, in a crowd of 0 to 1."""
    return SHARED + crowd * (SHARED_IN_CROWD - SHARED)


def _cosines(
    neighbours: Neighbours, entry: Similarities, floor: float, watch: Watch, least: float
) -> NDArray[np.float32]:
    """Cosines of sparse vectors in which each neighbour has the similarity ``entry``, at both ends of every edge."""
    n = len(neighbours.index)
    watch(Phase.EVIDENCE, 0, n)
    around = _Neighbourhoods.of(Neighbours(neighbours.index, entry), floor, watch)
    shared = np.zeros(neighbours.index.shape, np.float32)

    tasks = (
        partial(
            _edge_products, around.start, around.face, around.similarity, around.length,
            neighbours.index, neighbours.similarity, floor, least, shared, start, min(start + BLOCK, n),
        )
        for start in range(0, n, BLOCK)
    )  # fmt: skip
    for done, _ in enumerate(in_threads(tasks)):
        watch(Phase.EVIDENCE, done * BLOCK, n)
    return shared


def _companions(neighbours: Neighbours, shared: Similarities, floor: float) -> Similarities:
    """The similarities, each as far above the floor as the neighbour is company; below it where it is none."""
    entry = np.empty_like(shared)
    for start in range(0, len(shared), FILLED):
        part = slice(start, start + FILLED)
        known = np.clip((shared[part] - STRANGER) / (COMPANION - STRANGER), 0, 1)
        above = np.maximum(neighbours.similarity[part] - floor, 0) * known
        entry[part] = np.where(above > 0, floor + above, floor - 1)
    return entry


@dataclass(frozen=True, slots=True)
class _Neighbourhoods:
    """Rows of a sparse matrix.

    Attributes:
        start: (n + 1,) where each face's entries begin.
        face: whom an entry is about.
        similarity: the entry, above the floor.
        length: (n,) Euclidean length of each row.
    """

    start: Offsets
    face: Indices
    similarity: Similarities
    length: NDArray[np.float64]

    @classmethod
    def of(cls, neighbours: Neighbours, floor: float, watch: Watch) -> "_Neighbourhoods":
        n = len(neighbours.index)
        back = _back(neighbours.index, watch)
        count = np.ones(n, np.int64)  # the face itself
        for first in range(0, n, FILLED):
            watch(Phase.EVIDENCE, 0, n)
            _count_entries(neighbours.index, neighbours.similarity, back, floor, count, first, min(first + FILLED, n))
        start = np.concatenate([np.zeros(1, np.int64), np.cumsum(count)])
        face, similarity = np.empty(start[-1], np.int32), np.empty(start[-1], np.float32)
        face[start[:-1]], similarity[start[:-1]] = np.arange(n), 1
        end = start[:-1] + 1
        for first in range(0, n, FILLED):
            watch(Phase.EVIDENCE, 0, n)
            _fill_entries(
                neighbours.index, neighbours.similarity, back, floor, end, face, similarity, first,
                min(first + FILLED, n),
            )  # fmt: skip
        length = np.empty(n)
        _weigh_entries(start, floor, similarity, length)
        return cls(start, face, similarity, length)


def _back(index: Indices, watch: Watch) -> NDArray[np.int16]:
    """(n, k) column of each face among the neighbours of each neighbour of it; -1 where it is none."""
    n = len(index)
    back = np.empty(index.shape, np.int16)
    tasks = (partial(_find_back, index, back, start, min(start + BLOCK, n)) for start in range(0, n, BLOCK))
    for _ in in_threads(tasks):
        watch(Phase.EVIDENCE, 0, n)
    return back


@compiled
def _find_back(index: Indices, back: NDArray[np.int16], first: int, last: int) -> None:
    for i in range(first, last):
        for c in range(index.shape[1]):
            j, place = index[i, c], -1
            for d in range(index.shape[1]):
                place = max(place, d if index[j, d] == i else -1)  # all are looked at: several at once go faster
            back[i, c] = place


@compiled
def _count_entries(
    index: Indices,
    similarity: Similarities,
    back: NDArray[np.int16],
    floor: float,
    count: Offsets,
    first: int,
    last: int,
) -> None:
    """Add the entries that the neighbours of some faces make to the rows of both ends."""
    for i in range(first, last):
        for c in range(index.shape[1]):
            if similarity[i, c] > floor:
                j = index[i, c]
                count[i] += 1
                if back[i, c] < 0 or similarity[j, back[i, c]] <= floor:
                    count[j] += 1


@compiled
def _fill_entries(
    index: Indices,
    similarity: Similarities,
    back: NDArray[np.int16],
    floor: float,
    end: Offsets,
    face: Indices,
    value: Similarities,
    first: int,
    last: int,
) -> None:
    """Write these entries, each behind those that its row has."""
    for i in range(first, last):
        for c in range(index.shape[1]):
            if similarity[i, c] > floor:
                j, place = index[i, c], back[i, c]
                mutual = place >= 0 and similarity[j, place] > floor
                highest = max(similarity[i, c], similarity[j, place]) if mutual else similarity[i, c]
                face[end[i]], value[end[i]] = j, highest
                end[i] += 1
                if not mutual:
                    face[end[j]], value[end[j]] = i, highest
                    end[j] += 1


@compiled
def _weigh_entries(start: Offsets, floor: float, value: Similarities, length: NDArray[np.float64]) -> None:
    """Raise the entries to their power, and measure the rows."""
    for i in range(len(length)):
        total = 0.0
        for e in range(start[i], start[i + 1]):
            value[e] = floor + (value[e] - floor) ** NEARNESS
            total += (value[e] - floor) ** 2
        length[i] = np.sqrt(total)


@compiled
def _edge_products(
    start: Offsets,
    face: Indices,
    value: Similarities,
    length: NDArray[np.float64],
    index: Indices,
    similarity: Similarities,
    floor: float,
    least: float,
    product: Similarities,
    first: int,
    last: int,
) -> None:
    """Cosine of the rows at both ends of every edge of some faces, into ``product``."""
    row = np.zeros(len(length))
    for i in range(first, last):
        for e in range(start[i], start[i + 1]):
            row[face[e]] = value[e] - floor
        for c in range(index.shape[1]):
            if similarity[i, c] >= least:
                j = index[i, c]
                total = 0.0
                for e in range(start[j], start[j + 1]):
                    total += (value[e] - floor) * row[face[e]]
                product[i, c] = total / (length[i] * length[j])
        for e in range(start[i], start[i + 1]):
            row[face[e]] = 0.0
