"""How sharp a face is."""

import cv2
import numpy as np

from vultus.vision.pyramid import Pixels

CENTRE = slice(16, 96)  # pixels of the chip; hair and background are left out
GRAIN = 0.7  # pixels; finer than this is noise of the sensor, and smoothed away
HALF = 0.0144  # share of detail in the contrast that counts as half sharp: between LFW as it is and LFW blurred


def sharpness_of(chip: Pixels) -> float:
    """Return how sharp a face is, 0 to 1.

    The variance of the Laplacian in parts of the variance of the brightness, x, bent to 0 to 1 by x / (x + HALF): a
    dark or flat picture of a sharp face is sharp. A small face made large is as blurred as a large one out of focus.

    Args:
        chip: (112, 112, 3) RGB, aligned.

    Source: the variance of the Laplacian is the focus measure LAP4 of Pertuz et al., Analysis of focus measure
    operators for shape-from-focus, 2013.
    """
    grey = cv2.cvtColor(chip, cv2.COLOR_RGB2GRAY)[CENTRE, CENTRE].astype(np.float32)
    smooth = cv2.GaussianBlur(grey, (0, 0), GRAIN)
    detail = float(np.mean(np.square(cv2.Laplacian(smooth, cv2.CV_32F))))
    share = detail / max(float(np.var(grey)), 1.0)
    return share / (share + HALF)
