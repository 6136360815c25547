"""Faces that resemble everyone: small, blurred or turned away, they look alike whoever they are of."""

import numpy as np
from numpy.typing import NDArray

from vultus.people.curve import FarCurve
from vultus.people.thresholds import COMMON_MARGIN, COMMON_PEOPLE, IMPOSTOR_DEVIATION

SAMPLE = 4_096  # people a face is compared with, at most
FIRST_RATE_DEVIATIONS = 2.33  # deviations above the mean that a share of 1e-2 exceeds


def commonness(
    embeddings: NDArray[np.float32], label: NDArray[np.int64], curve: FarCurve, of: NDArray[np.int64] | None = None
) -> NDArray[np.float32]:
    """How much more a face resembles other people than clear faces do.

    A threshold that follows a curve of clear faces lets through far too much among poor ones, whose similarities are
    all raised. The rise is measured on the library itself, against one face of every group of a first partition, so
    that a library of mostly one person is not taken for a blurred one.

    Args:
        embeddings: (n, d) rows of unit length.
        label: (n,) groups of a first partition, from 0 without gaps.
        curve: of the model the embeddings are of.
        of: rows whose commonness is wanted; all without it.

    Returns:
        (n,) similarity to take off, 0 for most faces; 0 for all where there are too few people to tell. As long as
        ``of`` where that is given.
    """
    wanted = embeddings if of is None else embeddings[of]
    own = label if of is None else label[of]
    face = np.unique(label, return_index=True)[1]
    face = face[:: -(-len(face) // SAMPLE)]
    if len(face) < COMMON_PEOPLE:
        return np.zeros(len(own), np.float32)
    people = embeddings[face]
    to_all = wanted @ people.sum(axis=0)
    place = np.full(label.max() + 1, -1)
    place[label[face]] = np.arange(len(face))
    compared = place[own] >= 0
    to_own = np.where(compared, np.einsum("ij,ij->i", wanted, people[place[own]]), 0)
    mean = (to_all - to_own) / (len(face) - compared)
    usual = curve.similarity[-1] + (COMMON_MARGIN - FIRST_RATE_DEVIATIONS * IMPOSTOR_DEVIATION) * curve.span
    excess: NDArray[np.float32] = np.maximum(mean - usual, 0).astype(np.float32)
    return excess
