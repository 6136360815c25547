"""How sharp a face is."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.vision.pyramid import Pixels

CENTRE = slice(16, 96)  # pixels of the chip; hair and background are left out
WINDOW = 7  # pixels; wide enough to tell noise from a lash, narrow enough to leave lashes alone
NOISE = 6.0  # variances of the noise that detail has to exceed; chips are drawn anew, which makes noise look less
GRAIN = 1.0  # pixels; finer than this is smoothed away: what noise is left, and the blocks of mild compression
HALF = 0.0086  # share of detail in the contrast that counts as half sharp: between LFW as it is and LFW blurred

_LIKE_NEIGHBOURS = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_DEVIATION = 6 * 0.6745  # of what the mask makes of noise of one unit: its length, times the median of a normal |x|

Plane = NDArray[np.float32]


def sharpness_of(chip: Pixels) -> float:
    """Return how sharp a face is, 0 to 1: how much is to be seen of what a sharp photo shows.

    The variance of the Laplacian in parts of the variance of the brightness, x, bent to 0 to 1 by x / (x + HALF): a
    dark or flat picture of a sharp face is sharp. A small face made large is as blurred as a large one out of focus.
    Noise is taken out before, so that it does not pass for detail; what it hides is lost with it.

    Args:
        chip: (112, 112, 3) RGB, aligned.

    Source: the variance of the Laplacian is the focus measure LAP4 of Pertuz et al., Analysis of focus measure
    operators for shape-from-focus, 2013.
    """
    grey: Plane = cv2.cvtColor(chip, cv2.COLOR_RGB2GRAY)[CENTRE, CENTRE].astype(np.float32)
    smooth = cv2.GaussianBlur(_without(_noise(grey), grey), (0, 0), GRAIN)
    detail = float(np.mean(np.square(cv2.Laplacian(smooth, cv2.CV_32F))))
    share = detail / max(float(np.var(grey)), 1.0)
    return share / (share + HALF)


def _noise(grey: Plane) -> float:
    """The variance of the noise.

    The mask answers to noise, and neither to a slope nor to a straight edge along rows or columns; the median leaves
    out the few places where a face answers as well.

    Source: Immerkaer, Fast noise variance estimation, 1996, with a median for the mean.
    """
    answer = cv2.filter2D(grey, -1, _LIKE_NEIGHBOURS)
    return float((np.median(np.abs(answer)) / _DEVIATION) ** 2)


def _without(noise: float, grey: Plane) -> Plane:
    """Draw each pixel towards the mean around it, the more the less the variance there exceeds that of noise.

    Source: Lee, Digital image enhancement and noise filtering by use of local statistics, 1980.
    """
    mean: Plane = cv2.blur(grey, (WINDOW, WINDOW)).astype(np.float32)
    variance = np.maximum(cv2.blur(np.square(grey), (WINDOW, WINDOW)) - np.square(mean), 1e-3)
    kept = np.maximum(variance - NOISE * noise, 0) / variance
    return mean + kept * (grey - mean)
