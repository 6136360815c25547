"""Contradictions: two faces of one photo that came into one group and do not look like one person at all."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from vultus.people.constraints import Pairs
from vultus.people.partition import Labels


def contradictions(
    label: Labels, photo: Labels, embeddings: NDArray[np.float32], together: Labels, unlike: float
) -> Pairs:
    """Find the pairs of faces of one photo and one group that are less alike than strangers often are.

    A chain of likenesses may lead from one sibling to the other; standing beside each other, they show that they are
    two. Mirrors, collages and pictures of pictures show one person twice, and alike.

    Args:
        label: (n,) groups.
        photo: (n,) photos from 0.
        embeddings: (n, d) rows of unit length.
        together: (n,) groups that people said are one person: pairs within one are not looked at.
        unlike: similarity below which two faces of one photo are two people.

    Returns:
        (m, 2) pairs of faces, the lower first, ascending.
    """
    place = np.unique(np.stack([photo, label]), axis=1, return_inverse=True)[1].ravel()
    rows = np.flatnonzero(np.bincount(place)[place] > 1)
    shown = sparse.csr_matrix((np.ones(len(rows), np.int8), (rows, place[rows])), shape=(len(label), len(label)))
    first, second = sparse.triu(shown @ shown.T, k=1).nonzero()
    apart = np.einsum("ij,ij->i", embeddings[first], embeddings[second]) < unlike
    apart &= together[first] != together[second]
    pairs: Pairs = np.stack([first[apart], second[apart]], axis=1).astype(np.int64)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
