"""IMM's gate: which faces may found a cluster; the others may only join one."""

import numpy as np
from numpy.typing import NDArray

from vultus.config import People


def founding(
    side: NDArray[np.float32], pose: NDArray[np.float32], quality: NDArray[np.float32], gate: People
) -> NDArray[np.bool_]:
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
    large = np.asarray(side) > gate.founding_side
    frontal = (np.abs(pose) < gate.founding_angle).all(axis=1)
    clear = np.asarray(quality) > gate.founding_quality
    founds: NDArray[np.bool_] = large & frontal & clear
    return founds
