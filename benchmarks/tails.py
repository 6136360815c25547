"""The upper tail of the similarities of different people."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = np.linspace(-1.0001, 1.0001, 4_001)
BLOCK = 1_000

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tail:
    """How many of the pairs were how similar.

    Attributes:
        exceeding: (b,) share of the pairs above the lower edge of each bin.
    """

    name: str
    exceeding: NDArray[np.float64]

    def at(self, rate: float) -> float:
        """Similarity that this share of the pairs exceeds."""
        return float(BINS[np.flatnonzero(self.exceeding >= rate).max(initial=0)])


def tail(name: str, rows: Rows, others: Rows | None = None, identity: NDArray[np.int64] | None = None) -> Tail:
    """Compare all rows with all others, or among themselves with those of other people.

    Args:
        name: for the table.
        rows: (n, d) faces of unit length.
        others: (m, d) faces of other people; None for the rows themselves.
        identity: (n,) people of the rows, where there are no others; without it each is another.
    """
    identity = np.arange(len(rows)) if identity is None else identity
    compared = rows if others is None else others
    counts = np.zeros(len(BINS) - 1, np.int64)
    for start in range(0, len(rows), BLOCK):
        similarity = rows[start : start + BLOCK] @ compared.T
        if others is None:
            similarity = similarity[identity[start : start + BLOCK, None] != identity]
        counts += np.histogram(similarity, BINS)[0]
    return Tail(name, counts[::-1].cumsum()[::-1] / counts.sum())
