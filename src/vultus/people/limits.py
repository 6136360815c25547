"""How similar the faces of two clusters have to be, on average, before the two are one person."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vultus.people.cluster_pairs import Clusters, Floats, Indices
from vultus.people.curve import FarCurve
from vultus.people.thresholds import (
    CHANCE_CLUSTERS,
    MEAN_FACES,
    MERGE_SIZE,
    RAREST_MEAN,
    SPREAD_BETWEEN_PEOPLE,
    SPREAD_OF_FACE,
    SPREAD_OF_PAIR,
)


def spread(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Deviation of the mean similarity of two people's clusters, as a share of that of two faces."""
    variance = (
        SPREAD_BETWEEN_PEOPLE + SPREAD_OF_FACE * (1 / first + 1 / second) + SPREAD_OF_PAIR / (first * second)
    ) / (SPREAD_BETWEEN_PEOPLE + 2 * SPREAD_OF_FACE + SPREAD_OF_PAIR)
    return np.sqrt(variance)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the mean similarity of two clusters has to exceed.

    Attributes:
        size: (m,) faces of each cluster.
        burden: (m,) mean burden of them.
        single: similarity that too few rivals reach by chance in a single pair of faces, by the smaller size.
        larger: similarity that clusters have to show more, because they are large above all, by the smaller size.
    """

    size: Floats
    burden: Floats
    single: Floats
    larger: Floats

    @classmethod
    def of(cls, clusters: Clusters, curve: FarCurve, share: float, fewer: float = 1, more: float = 0) -> Self:
        """The limits among the clusters there are.

        Args:
            clusters: as they are now.
            curve: of the model.
            share: of the library that the clusters are.
            fewer: part of the rivals there are that is taken for all, to see what could be with fewer of them.
            more: similarity that is asked for beyond.
        """
        living = np.sort(clusters.size[clusters.size > 0])
        sizes = np.arange(1, int(living.max(initial=0)) + 1)
        rivals = fewer * (len(living) - np.searchsorted(living, sizes / 2)) / share
        rate = np.maximum(CHANCE_CLUSTERS / rivals, np.where(sizes < MEAN_FACES, 0, RAREST_MEAN))
        return cls(
            clusters.size,
            clusters.burden / np.maximum(clusters.size, 1),
            np.append(0, curve.at(rate)),
            np.append(0, MERGE_SIZE * curve.span * np.log(sizes) + more),
        )

    def threshold(self, first: Indices, second: Indices) -> Floats:
        """(p,) limits of pairs of clusters that are never seen together."""
        smaller = np.minimum(self.size[first], self.size[second]).astype(np.int64)
        threshold = self.single[smaller] * spread(self.size[first], self.size[second]) + self.larger[smaller]
        return threshold + np.maximum(self.burden[first], self.burden[second])
