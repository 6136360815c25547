"""FaceQuality: how fit a face is for recognition."""

import math

from vultus.vision.faces.embed import Embedding
from vultus.vision.models.model import QualityWeights

MOST = 0.999  # agreement from which a mirror says no more
SUREST = 0.9999  # confidence from which a detector says no more


def quality_of(embedding: Embedding, confidence: float, weights: QualityWeights) -> float:
    """Return the chance that a face is recognised, 0 to 1.

    Recognised means: nearer to another photo of its person, whichever, than to the nearest of 37,000 strangers. It is
    a logistic regression on what the networks themselves know of the face: how long its vector is before it is made
    unit (networks trained with a margin give short vectors for what they can hardly recognise), how well chip and
    mirror agree, and how certain the detector is. Size, sharpness and pose act through them; beside them they added
    nothing on 8,360 faces, clean and degraded.

    Args:
        embedding: of the face.
        confidence: of the detector, 0 to 1.
        weights: of the embedding model, from ``models.toml``.

    Source: the length of the vector as quality is MagFace's (Meng et al., 2021).
    """
    agreement = -math.log(1 - min(max(embedding.agreement, 0), MOST))
    certainty = -math.log(1 - min(confidence, SUREST))
    evidence = (
        weights.strength * embedding.strength
        + weights.agreement * agreement
        + weights.certainty * certainty
        + weights.constant
    )
    return 1 / (1 + math.exp(-max(evidence, -500.0)))
