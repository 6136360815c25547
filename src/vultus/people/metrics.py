"""How well a partition agrees with the truth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

UNLABELLED = -1  # the identity of a face nobody has named


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision, recall and their harmonic mean, each 0 to 1."""

    precision: float
    recall: float

    @property
    def f(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """A partition held against the truth.

    Attributes:
        pairwise: over pairs of faces; large people weigh most.
        bcubed: over faces.
        merge_errors: merges too many: people in a cluster beyond its first, over all clusters.
        split_errors: merges missing: clusters of a person beyond the first, over all people.
    """

    pairwise: Agreement
    bcubed: Agreement
    merge_errors: int
    split_errors: int

    @property
    def mean_f(self) -> float:
        """Mean of pairwise F and BCubed F."""
        return (self.pairwise.f + self.bcubed.f) / 2


def score(label: NDArray[np.int64], identity: NDArray[np.int64]) -> Score:
    """Hold a partition against the truth.

    Faces of unknown identity take part in the clustering but not in the score.

    Args:
        label: (n,) clusters.
        identity: (n,) people, -1 where unknown.

    Source: Amigo et al. (2009) for BCubed.
    """
    known = identity != UNLABELLED
    clusters, row = np.unique(label[known], return_inverse=True)
    people, column = np.unique(identity[known], return_inverse=True)
    table = sparse.csr_matrix((np.ones(len(row)), (row, column)), shape=(len(clusters), len(people))).tocoo()
    shared = table.data
    cluster_size = np.bincount(row, minlength=len(clusters)).astype(np.float64)
    person_size = np.bincount(column, minlength=len(people)).astype(np.float64)
    right = _pairs(shared)
    return Score(
        pairwise=Agreement(_ratio(right, _pairs(cluster_size)), _ratio(right, _pairs(person_size))),
        bcubed=Agreement(
            _ratio((shared**2 / cluster_size[table.row]).sum(), len(row)),
            _ratio((shared**2 / person_size[table.col]).sum(), len(row)),
        ),
        merge_errors=table.nnz - len(clusters),
        split_errors=table.nnz - len(people),
    )


def _pairs(sizes: NDArray[np.float64]) -> float:
    return float((sizes * (sizes - 1) / 2).sum())


def _ratio(part: float, whole: float) -> float:
    """1 where there is nothing to get wrong."""
    return float(part / whole) if whole else 1.0
