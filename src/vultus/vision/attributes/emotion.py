"""What a face expresses."""

import numpy as np
from numpy.typing import NDArray

from vultus.vision.faces.face import Trait

EMOTIONS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "none")  # none: the face is neutral


def emotion_of(probabilities: NDArray[np.float64]) -> Trait:
    """Return the likeliest emotion, and how likely it is.

    Args:
        probabilities: (7,) of ``EMOTIONS``.
    """
    likeliest = int(np.argmax(probabilities))
    return Trait(EMOTIONS[likeliest], float(probabilities[likeliest]))
