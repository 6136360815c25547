"""Attractive: how well a photo shows a face; no judgement of whom it shows."""

import math

import cv2
import numpy as np

from vultus.vision.faces.face import Pose
from vultus.vision.pyramid import Pixels

MIDDLE = slice(24, 96)  # pixels of the chip; hair and background are left out
BLACK, WHITE = 4, 251  # 0 to 255; darker and brighter than these there is nothing to be seen
BLANK = 0.15  # share of a face without anything to be seen that makes its light worthless
LOPSIDED = 2.0  # times that one half of the face is brighter than the other: worth half
TURNED = 45.0  # degrees between a face and the camera: worth half
SHUT, OPEN = 0.05, 0.15  # openness of closed eyes, and of eyes that are open, however narrow


def appeal_of(chip: Pixels, sharpness: float, pose: Pose, openness: float) -> float:
    """Return how well a photo shows a face, 0 to 1: the geometric mean of light, sharpness, pose and open eyes.

    It follows from how the photo was taken, and from nothing that people are rated by: no feature of a face is looked
    at, and nothing was learned from anybody's taste.

    Args:
        chip: (112, 112, 3) RGB, aligned.
        sharpness: 0 to 1, as ``sharpness_of`` says.
        pose: where the head turns.
        openness: of the eyes, as ``openness_of`` says.
    """
    turned = math.hypot(pose.pitch, pose.roll, pose.yaw) / TURNED
    awake = min(max((openness - SHUT) / (OPEN - SHUT), 0.0), 1.0)
    parts = (light_of(chip), sharpness, 1 / (1 + turned**2), awake)
    return math.prod(parts) ** (1 / len(parts))


def light_of(chip: Pixels) -> float:
    """Return how well a face is lit, 0 to 1: whether all of it can be seen, and its halves alike.

    How bright it is is not asked: dark skin is no poor light. What is black or white without detail is, and so is a
    face half in the shade; halves are compared by their ratio, so that skin cancels out.

    Args:
        chip: (112, 112, 3) RGB, aligned.
    """
    grey = cv2.cvtColor(chip, cv2.COLOR_RGB2GRAY)[MIDDLE, MIDDLE].astype(np.float32)
    blank = float(np.mean((grey <= BLACK) | (grey >= WHITE)))
    left, right = np.array_split(grey, 2, axis=1)
    lopsided = math.log((float(right.mean()) + 1) / (float(left.mean()) + 1)) / math.log(LOPSIDED)
    return max(1 - blank / BLANK, 0.0) / (1 + lopsided**2)
