"""A face found in a picture."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a head turns, in degrees; all zero for a face that looks straight into the camera.

    Attributes:
        pitch: positive when the face looks up.
        roll: positive when the head leans clockwise as the viewer sees it.
        yaw: positive when the face looks to the right as the viewer sees it.
    """

    pitch: float
    roll: float
    yaw: float


@dataclass(frozen=True, slots=True)
class Age:
    """How old a face looks.

    Attributes:
        years: the expected age.
        deviation: years; the standard deviation of the ages that may be.
    """

    years: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Trait:
    """What a face is taken for in one respect.

    Attributes:
        value: one of IMM's words for it, such as female or sunglasses.
        confidence: 0 to 1, the chance that somebody who looks at the photo says the same.
    """

    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Traits:
    """What is told of a face besides who it is; each None where nobody asked for it or no model tells it.

    Attributes:
        appeal: 0 to 1, how well the photo shows the face.
    """

    age: Age | None = None
    gender: Trait | None = None
    emotion: Trait | None = None
    mouth: Trait | None = None
    mask: Trait | None = None
    glasses: Trait | None = None
    hat: Trait | None = None
    beard: Trait | None = None
    appeal: float | None = None


@dataclass(frozen=True, slots=True)
class Face:
    """A face: where it is, how well it can be recognised, and its embedding.

    Attributes:
        box: left, top, width and height in pixels of the upright full-size image, inside of it.
        landmarks: (5, 2) left eye, right eye, nose, left and right corner of the mouth, as the viewer sees them, in
            pixels of the upright full-size image; a landmark may lie outside.
        confidence: 0 to 1, of the detector.
        pose: where the head turns.
        sharpness: 0 to 1.
        quality: 0 to 1, how fit the face is for recognition.
        embedding: (d,) of unit length; d and the meaning follow from the embedding model.
        traits: what is told of it besides.
    """

    box: tuple[int, int, int, int]
    landmarks: NDArray[np.float32]
    confidence: float
    pose: Pose
    sharpness: float
    quality: float
    embedding: NDArray[np.float32]
    traits: Traits = field(default_factory=Traits)
