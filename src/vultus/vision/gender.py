"""What gender a face is taken for."""

import numpy as np
from numpy.typing import NDArray

from vultus.vision.face import Gender


def gender_of(probabilities: NDArray[np.float64]) -> Gender:
    """Return the likelier gender, and how likely it is.

    Args:
        probabilities: (2,) of female and male.
    """
    female, male = (float(share) for share in probabilities)
    return Gender("female", female) if female >= male else Gender("male", male)
