"""Faces in cells of like ones, so that a search need not look everywhere."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.people.sketch import Sketch
from vultus.people.thresholds import CELL_ROUNDS, FACES_IN_CELL

SAMPLE = 64  # faces for each cell from which the centres are found
BLOCK = 16_384  # faces compared with all centres in one go

Rows = NDArray[np.float32]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cells:
    """n faces in m cells.

    Attributes:
        centre: (m, d) unit length.
        order: (n,) faces, cell by cell.
        start: (m + 1,) where each cell begins in ``order``.
    """

    centre: Rows
    order: Labels
    start: Labels

    @classmethod
    def of(cls, rows: Rows) -> "Cells":
        """Put faces into cells, each into the one whose centre is nearest.

        The centres come from an even sample of the rows: the same rows in the same order give the same cells.

        Source: spherical k-means, Dhillon and Modha (2001).
        """
        count = max(1, min(len(rows) // FACES_IN_CELL, int(np.sqrt(len(rows)))))
        sample = rows[:: max(len(rows) // (SAMPLE * count), 1)]
        centre = _unit(sample[:: max(len(sample) // count, 1)][:count].copy())
        for _ in range(CELL_ROUNDS):
            cell = _nearest(sample, centre)
            total = np.zeros_like(centre)
            np.add.at(total, cell, sample)
            settled = np.bincount(cell, minlength=len(centre)) > 0
            centre[settled] = _unit(total[settled])
        cell = _nearest(rows, centre)
        start = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=len(centre)))])
        return cls(centre, np.argsort(cell, kind="stable"), start.astype(np.int64))

    def near(self, rows: Rows, count: int) -> NDArray[np.bool_]:
        """(m, n) which are among the ``count`` nearest cells of each row."""
        similarity = rows @ self.centre.T
        nearest = np.argpartition(-similarity, count - 1, axis=1)[:, :count]
        near = np.zeros((len(self.centre), len(rows)), np.bool_)
        near[nearest, np.arange(len(rows))[:, None]] = True
        return near


def side_by_side(embeddings: Rows) -> Labels:
    """(n,) faces in an order in which like ones are beside each other: what is needed together lies together."""
    return Cells.of(Sketch.of(embeddings).rows(embeddings)).order


def _nearest(rows: Rows, centre: Rows) -> Labels:
    blocks = (slice(start, start + BLOCK) for start in range(0, len(rows), BLOCK))
    return np.concatenate([(rows[block] @ centre.T).argmax(axis=1) for block in blocks])


def _unit(rows: Rows) -> Rows:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Rows = (rows / np.maximum(length, 1e-12)).astype(np.float32)
    return unit
