"""What people decided about faces: these are one person, these are not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

Pairs = NDArray[np.int64]
NO_PAIRS: Pairs = np.empty((0, 2), np.int64)


@dataclass(frozen=True, slots=True)
class Constraints:
    """Decisions that a partition has to keep.

    Attributes:
        together: (n,) groups of faces that are one person, numbered from 0; a face without a decision is alone.
        apart: (m, 2) pairs of faces that are two people.
    """

    together: NDArray[np.int64]
    apart: Pairs

    @classmethod
    def of(cls, faces: int, must_link: Pairs, cannot_link: Pairs) -> "Constraints":
        """Close ``must_link`` transitively and hold ``cannot_link`` against it.

        Raises:
            ValueError: two faces are said to be one person and two people.
        """
        together = linked(faces, must_link)
        clash = together[cannot_link[:, 0]] == together[cannot_link[:, 1]]
        if clash.any():
            a, b = cannot_link[clash][0]
            raise ValueError(f"Faces {a} and {b} are said to be one person (must_link) and two people (cannot_link).")
        return cls(together, cannot_link)


def linked(faces: int, pairs: Pairs) -> NDArray[np.int64]:
    """Groups of faces that a chain of pairs connects, (n,) numbered from 0."""
    links = sparse.coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(faces, faces))
    groups: NDArray[np.int64] = csgraph.connected_components(links, directed=False)[1].astype(np.int64)
    return groups


def checked_pairs(pairs: Iterable[tuple[int, int]] | NDArray[Any], faces: int, name: str) -> Pairs:
    """Pairs of face rows as an array; one that is given is taken as it is.

    Raises:
        ValueError: not pairs of rows, or a row that does not exist.
    """
    try:
        array = pairs if isinstance(pairs, np.ndarray) else np.array([tuple(pair) for pair in pairs])
    except (TypeError, ValueError):
        raise ValueError(f"{name} has to hold pairs of rows.") from None
    if array.size == 0:
        return NO_PAIRS
    if array.ndim != 2 or array.shape[1] != 2 or array.dtype.kind not in "iu":
        raise ValueError(f"{name} has to hold pairs of rows.")
    if array.min() < 0 or array.max() >= faces:
        raise ValueError(f"{name} names row {array[(array < 0) | (array >= faces)][0]}; rows go from 0 to {faces - 1}.")
    return array.astype(np.int64)
