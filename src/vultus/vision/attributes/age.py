"""How old a face looks."""

import numpy as np
from numpy.typing import NDArray

from vultus.vision.faces.face import Age


def age_of(probabilities: NDArray[np.float64], spread: float) -> Age:
    """Return the expected age and the standard deviation.

    Args:
        probabilities: (n,) of each year from 0 on.
        spread: how many times the deviation is as large as they say.
    """
    years = np.arange(len(probabilities))
    expected = float(probabilities @ years)
    return Age(expected, spread * float(np.sqrt(probabilities @ np.square(years - expected))))
