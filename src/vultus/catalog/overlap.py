"""Which faces of a file, found anew, are faces that it had before."""

from collections.abc import Sequence
from typing import NamedTuple

SAME_FACE = 0.5  # intersection over union above which two boxes of one file hold the same face


class Box(NamedTuple):
    """A box in pixels, in a frame of a video."""

    left: int
    top: int
    width: int
    height: int
    frame: int = 0  # milliseconds from the start; 0 in a picture


def overlap(first: Box, second: Box) -> float:
    """Return the intersection of two boxes over their union, 0 to 1; boxes of two frames share nothing."""
    if first.frame != second.frame:
        return 0.0
    width = min(first.left + first.width, second.left + second.width) - max(first.left, second.left)
    height = min(first.top + first.height, second.top + second.height) - max(first.top, second.top)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (first.width * first.height + second.width * second.height - shared)


def same_faces(new: Sequence[Box], old: Sequence[Box]) -> dict[int, int]:
    """Pair new boxes with the old ones they cover, best first, each box once.

    Returns:
        For the index of a new box, the index of its old one; boxes without a partner are left out.
    """
    pairs = [(overlap(box, other), i, j) for i, box in enumerate(new) for j, other in enumerate(old)]
    partners: dict[int, int] = {}
    for shared, i, j in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if shared > SAME_FACE and i not in partners and j not in partners.values():
            partners[i] = j
    return partners
