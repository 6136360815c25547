"""FaceQuality: how fit a face is for recognition."""

import math

from vultus.vision.embed import Embedding
from vultus.vision.face import Pose


def quality_of(embedding: Embedding, pose: Pose, sharpness: float, confidence: float) -> float:
    """Return how fit a face is for recognition, 0 to 1."""
    turned = max(abs(pose.yaw), abs(pose.pitch), abs(pose.roll) / 2) / 60
    return (
        1 / (1 + math.exp(-(embedding.strength - 45) / 6)) * max(1 - turned * turned, 0) * confidence * (sharpness > 0)
    )
