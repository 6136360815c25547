"""Rivals: of the faces of one photo, a face elsewhere can be the same person as the one most like it."""

import numpy as np
from numpy.typing import NDArray

from vultus.people.neighbours import Neighbours
from vultus.people.partition import Labels


def rivalry(
    neighbours: Neighbours, rows: slice, embeddings: NDArray[np.float32], photo: Labels, alike: float
) -> NDArray[np.float32]:
    """How much more similar than each neighbour another face of the neighbour's photo is.

    Siblings stand side by side: a face of the one resembles the other too, but less than it resembles her own face in
    the same photo. Two faces of a photo that are themselves alike, as in a mirror or a collage, are no rivals. A rival
    is more similar, so it is among the nearest faces wherever the neighbour is.

    Args:
        neighbours: k nearest faces of n faces, most similar first.
        rows: the faces to look at.
        embeddings: (n, d) rows of unit length.
        photo: (n,) photos from 0.
        alike: similarity from which two faces of one photo may be one person.

    Returns:
        (rows, k) differences of similarity; 0 where there is no rival.
    """
    index, similarity = neighbours.index[rows], neighbours.similarity[rows]
    shown = photo[index]
    order = np.argsort(shown, axis=1, kind="stable")  # by photo, most similar first within each
    by_photo = np.take_along_axis(shown, order, axis=1)
    starts = np.ones(shown.shape, bool)
    starts[:, 1:] = by_photo[:, 1:] != by_photo[:, :-1]
    first = np.maximum.accumulate(np.where(starts, np.arange(shown.shape[1]), 0), axis=1)
    face, place = np.nonzero(~starts & (by_photo != photo[rows, None]))
    behind, ahead = order[face, place], order[face, first[face, place]]
    rival, neighbour = embeddings[index[face, ahead]], embeddings[index[face, behind]]
    apart = np.einsum("ij,ij->i", rival, neighbour) < alike
    lead = np.zeros(shown.shape, np.float32)
    face, behind, ahead = face[apart], behind[apart], ahead[apart]
    lead[face, behind] = np.maximum(similarity[face, ahead] - similarity[face, behind], 0)
    return lead
