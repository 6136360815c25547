"""How others group faces, on the same vectors: one threshold each, everything else as they use it."""

from collections.abc import Callable
from dataclasses import dataclass

import faiss  # noqa: F401  # before Infomap: both are made with SWIG, and the other way round the process dies
import numba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csgraph

from vultus.people.neighbours import nearest

Rows = NDArray[np.float32]
Labels = NDArray[np.int64]
BLOCK = 1_024  # rows compared with all others at a time
SWEEPS = 20  # of Chinese whispers


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to group faces.

    Attributes:
        prepare: from (n, d) unit rows to what every threshold shares; called once an order of rows.
        cut: from that and a threshold to (n,) labels.
        thresholds: what it is tried at.
    """

    name: str
    prepare: Callable[[Rows], object]
    cut: Callable[..., Labels]
    thresholds: tuple[float, ...]


def _links(rows: Rows, least: float) -> sparse.csr_matrix:
    """(n, n) similarities of at least ``least``, the diagonal left out."""
    parts = []
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK] @ rows.T
        block[np.arange(len(block)), start + np.arange(len(block))] = 0
        block[block < least] = 0
        parts.append(sparse.csr_matrix(block))
    return sparse.vstack(parts).tocsr()


def _above(links: sparse.csr_matrix, threshold: float) -> sparse.csr_matrix:
    kept = links.copy()
    kept.data[kept.data < threshold] = 0
    kept.eliminate_zeros()
    return kept


def _dbscan(links: sparse.csr_matrix, threshold: float) -> Labels:
    """DBSCAN as Immich and PhotoPrism use it: a core has three faces within reach, itself included."""
    near = _above(links, threshold)
    core = np.diff(near.indptr) >= 2
    label = np.arange(len(core)) + len(core)
    label[core] = csgraph.connected_components(near[core][:, core], directed=False)[1]
    for face in np.flatnonzero(~core & (np.diff(near.indptr) > 0)):
        others = near.indices[near.indptr[face] : near.indptr[face + 1]]
        reach = np.where(core[others], near.data[near.indptr[face] : near.indptr[face + 1]], 0)
        if reach.max() > 0:
            label[face] = label[others[reach.argmax()]]
    return label


def _chinese_whispers(links: sparse.csr_matrix, threshold: float) -> Labels:
    near = _above(links, threshold)
    label = np.arange(near.shape[0])
    random = np.random.default_rng(0)
    for _ in range(SWEEPS):
        _whisper(near.indptr, near.indices, near.data, label, random.permutation(len(label)))
    return label


@numba.njit
def _whisper(indptr, indices, weight, label, order):
    votes = np.zeros(len(label))
    for face in order:
        best, most = label[face], 0.0
        for e in range(indptr[face], indptr[face + 1]):
            heard = label[indices[e]]
            votes[heard] += weight[e]
            if votes[heard] > most:
                best, most = heard, votes[heard]
        for e in range(indptr[face], indptr[face + 1]):
            votes[label[indices[e]]] = 0
        label[face] = best


def _average_tree(rows: Rows) -> NDArray[np.float64]:
    return linkage(rows, method="average", metric="cosine")


def _average_linkage(tree: NDArray[np.float64], threshold: float) -> Labels:
    return fcluster(tree, 1 - threshold, criterion="distance").astype(np.int64)


def _hdbscan(rows: Rows, faces: float) -> Labels:
    """HDBSCAN as LibrePhotos uses it; what is tried is the size of the smallest cluster."""
    from sklearn.cluster import HDBSCAN

    found = HDBSCAN(min_cluster_size=int(faces), min_samples=1, copy=True).fit(rows).labels_
    return np.where(found < 0, len(rows) + np.arange(len(rows)), found).astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Nearest:
    near: NDArray[np.int64]
    similarity: NDArray[np.float32]


def _fifty_nearest(rows: Rows) -> _Nearest:
    found = nearest(rows, 50)
    return _Nearest(found.index, found.similarity)


def _infomap(found: _Nearest, threshold: float) -> Labels:
    import infomap

    n = len(found.near)
    flow = infomap.Infomap("--two-level --silent --seed 1")
    keep = found.similarity >= threshold
    for face, other, weight in zip(
        np.repeat(np.arange(n), keep.sum(axis=1)).tolist(),
        found.near[keep].tolist(),
        found.similarity[keep].tolist(),
        strict=True,
    ):
        flow.add_link(face, other, weight)
    label = np.arange(n) + n
    if keep.any():
        result = flow.run()
        for face, module in result.modules().items():
            label[face] = module
    return label


SPAN = (0.46, 0.48, 0.50, 0.52, 0.54, 0.56, 0.58, 0.60, 0.62, 0.66)
PEERS = (
    Peer("Infomap", _fifty_nearest, _infomap, SPAN),
    Peer("average linkage", _average_tree, _average_linkage, (0.30, 0.33, 0.36, 0.39, 0.42, 0.45, 0.48, 0.51)),
    Peer("Chinese whispers", lambda rows: _links(rows, 0.45), _chinese_whispers, SPAN),
    Peer("DBSCAN", lambda rows: _links(rows, 0.45), _dbscan, SPAN),
    Peer("HDBSCAN", lambda rows: rows, _hdbscan, (2, 3, 4, 5, 8)),
)
