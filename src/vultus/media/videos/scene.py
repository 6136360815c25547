"""Scenes: where a film cuts from one shot to the next."""

import numpy as np
from numpy.typing import NDArray

Sketch = NDArray[np.uint8]  # (18, 32) grey: a frame made so small that what moves hardly shows

SKETCH = (32, 18)  # width and height of a sketch, pixels
# From one frame to the next, hand-held and lively shots change by 12 grey levels and lose .3 of their correlation;
# cuts change by 25, and lose .7.
CHANGED = 18.0  # grey levels of 255 by which two frames differ on average, to be of two scenes
UNLIKE = 0.5  # correlation of the two that is lost, likewise


def is_cut(before: Sketch, after: Sketch) -> bool:
    """Whether two frames that follow each other are of two scenes."""
    if np.abs(before.astype(np.int16) - after).mean() <= CHANGED:
        return False
    first, second = before - before.mean(), after - after.mean()
    shared = float((first * second).sum())
    return shared <= (1 - UNLIKE) * float(np.linalg.norm(first) * np.linalg.norm(second))
