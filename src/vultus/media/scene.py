"""Scenes: where a film cuts from one shot to the next."""

import numpy as np
from numpy.typing import NDArray

Sketch = NDArray[np.uint8]  # (18, 32) grey: a frame made so small that what moves hardly shows

SKETCH = (32, 18)  # width and height of a sketch, pixels
CHANGED = 20.0  # grey levels of 255 by which two frames differ on average, to be of two scenes
REMIXED = 0.2  # share of pixels that change their shade, likewise: a pan moves shades about, and mixes few anew
SHADES = 16


def is_cut(before: Sketch, after: Sketch) -> bool:
    """Whether two frames, a fraction of a second apart, are of two scenes."""
    difference = np.abs(before.astype(np.int16) - after).mean()
    return bool(difference > CHANGED and _remixed(before, after) > REMIXED)


def _remixed(before: Sketch, after: Sketch) -> float:
    first, second = (np.bincount(each.ravel() // (256 // SHADES), minlength=SHADES) for each in (before, after))
    return float(np.abs(first - second).sum() / (2 * before.size))
