"""ImageScore: how good a picture is to look at, whatever it shows.

The score is the product of four shares, each 1 for a picture without that fault: sharpness, noise, blocks of
compression, exposure. Each is measured so that it hardly answers to the other faults: blur is told from the strongest
edges, noise from the flattest places, blocks by their grid. docs/metadata.md says how it goes with degraded copies.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.media.images.picture import Picture

SIDE = 1024  # pixels of the longer side at which a picture is judged; blur of a smaller one counts as if enlarged

EDGES = 98  # percentile of the gradients that are edges
EVERY = 3  # pixels from one that is looked at for edges to the next: neighbours say the same
SOFT = 4.0  # pixels of blur (standard deviation) that halve the score: an edge spread over a hundredth of the width
NOISY = 13.0  # grey levels of noise (standard deviation) that halve the score
FLAT = 5  # percentile of the noise over the patches of a picture that is taken for that of all: of the flattest
PATCH = 8  # pixels of a side of a patch
DARK, BRIGHT = 16, 239  # grey levels outside of which noise is cut off
BLOCKY = 0.4  # share of the differences that follows the grid, which halves the score: JPEG of quality 15 or so
BLOCK = 8  # pixels of the full-size picture: the grid of JPEG
WAVES = 3  # of the grid that are looked at: a step has overtones
WHITE = 220.0  # grey level that the lightest parts of a well exposed picture reach
LIGHTEST = 98  # percentile of the grey levels that counts as the lightest parts
CLIPPED = 250, 4  # grey levels from which, and up to which, nothing can be told apart
LOST = 1.0  # how much what is clipped counts, in parts of the picture; highlights that blend in are borne

_NOISE_MASK = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_NOISE_GAIN = 6 * math.sqrt(2 / math.pi)  # of the mean answer of the mask to noise of one unit

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PictureQuality:
    """How good a picture is.

    Attributes:
        sharpness, cleanness, smoothness, exposure: shares, 0 to 1: free of blur, noise, blocks of compression, and of
            what is too dark or too bright.
    """

    sharpness: float
    cleanness: float
    smoothness: float
    exposure: float

    @property
    def overall(self) -> float:
        """All in one, 0 to 1."""
        return self.sharpness * self.cleanness * self.smoothness * self.exposure


def quality_of_picture(picture: Picture) -> PictureQuality:
    """Judge a picture by its pixels, reduced to ``SIDE`` if it is larger."""
    grey, scale = _grey(picture)
    plane = grey.astype(np.float32)
    blur, noise, blocks = _blur(plane) * SIDE / max(grey.shape), _noise(plane), _blocks(grey, BLOCK / scale)
    return PictureQuality(
        sharpness=1 / (1 + (blur / SOFT) ** 2),
        cleanness=1 / (1 + (noise / NOISY) ** 2),
        smoothness=1 / (1 + (blocks / BLOCKY) ** 2),
        exposure=_exposure(grey),
    )


def _grey(picture: Picture) -> tuple[NDArray[np.uint8], float]:
    """Brightness at the scale of the judgement, and how many full-size pixels a pixel of it is."""
    grey = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY)
    ratio = SIDE / max(grey.shape)
    if ratio < 1:
        size = (max(round(grey.shape[1] * ratio), 1), max(round(grey.shape[0] * ratio), 1))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return grey.astype(np.uint8, copy=False), max(picture.width, picture.height) / max(grey.shape)


def _blur(plane: Plane) -> float:
    """How blurred the sharpest edges are: standard deviation of the Gaussian, pixels.

    The gradient of a step that is blurred by b falls with the Gaussian of width s through which one looks, as
    1 / sqrt(b² + s²); two looks, at 1 and 2 pixels, tell b whatever the height of the step.

    Source: Elder and Zucker, Local scale control for edge detection and blur estimation, 1998; here for a picture.
    """
    near, far = (_edges(plane, width) for width in (1.0, 2.0))
    ratio = (near / max(far, 0.1)) ** 2  # 0.1: a picture without an edge is blurred beyond measure
    return math.sqrt(max(4 - ratio, 0) / max(ratio - 1, 1e-4))


def _edges(plane: Plane, width: float) -> float:
    seen = cv2.GaussianBlur(plane, (0, 0), width)
    across = seen[1:-1:EVERY, 2::EVERY] - seen[1:-1:EVERY, :-2:EVERY]
    down = seen[2::EVERY, 1:-1:EVERY] - seen[:-2:EVERY, 1:-1:EVERY]
    return float(np.percentile(np.hypot(across, down), EDGES)) if across.size else 0.0


def _noise(plane: Plane) -> float:
    """Standard deviation of the noise, grey levels: that of the flattest patches that are neither black nor white.

    Source: Immerkaer, Fast noise variance estimation, 1996, by patches.
    """
    height, width = (side // PATCH for side in plane.shape)
    if not height or not width:
        return 0.0
    whole = plane[: height * PATCH, : width * PATCH]
    answer = np.abs(cv2.filter2D(whole, cv2.CV_32F, _NOISE_MASK))
    noise, level = (cv2.resize(each, (width, height), interpolation=cv2.INTER_AREA) for each in (answer, whole))
    told = noise[(level > DARK) & (level < BRIGHT)]
    return float(np.percentile(told, FLAT)) / _NOISE_GAIN if told.size else 0.0


def _blocks(grey: NDArray[np.uint8], period: float) -> float:
    """How much of the differences between neighbours repeats with the blocks of JPEG, 0 and up.

    Args:
        grey: (h, w).
        period: pixels from one edge of a block to the next; under 2 of them the blocks have been averaged away.
    """
    return (_repeated(grey, period) + _repeated(np.ascontiguousarray(grey.T), period)) / 2


def _repeated(grey: NDArray[np.uint8], period: float) -> float:
    """The waves of a period and its overtones in the differences across, in parts of their mean; the phase is free."""
    count = grey.shape[1] - 1
    if period < 2 or count < 4 * period:
        return 0.0
    steps = cv2.absdiff(grey[:, 1:], grey[:, :-1])
    differences = cv2.reduce(steps, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel()
    window = np.hanning(count)
    weighed = (differences - differences.mean()) * window
    waves = np.arange(1, min(WAVES, int(period / 2)) + 1)
    turns = np.exp(-2j * np.pi / period * np.outer(waves, np.arange(count)))
    return float(np.abs(turns @ weighed).sum() / window.sum() / max(float(differences.mean()), 0.5))


def _exposure(grey: NDArray[np.uint8]) -> float:
    """How light the lightest parts are, and how little is clipped."""
    shares = np.cumsum(cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel()) / grey.size
    lightest = int(np.searchsorted(shares, LIGHTEST / 100))
    bright, dark = 1 - float(shares[CLIPPED[0] - 1]), float(shares[CLIPPED[1]])
    return min(math.sqrt(lightest / WHITE), 1) * math.exp(-LOST * (bright + dark / 2))
