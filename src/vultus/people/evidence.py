"""How strongly two faces are one person: their similarity, and the company they keep."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from vultus.people.kernel import compiled
from vultus.people.neighbours import Neighbours
from vultus.people.watch import Phase, Watch, silent

BLOCK = 8_192  # faces between two words to the watch


def context_similarity(neighbours: Neighbours, floor: float, watch: Watch = silent) -> NDArray[np.float32]:
    """Cosine similarity of the neighbourhoods at both ends of every edge.

    A neighbourhood is a sparse vector over all faces: entry ``max(similarity - floor, 0)`` for each face that is a
    neighbour of it or that it is a neighbour of, and ``1 - floor`` for the face itself. Two faces of one person share
    neighbours even when they do not look alike; a chance lookalike does not.

    Args:
        neighbours: k nearest faces of each face, exact; n rows, k columns.
        floor: similarity below which a neighbour says nothing.
        watch: told how many faces are done.

    Returns:
        (n, k) values in [0, 1], aligned with ``neighbours.index``.

    Source: the neighbour-based edge probability of FC-ES (arXiv 2408.13431), simplified.
    """
    n = len(neighbours.index)
    watch(Phase.EVIDENCE, 0, n)
    around = _neighbourhoods(neighbours, floor)
    shared = np.empty(neighbours.index.shape, np.float32)
    for start in range(0, n, BLOCK):
        watch(Phase.EVIDENCE, start, n)
        stop = min(start + BLOCK, n)
        _edge_products(around.indptr, around.indices, around.data, neighbours.index, shared, start, stop)
    return shared


def _neighbourhoods(neighbours: Neighbours, floor: float) -> Any:
    """(n, n) csr, rows of unit length."""
    n, k = neighbours.index.shape
    row = np.repeat(np.arange(n), k)
    gain = np.maximum(neighbours.similarity.ravel().astype(np.float64) - floor, 0)
    heard = gain > 0
    ahead = sparse.csr_matrix((gain[heard], (row[heard], neighbours.index.ravel()[heard])), shape=(n, n))
    around = (ahead.maximum(ahead.T) + sparse.identity(n) * (1 - floor)).tocsr()
    length = np.sqrt(np.asarray(around.multiply(around).sum(axis=1)).ravel())
    around = (sparse.diags(1 / length) @ around).tocsr()
    around.sort_indices()
    return around


@compiled
def _edge_products(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    value: NDArray[np.float64],
    index: NDArray[np.int64],
    product: NDArray[np.float32],
    start: int,
    stop: int,
) -> None:
    """Dot product of the sparse rows at both ends of every edge of some faces, into ``product``."""
    n, k = index.shape
    row = np.zeros(n)
    for i in range(start, stop):
        for e in range(indptr[i], indptr[i + 1]):
            row[indices[e]] = value[e]
        for c in range(k):
            j = index[i, c]
            total = 0.0
            for e in range(indptr[j], indptr[j + 1]):
                total += value[e] * row[indices[e]]
            product[i, c] = total
        for e in range(indptr[i], indptr[i + 1]):
            row[indices[e]] = 0.0
