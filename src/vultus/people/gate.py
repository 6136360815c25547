"""IMM's gate: which faces may found a cluster; the others may only join one."""

from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vultus.config import People

Flags = NDArray[np.bool_]


class Shortcoming(StrEnum):
    """Why a face that belongs to nobody founded nobody; the first that holds is told."""

    SMALL = "too small"
    TURNED = "turned away"
    UNCLEAR = "not clear enough"
    FEW = "too few alike"


def large(side: ArrayLike, gate: People) -> Flags:
    """Whether a box is large enough to found; smaller side in pixels."""
    return np.asarray(side) > gate.founding_side


def frontal(angle: ArrayLike, gate: People) -> Flags:
    """Whether a face is turned little enough to found; pitch, roll or yaw in degrees."""
    upright: Flags = np.abs(np.asarray(angle)) < gate.founding_angle
    return upright


def clear(quality: ArrayLike, gate: People) -> Flags:
    """Whether a face is of a quality to found; 0 to 1."""
    return np.asarray(quality) > gate.founding_quality


def founding(side: ArrayLike, pose: ArrayLike, quality: ArrayLike, gate: People) -> Flags:
    """Tell the faces that are large, frontal and clear enough to found a cluster.

    Args:
        side: (n,) smaller side of the box, pixels.
        pose: (n, 3) pitch, roll and yaw, degrees.
        quality: (n,) fitness for recognition, 0 to 1.
        gate: the limits; a face has to be past each of them, not on it.

    Returns:
        (n,) whether a face may found.

    Source: Alibaba Cloud IMM, FAQ about image management.
    """
    founds: Flags = large(side, gate) & frontal(pose, gate).all(axis=1) & clear(quality, gate)
    return founds


def skipped(side: NDArray[Any], pose: NDArray[Any], quality: NDArray[Any], gate: People) -> dict[str, int]:
    """Count faces that belong to nobody by what kept them from founding; arguments as for ``founding``."""
    lacking = {
        Shortcoming.SMALL: ~large(side, gate),
        Shortcoming.TURNED: ~frontal(pose, gate).all(axis=1),
        Shortcoming.UNCLEAR: ~clear(quality, gate),
        Shortcoming.FEW: np.ones(len(side), np.bool_),
    }
    first = np.argmax(np.stack(list(lacking.values())), axis=0)
    counts = np.bincount(first, minlength=len(lacking))
    return {str(reason): int(count) for reason, count in zip(lacking, counts, strict=True) if count}
