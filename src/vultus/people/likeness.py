"""Likeness: what the similarity of two faces says of whether they are one person's."""

import numpy as np
from numpy.typing import NDArray

from vultus.people.curve import FarCurve
from vultus.people.thresholds import LIKENESS_RATE, LIKENESS_SLOPE


def likeness(cosine: NDArray[np.float64], curve: FarCurve) -> NDArray[np.float64]:
    """The chance that two faces are one person's, where one pair of faces in ten is.

    A logistic function of the cosine on the curve of its model, so that a likeness means the same for every model. It
    is a half where one pair of strangers in 1,000 comes as near, and rises with the cosine to 1 for the same vector.

    Args:
        cosine: of the embeddings of two faces; any number of them.
        curve: of the model that embedded them.

    Returns:
        0 to 1 for each.
    """
    middle = float(curve.spans(np.asarray(curve.at(LIKENESS_RATE))))

    def chance(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return 1 / (1 + np.exp(-LIKENESS_SLOPE * (curve.spans(values) - middle)))

    # Divided by what two equal vectors would get: .99999 or so, less for a model that keeps strangers less apart.
    return chance(np.clip(cosine, -1.0, 1.0)) / chance(np.array(1.0))
