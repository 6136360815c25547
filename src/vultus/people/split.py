"""One person taken apart: the same grouping again, with a threshold that is harder to reach."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vultus.people.curve import FarCurve
from vultus.people.group import group_faces

STRICTNESS = 1 / 3  # spans above the threshold of the library: ten times fewer lookalikes by chance


def split_faces(
    embeddings: NDArray[np.float32],
    *,
    photos: NDArray[np.int64],
    quality: NDArray[np.float32],
    library: int,
    least: int,
    strictness: float = STRICTNESS,
    model: str | FarCurve = "mobilefacenet-192",
) -> NDArray[np.int64]:
    """Group the faces of one person again, strictly.

    Args:
        embeddings: (n, d) rows, one a face of the person.
        photos: (n,) the photo each face is in.
        quality: (n,) fitness for recognition, 0 to 1.
        library: faces in the whole dataset, whose threshold is the starting point.
        least: faces that a group must have; those of a smaller one go with the group that they are most like.
        strictness: spans of the model's curve above the threshold of the library; each third of a span is ten times
            fewer lookalikes by chance.
        model: embedding model, or its curve.

    Returns:
        (n,) labels from 0, the largest group first; all 0 when the faces hold together.
    """
    curve = strict_curve(FarCurve.of(model) if isinstance(model, str) else model, len(embeddings), library, strictness)
    labels = group_faces(embeddings, photos=photos, quality=quality, model=curve)
    sizes = np.bincount(labels)
    large = np.flatnonzero(sizes >= least)
    if len(large) < 2:
        return np.zeros(len(labels), np.int64)
    ranked = large[np.argsort(-sizes[large], kind="stable")]
    centres = np.stack([embeddings[labels == group].mean(axis=0) for group in ranked])
    nearest = np.argmax(embeddings @ centres.T, axis=1)
    place = np.full(len(sizes), -1)
    place[ranked] = np.arange(len(ranked))
    grouped = place[labels]
    return np.where(grouped < 0, nearest, grouped).astype(np.int64)


def strict_curve(curve: FarCurve, faces: int, library: int, strictness: float) -> FarCurve:
    """The curve on which ``faces`` faces meet the threshold of the library, raised by ``strictness`` spans."""
    rise = curve.threshold(max(library, faces)) + strictness * curve.span - curve.threshold(faces)
    return replace(curve, similarity=tuple(similarity + rise for similarity in curve.similarity))
