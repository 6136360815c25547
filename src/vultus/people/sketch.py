"""Faces in fewer numbers, from which follows how similar two of them can be at most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.people.thresholds import SKETCH_REMAINDER

SAMPLE = 20_000  # faces whose principal axes are taken
BLOCK = 65_536  # faces turned in one go
ROUNDING = 1e-6  # that a squared length in single precision may be off

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sketch:
    """The principal axes of a library, as many as hold nearly all of a face.

    A face has a part along these axes, and a remainder. The remainders of two faces have a product of the product of
    their lengths at most (Cauchy, Schwarz), so the product of two sketches, which carry the length of the remainder
    as a number more, is never below the similarity of the faces: a search by it misses nobody.

    Attributes:
        axes: (d, a) principal axes, one a column.
    """

    axes: Rows

    @classmethod
    def of(cls, embeddings: Rows) -> "Sketch":
        """The axes of (n, d) rows of unit length."""
        sample = embeddings[:: -(-len(embeddings) // SAMPLE)].astype(np.float64)
        variance, axes = np.linalg.eigh(sample.T @ sample / len(sample))
        left_over = np.cumsum(np.maximum(variance, 0))  # ascending: what is lost without the first axes
        lost = int(np.searchsorted(left_over, SKETCH_REMAINDER))
        return cls(np.ascontiguousarray(axes[:, lost:][:, ::-1], np.float32))

    def rows(self, embeddings: Rows) -> Rows:
        """(n, a + 1) the part of each face along the axes, and the length of the remainder."""
        sketched = np.empty((len(embeddings), self.axes.shape[1] + 1), np.float32)
        for start in range(0, len(embeddings), BLOCK):
            part = slice(start, start + BLOCK)
            along = embeddings[part] @ self.axes
            sketched[part, :-1] = along
            left_out = np.maximum(1 - np.einsum("ij,ij->i", along, along), 0)
            sketched[part, -1] = np.sqrt(left_out + ROUNDING)
        return sketched
