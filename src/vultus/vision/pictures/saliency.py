"""Saliency: where a picture draws the eye."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.media.images.picture import Picture

SIDE = 64  # pixels of the picture that the spectrum is taken of: saliency is a matter of the large
NEIGHBOURS = 3  # frequencies that a frequency is compared with, each way
SMOOTH = 2.5  # pixels of the map
CENTRE = 0.3  # share of the middle, where photographers put what they mean
FLAT = 1.0  # grey levels (standard deviation) under which a picture has nothing to look at
REACH = 0.35  # of the sides: how far the middle reaches (standard deviation)

Map = NDArray[np.float64]


def saliency_of(picture: Picture) -> Map:
    """Return how much each part of a picture draws the eye, (h, w) of at most ``SIDE``, none below 0, adding up to 1.

    What the spectrum has beyond what it has on average at neighbouring frequencies is what is unlike its surroundings.

    Source: Hou and Zhang, Saliency detection: a spectral residual approach, 2007.
    """
    height, width = picture.pixels.shape[:2]
    share = SIDE / max(height, width)
    size = max(round(width * share), 1), max(round(height * share), 1)
    small = cv2.resize(cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA)
    if small.std() < FLAT:
        return _middle(small.shape[0], small.shape[1])
    spectrum = np.fft.fft2(small.astype(np.float64))
    strength = np.log(np.abs(spectrum) + 1)
    residual = strength - cv2.blur(strength, (NEIGHBOURS, NEIGHBOURS), borderType=cv2.BORDER_REFLECT)
    drawn = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    smooth: Map = cv2.GaussianBlur(drawn, (0, 0), SMOOTH).astype(np.float64, copy=False)
    drawing: Map = (1 - CENTRE) * smooth / smooth.sum() + CENTRE * _middle(smooth.shape[0], smooth.shape[1])
    return drawing


def _middle(height: int, width: int) -> Map:
    down, across = (np.exp(-(((np.arange(n) + 0.5) / n - 0.5) ** 2) / (2 * REACH**2)) for n in (height, width))
    middle: Map = np.outer(down, across)
    middle /= middle.sum()
    return middle
