"""How sharp a face is."""

import cv2
import numpy as np

from vultus.vision.pyramid import Pixels

CENTRE = slice(16, 96)  # pixels of the chip; hair and background are left out
HALF = 6.0  # contrast of neighbours, in grey values, that counts as 0.5


def sharpness_of(chip: Pixels) -> float:
    """Return how sharp a face is, 0 to 1.

    The root mean square of the Laplacian over the middle of the face, bent to 0 to 1 by ``x / (x + HALF)``.

    Args:
        chip: (112, 112, 3) RGB, aligned; a small face made large is as blurred as a large one out of focus.
    """
    grey = cv2.cvtColor(chip, cv2.COLOR_RGB2GRAY)[CENTRE, CENTRE]
    detail = float(np.sqrt(np.mean(np.square(cv2.Laplacian(grey, cv2.CV_32F)))))
    return detail / (detail + HALF)
