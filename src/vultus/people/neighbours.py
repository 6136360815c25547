"""The nearest faces of every face."""

import numpy as np
from numpy.typing import NDArray

from vultus.people.search import Neighbours, search
from vultus.people.thresholds import EXACT_IN_NUMPY
from vultus.people.watch import Phase, Watch, silent

__all__ = ["Neighbours", "nearest"]

BLOCK = 1_024  # rows of the similarity matrix in memory at a time


def nearest(embeddings: NDArray[np.float32], count: int, watch: Watch = silent) -> Neighbours:
    """Find the ``count`` most similar other faces of each face: all of them up to 200,000 faces, nearly all beyond.

    Args:
        embeddings: (n, d) rows of unit length.
        count: neighbours a face; fewer where the library has fewer faces.
        watch: told how many faces are done.
    """
    n = len(embeddings)
    k = min(count, max(n - 1, 0))
    if k == 0:
        return Neighbours(np.empty((n, 0), np.int32), np.empty((n, 0), np.float32))
    if n < EXACT_IN_NUMPY:
        return _in_numpy(embeddings, k, watch)
    return search(embeddings, k, watch)


def _in_numpy(embeddings: NDArray[np.float32], k: int, watch: Watch) -> Neighbours:
    n = len(embeddings)
    index = np.empty((n, k), np.int32)
    similarity = np.empty((n, k), np.float32)
    for start in range(0, n, BLOCK):
        watch(Phase.NEIGHBOURS, start, n)
        rows = np.arange(start, min(start + BLOCK, n))
        block = embeddings[rows] @ embeddings.T
        block[rows - start, rows] = -np.inf
        nearest_k = np.argpartition(-block, k - 1, axis=1)[:, :k]
        values = np.take_along_axis(block, nearest_k, axis=1)
        order = np.lexsort((nearest_k, -values), axis=1)
        index[rows] = np.take_along_axis(nearest_k, order, axis=1)
        similarity[rows] = np.take_along_axis(values, order, axis=1)
    return Neighbours(index, similarity)
