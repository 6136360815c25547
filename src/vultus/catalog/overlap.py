"""Where faces are in a file, and which are in the same place."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SAME_FACE = 0.5  # intersection over union above which two boxes of one file hold the same face
MOMENT = 100  # milliseconds between two frames that show the same: encoding anew moves a frame by less


class Box(NamedTuple):
    """A box in pixels, in a frame of a video."""

    left: int
    top: int
    width: int
    height: int
    frame: int = 0  # milliseconds from the start; 0 in a picture


def overlaps(new: Sequence[Box], old: Sequence[Box]) -> NDArray[np.float64]:
    """Return the intersection of each new box with each old one over their union.

    Returns:
        (n, m) values, 0 to 1; boxes of two moments share nothing.
    """
    mine, theirs = columns(new)[:, None], columns(old)[None]
    low = np.maximum(mine[..., :2], theirs[..., :2])
    high = np.minimum(mine[..., :2] + mine[..., 2:4], theirs[..., :2] + theirs[..., 2:4])
    shared = np.maximum(high - low, 0).prod(axis=-1)
    shared *= np.abs(mine[..., 4] - theirs[..., 4]) <= MOMENT
    union = mine[..., 2:4].prod(axis=-1) + theirs[..., 2:4].prod(axis=-1) - shared
    return np.asarray(shared / np.maximum(union, 1), np.float64)


def same_faces(new: Sequence[Box], old: Sequence[Box]) -> dict[int, int]:
    """Pair new boxes with the old ones they cover, best first, each box once.

    Returns:
        For the index of a new box, the index of its old one; boxes without a partner are left out.
    """
    shared = overlaps(new, old)
    return best_first(pairs_of(np.where(shared > SAME_FACE, shared, -np.inf)))


def pairs_of(score: NDArray[np.float64], start: int = 0) -> NDArray[np.float64]:
    """Return the pairs of a table as (k, 3) row, column and score.

    Args:
        score: (n, m), minus infinity for what is no pair.
        start: number of the first row.
    """
    rows, columns = np.nonzero(np.isfinite(score))
    return np.column_stack([rows + start, columns, score[rows, columns]])


def best_first(pairs: NDArray[np.float64]) -> dict[int, int]:
    """Pair rows with columns, the pair of the highest score first, each once.

    Args:
        pairs: (k, 3) row, column and score of what may be a pair.
    """
    partners: dict[int, int] = {}
    taken: set[int] = set()
    rows, columns, score = pairs.T
    for place in np.lexsort((columns, rows, -score)):
        row, column = int(rows[place]), int(columns[place])
        if row not in partners and column not in taken:
            partners[row] = column
            taken.add(column)
    return partners


def columns(boxes: Sequence[Box]) -> NDArray[np.float64]:
    """Return boxes as (n, 5) left, top, width, height and frame."""
    return np.array(boxes, np.float64).reshape(-1, len(Box._fields))
