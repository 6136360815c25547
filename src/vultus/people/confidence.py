"""How sure it is that a face belongs to the cluster it is in."""

import numpy as np
from numpy.typing import NDArray

from vultus.people.cluster_pairs import add_rows
from vultus.people.curve import FarCurve
from vultus.people.library import NONE
from vultus.people.thresholds import CONFIDENCE_BIAS, CONFIDENCE_OTHER, CONFIDENCE_OWN

BLOCK = 4_096  # faces compared with all clusters at a time


def attachment_confidence(
    embeddings: NDArray[np.float32],
    cluster: NDArray[np.int64],
    model: str | FarCurve = "mobilefacenet-192",
    of: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """FigureClusterConfidence: the probability that a face is of the person its cluster is of.

    A logistic function of the mean similarity to the other faces of the cluster and of that to the next best cluster.

    Args:
        embeddings: (n, d) rows of unit length.
        cluster: (n,) keys of the clusters, -1 for none.
        model: embedding model, which names the similarity curve; or the curve itself.
        of: (n,) the faces whose confidence is wanted; all without it.

    Returns:
        (n,) 0 to 1; 0 for a face without a cluster or not wanted, and 1 for one alone in its cluster, which it is by
        definition.
    """
    curve = FarCurve.of(model) if isinstance(model, str) else model
    confidence = np.zeros(len(cluster))
    rows = np.flatnonzero(cluster != NONE)
    if not len(rows):
        return confidence
    _, own = np.unique(cluster[rows], return_inverse=True)
    size = np.bincount(own).astype(np.float64)
    total = np.zeros((len(size), embeddings.shape[1]))
    add_rows(embeddings[rows], own, total)
    wanted = np.arange(len(rows)) if of is None else np.flatnonzero(of[rows])
    for start in range(0, len(wanted), BLOCK):
        part = wanted[start : start + BLOCK]
        confidence[rows[part]] = _of_faces(embeddings[rows[part]], own[part], total, size, curve)
    return confidence


def _of_faces(
    faces: NDArray[np.float32],
    own: NDArray[np.int64],
    total: NDArray[np.float64],
    size: NDArray[np.float64],
    curve: FarCurve,
) -> NDArray[np.float64]:
    similarity = faces @ total.T
    each = np.arange(len(faces))
    others = size[own] - 1
    to_own = (similarity[each, own] - 1) / np.maximum(others, 1)
    similarity /= size
    similarity[each, own] = -1
    evidence = CONFIDENCE_BIAS + CONFIDENCE_OWN * curve.spans(to_own)
    evidence -= CONFIDENCE_OTHER * curve.spans(similarity.max(axis=1))
    certain: NDArray[np.float64] = np.where(others == 0, 1.0, 1 / (1 + np.exp(-evidence)))
    return certain
