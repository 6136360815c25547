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
    return best_first(np.where(shared > SAME_FACE, shared, -np.inf))


def best_first(score: NDArray[np.float64]) -> dict[int, int]:
    """Pair rows with columns, the pair of the highest score first, each once.

    Args:
        score: (n, m), minus infinity for what is no pair; is used up.
    """
    partners: dict[int, int] = {}
    if not score.size:
        return partners
    best = score.max(axis=1)
    while np.isfinite(best[row := int(best.argmax())]):
        column = int(score[row].argmax())
        if score[row, column] < best[row]:  # the column that it had in mind is taken
            best[row] = score[row, column]
            continue
        partners[row] = column
        score[:, column] = best[row] = -np.inf
    return partners


def columns(boxes: Sequence[Box]) -> NDArray[np.float64]:
    """Return boxes as (n, 5) left, top, width, height and frame."""
    return np.array(boxes, np.float64).reshape(-1, len(Box._fields))
