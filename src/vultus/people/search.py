"""Search for the nearest faces in libraries too large for one matrix product."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from vultus.people.cells import Cells
from vultus.people.kernel import compiled, compiled_sum
from vultus.people.parallel import in_threads
from vultus.people.sketch import Sketch
from vultus.people.thresholds import CELLS_SEARCHED, EXACT_TO
from vultus.people.watch import Phase, Watch, silent

BATCH = 65_536  # faces whose neighbours are sought at a time
TILE = 1_024, 1_024  # of them, and faces of a cell, compared in one product
BESIDE = 2_048  # faces from which follows what a face's nearest are like at least
WORD = 8  # bytes looked at in one go
ROUNDING = 2e-5  # similarity that a product in single precision may be off

Rows = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """k nearest faces of each face, most similar first, the face itself left out.

    Attributes:
        index: (n, k) rows of the neighbours, int32.
        similarity: (n, k) cosine similarities, float32.
    """

    index: NDArray[np.int32]
    similarity: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Found:
    """Pairs of faces that may be among the nearest of each other."""

    one: NDArray[np.int32]
    other: NDArray[np.int32]
    similarity: Rows


def search(embeddings: Rows, k: int, watch: Watch = silent) -> Neighbours:
    """Find the ``k`` most similar other faces of each face.

    Faces are put into cells of like ones. Each is compared with those of the cells near it, and where it is among the
    best for one of them, that one learns of it too. Up to ``EXACT_TO`` faces all cells are near, and nothing is missed.
    The products are of sketches; faces themselves are compared only where the sketches leave a chance.

    Args:
        embeddings: (n, d) rows of unit length, n > k.
        k: at least 1.
        watch: told how many faces are done.
    """
    n = len(embeddings)
    watch(Phase.NEIGHBOURS, 0, n)
    sketch = Sketch.of(embeddings).rows(embeddings)
    cells = Cells.of(sketch)
    sketch = sketch[cells.order]
    best = np.full((n, k), -1, np.int32)  # places in ``cells.order``
    similarity = np.full((n, k), -np.inf, np.float32)
    least = _bounds(sketch, k)
    for start in range(0, n, BATCH):
        batch = slice(start, min(start + BATCH, n))
        tasks = _tasks(batch, embeddings, sketch, cells, least)
        for done, found in enumerate(in_threads(tasks)):
            _keep_best(found.one, found.other, found.similarity, best, similarity, least)
            watch(Phase.NEIGHBOURS, start + (batch.stop - start) * done // len(tasks), n)
    return _by_face(best, similarity, cells.order)


def _bounds(sketch: Rows, k: int) -> Rows:
    """(n,) similarity that k others of each face reach at least: of those that come beside it, mostly of its cell."""
    n = len(sketch)
    if min(n, BESIDE) <= k:
        return np.full(n, -np.inf, np.float32)
    parts = (slice(start, min(start + TILE[0], n)) for start in range(0, n, TILE[0]))
    lowest: Rows = np.concatenate(list(in_threads(partial(_lowest, sketch, part, k) for part in parts)))
    return lowest - np.float32(ROUNDING)


def _lowest(sketch: Rows, part: slice, k: int) -> Rows:
    """Similarity that k of those beside them reach at least, for the faces of a part."""
    n = len(sketch)
    first = max(0, min((part.start + part.stop - BESIDE) // 2, n - BESIDE))
    mine, beside = sketch[part], np.ascontiguousarray(sketch[first : first + BESIDE].T)
    lowest = mine[:, :-1] @ beside[:-1] - np.outer(mine[:, -1], beside[-1])
    lowest[np.arange(len(mine)), np.arange(part.start, part.stop) - first] = -np.inf
    best = lowest.shape[1] - k
    lowest.partition(best, axis=1)
    reached: Rows = lowest[:, best].copy()  # a view would keep all of it
    return reached


def _tasks(batch: slice, embeddings: Rows, sketch: Rows, cells: Cells, least: Rows) -> list[Callable[[], _Found]]:
    """The comparisons of a batch of places with the cells they have to be compared with."""
    near = _near(batch, sketch, cells)
    faces = embeddings[cells.order[batch]]
    inside = range(*np.searchsorted(cells.start, [batch.start, batch.stop - 1], side="right") - [1, 0])
    tasks: list[Callable[[], _Found]] = []
    for cell in (*inside, *(c for c in range(len(near)) if c not in inside)):  # first those that hold the nearest
        seeking = np.flatnonzero(near[cell])
        for first in range(int(cells.start[cell]), int(cells.start[cell + 1]), TILE[1]):
            members = slice(first, min(first + TILE[1], int(cells.start[cell + 1])))
            tasks += [
                partial(_compare, seeking[part : part + TILE[0]], batch.start, faces, members, embeddings, cells.order,
                        sketch, least)
                for part in range(0, len(seeking), TILE[0])
            ]  # fmt: skip
    return tasks


def _near(batch: slice, sketch: Rows, cells: Cells) -> NDArray[np.bool_]:
    """(m, b) cells that faces of a batch are compared with; where it is all of them, each pair once."""
    m = len(cells.centre)
    if len(sketch) > EXACT_TO and m > CELLS_SEARCHED:
        return cells.near(sketch[batch], CELLS_SEARCHED)
    own = np.searchsorted(cells.start, np.arange(batch.start, batch.stop), side="right") - 1
    near: NDArray[np.bool_] = np.arange(m)[:, None] <= own
    return near


def _compare(
    seeking: Places,
    start: int,
    faces: Rows,
    members: slice,
    embeddings: Rows,
    order: Places,
    sketch: Rows,
    least: Rows,
) -> _Found:
    theirs = embeddings[order[members]]
    most = sketch[start + seeking] @ np.ascontiguousarray(sketch[members].T)  # as it lies it is far slower
    limit, their_limit = least[start + seeking] - ROUNDING, least[members] - ROUNDING
    count = _count_chances(most, limit, their_limit)
    one, other, similarity = np.empty(count, np.int32), np.empty(count, np.int32), np.empty(count, np.float32)
    _fill_chances(most, limit, their_limit, seeking, start, faces, members.start, theirs, one, other, similarity)
    return _Found(one, other, similarity)


def _by_face(best: NDArray[np.int32], similarity: Rows, order: Places) -> Neighbours:
    """The table with faces instead of places, the most similar first."""
    index, sorted_ = np.empty_like(best), np.empty_like(similarity)
    for start in range(0, len(order), BATCH):
        part = slice(start, start + BATCH)
        faces = order[best[part]].astype(np.int32)
        by = np.lexsort((faces, -similarity[part]), axis=1)
        index[order[part]] = np.take_along_axis(faces, by, axis=1)
        sorted_[order[part]] = np.take_along_axis(similarity[part], by, axis=1)
    return Neighbours(index, sorted_)


@compiled
def _count_chances(most: Rows, limit: Rows, their_limit: Rows) -> int:
    """Products that reach the limit of either end."""
    count = 0
    for i in range(most.shape[0]):
        mine = limit[i]
        for j in range(most.shape[1]):
            count += (most[i, j] >= mine) | (most[i, j] >= their_limit[j])
    return count


@compiled
def _fill_chances(
    most: Rows,
    limit: Rows,
    their_limit: Rows,
    seeking: Places,
    start: int,
    faces: Rows,
    first: int,
    theirs: Rows,
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    similarity: Rows,
) -> None:
    """Write the places of these pairs, and how similar the faces really are."""
    count = 0
    chance = np.zeros(-(-most.shape[1] // WORD) * WORD, np.uint8)
    words = chance.view(np.uint64)
    for i in range(most.shape[0]):
        mine = limit[i]
        for j in range(most.shape[1]):
            chance[j] = (most[i, j] >= mine) | (most[i, j] >= their_limit[j])
        for word in range(len(words)):
            if words[word] == 0:
                continue
            for j in range(word * WORD, (word + 1) * WORD):
                if chance[j]:
                    one[count], other[count] = start + seeking[i], first + j
                    similarity[count] = _product(faces, seeking[i], theirs, j)
                    count += 1


@compiled_sum
def _product(rows: Rows, i: int, others: Rows, j: int) -> float:
    total = 0.0
    for d in range(rows.shape[1]):
        total += rows[i, d] * others[j, d]
    return total


@compiled
def _keep_best(
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    similarity: Rows,
    best: NDArray[np.int32],
    kept: Rows,
    least: Rows,
) -> None:
    """Tell both ends of each pair of the other."""
    for p in range(len(one)):
        if one[p] != other[p]:
            _offer(one[p], other[p], similarity[p], best, kept, least)
            _offer(other[p], one[p], similarity[p], best, kept, least)


@compiled
def _offer(to: int, place: int, similarity: float, best: NDArray[np.int32], kept: Rows, least: Rows) -> None:
    """Put a face among the best of another, in the place of the worst, if it is better and not there yet.

    The best are a heap: none is better than the two below it, at twice its column and one or two more.
    """
    if similarity < least[to] or not _worse(kept[to, 0], best[to, 0], similarity, place):
        return
    there = False
    for c in range(best.shape[1]):
        there |= best[to, c] == place  # all are looked at: several at once go faster
    if there:
        return
    hole, below = 0, 1
    while below < best.shape[1]:
        other = below + 1
        if other < best.shape[1] and _worse(kept[to, other], best[to, other], kept[to, below], best[to, below]):
            below = other
        if not _worse(kept[to, below], best[to, below], similarity, place):
            break
        best[to, hole], kept[to, hole] = best[to, below], kept[to, below]
        hole, below = below, 2 * below + 1
    best[to, hole], kept[to, hole] = place, similarity
    least[to] = max(least[to], kept[to, 0])


@compiled
def _worse(similarity: float, place: int, than: float, its_place: int) -> bool:
    return similarity < than or (similarity == than and place > its_place)
