"""What gender a face is taken for."""

import numpy as np
from numpy.typing import NDArray

from vultus.vision.faces.face import Trait


def gender_of(probabilities: NDArray[np.float64]) -> Trait:
    """Return the likelier gender, and how likely it is.

    Args:
        probabilities: (2,) of female and male.
    """
    female, male = (float(share) for share in probabilities)
    return Trait("female", female) if female >= male else Trait("male", male)
