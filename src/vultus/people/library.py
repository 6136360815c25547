"""What a run starts from: the faces of a dataset, where they are, and what people said of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NONE = -1  # the cluster of a face that has none


@dataclass(frozen=True, slots=True)
class Library:
    """n faces, and clusters with keys of their own.

    Attributes:
        embedding: (n, d) rows of unit length.
        photo: (n,) the photo each face is in.
        quality: (n,) fitness for recognition, 0 to 1.
        founding: (n,) whether a face may found a cluster.
        cluster: (n,) keys of the clusters that faces are in, -1 for none.
        new: (n,) whether no run has looked at a face yet, or a person wants it placed anew.
        pinned: (n,) whether a person put a face where it is.
        settled: clusters of which a person has said something; no run joins them to another or takes them apart.
        forbidden: face (row) and cluster (key) pairs that a person has ruled out.
        distinct: pairs of clusters that a person said to be two people.
    """

    embedding: NDArray[np.float32]
    photo: NDArray[np.int64]
    quality: NDArray[np.float32]
    founding: NDArray[np.bool_]
    cluster: NDArray[np.int64]
    new: NDArray[np.bool_]
    pinned: NDArray[np.bool_]
    settled: frozenset[int] = frozenset()
    forbidden: frozenset[tuple[int, int]] = frozenset()
    distinct: frozenset[tuple[int, int]] = frozenset()

    def __len__(self) -> int:
        return len(self.cluster)
