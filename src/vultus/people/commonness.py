"""Faces that resemble many: small, blurred or turned away, they look alike whoever they are of."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from vultus.people.curve import FarCurve
from vultus.people.parallel import in_threads
from vultus.people.thresholds import COMMON_MARGIN, COMMON_PEOPLE, IMPOSTOR_DEVIATION, TENTH_MARGIN

Similarities = NDArray[np.float32]
Groups = NDArray[np.int64]

SAMPLE = 4_096  # people a face is compared with, at most
SAMPLE_OF_TENTH = 1_024  # of them, where it matters which are most like it
BLOCK = 4_096  # faces compared with those in one go
FIRST_RATE_DEVIATIONS = 2.33  # deviations above the mean that a share of 1e-2 exceeds
TENTH_DEVIATIONS = 1.28  # and a share of a tenth


def commonness(embeddings: Similarities, label: Groups, curve: FarCurve, of: Groups | None = None) -> Similarities:
    """How much more a face resembles other people than clear faces do.

    A threshold that follows a curve of clear faces lets through far too much among poor ones, whose similarities are
    raised: to everybody where all are poor, to a part where only that part is as blurred, or wears dark glasses as
    well. So a face is held against the mean of all people, and against the tenth that is most like it; what is more
    counts. The rise is measured on the library itself, against one face of every group of a first partition, so that a
    library of mostly one person is not taken for a blurred one.

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
    usual = curve.similarity[-1] - FIRST_RATE_DEVIATIONS * IMPOSTOR_DEVIATION * curve.span
    of_all = _mean(wanted, own, embeddings[face], label[face]) - COMMON_MARGIN * curve.span
    some = face[:: -(-len(face) // SAMPLE_OF_TENTH)]
    margin = TENTH_MARGIN + TENTH_DEVIATIONS * IMPOSTOR_DEVIATION
    of_tenth = _tenth(wanted, own, embeddings[some], label[some]) - margin * curve.span
    excess: Similarities = np.maximum(np.maximum(of_all, of_tenth) - usual, 0).astype(np.float32)
    return excess


def _mean(wanted: Similarities, own: Groups, people: Similarities, group: Groups) -> Similarities:
    """Mean similarity of faces to people, each group but their own."""
    place = np.full(max(own.max(initial=0), group.max()) + 1, -1)
    place[group] = np.arange(len(group))
    compared = place[own] >= 0
    to_own = np.where(compared, np.einsum("ij,ij->i", wanted, people[place[own]]), 0)
    mean: Similarities = (wanted @ people.sum(axis=0) - to_own) / (len(people) - compared)
    return mean


def _tenth(wanted: Similarities, own: Groups, people: Similarities, group: Groups) -> Similarities:
    """Similarity that a tenth of the people exceed, each group but their own."""
    blocks = (slice(start, start + BLOCK) for start in range(0, len(wanted), BLOCK))
    tasks = (partial(_tenth_of, wanted[block], own[block], people, group) for block in blocks)
    return np.concatenate([np.empty(0, np.float32), *in_threads(tasks)])


def _tenth_of(wanted: Similarities, own: Groups, people: Similarities, group: Groups) -> Similarities:
    similarity = wanted @ people.T
    similarity[own[:, None] == group] = -1
    least = len(people) - max(len(people) // 10, 1)
    similarity.partition(least, axis=1)
    reached: Similarities = similarity[:, least].copy()  # a view would keep all of it
    return reached
