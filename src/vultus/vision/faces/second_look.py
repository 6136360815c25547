"""A second look where no face is sure: for faces under masks, those cut off close about them, and what is none."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vultus.vision.boxes import Boxes, Values, square, strongest
from vultus.vision.faces.spotter import FaceSpotter
from vultus.vision.pyramid import Pixels, Pyramid

PLAIN = 0.95  # confidence of the cascade from which nobody else is asked
FRAMES = (1.3, 2.0)  # sides of the whole picture; what fills it is seen better with something about it
LIKELY = 0.4  # of a face, from which a box is looked at closer
OVERLAP = 0.3  # of the union; boxes that share more are one
MOST = 3  # boxes that are looked at closer, the likeliest
VIEWS = (1.4, 2.0, 2.6)  # sides of a box that are shown around it, looking closer
OFF_CENTRE = 0.15  # of the view; a face must be where it was seen before
SIZES = (0.6, 1.6)  # of the box; and as large
FOREHEAD = 0.15  # of the height of a box; the cascade's begin that much higher
# How likely a face is, by what each network makes of it. Fitted by logistic regression on 160 views of 40 masked faces
# and 963 of rooms, cloth, hands and hair, in which the cascade finds nothing or little.
WEIGHTS = (2.6, 4.75, 4.3)  # of the network that seeks, of the one that is asked as well, of the cascade's last
CONSTANT = -5.4
SURE = 0.7  # probability; one in two hundred of the views without a face is above it, and 37 of the 40 faces
# What passes and is none after all, hands and cloth and leaves, betrays itself. Of 27 such places in 4,626 pictures
# without a face, most of them pieces of photos of people, these two leave nine, and all faces but one of 121.
APART = 0.18  # of the side of a face; two networks that see its eyes further apart do not see the same face
ALONE = 0.55  # mean of all that look closer; from there on the mesh need not see a face, as under a mask or in profile
PRESENT = 0.5  # probability from which the mesh sees one

Presence = Callable[[Pixels, Values], float]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What may be faces, as the cascade's last network sees them.

    Attributes:
        places: (n, 4) boxes from the eyebrows to the chin.
        boxes: (n, 4) as the cascade has them.
        landmarks: (n, 5, 2).
        first: (n,) how likely it takes each for a face, 0 to 1, looking at its place.
        again: (n,) likewise, looking at its box.

    All in pixels of the picture.
    """

    places: Boxes
    boxes: Boxes
    landmarks: Values
    first: Values
    again: Values


@dataclass(frozen=True, slots=True)
class Look:
    """What a network sees in a place, on average of several views.

    Attributes:
        likely: how likely it takes it for a face, 0 to 1.
        eyes: (k, 2, 2) the eyes in those views in which it sees something.
    """

    likely: float
    eyes: Values


class SecondLook:
    """Two networks of another kind than the cascade: they know a face from its eyes, with or without a mouth."""

    def __init__(self, seeker: FaceSpotter, witness: FaceSpotter, presence: Presence | None = None) -> None:
        """Take the networks.

        Args:
            seeker: looks at the whole picture, and closer.
            witness: looks closer.
            presence: tells how likely a mesh lies on a face, 0 to 1, from the picture and five landmarks in it; when
                left out, nobody is asked.
        """
        self._seeker = seeker
        self._witness = witness
        self._presence = presence

    def needed(self, pixels: Pixels, landmarks: Values, confidence: Values) -> bool:
        """Whether the cascade found nothing, or only what it is not sure of and the mesh does not see.

        Args:
            pixels: (h, w, 3) RGB, the picture.
            landmarks: (n, 5, 2) of what it found.
            confidence: (n,) of the cascade.
        """
        if (confidence >= PLAIN).any():
            return False
        return not any(self._present(pixels, face) >= PRESENT for face in landmarks)

    def places(self, pyramid: Pyramid, width: int, height: int) -> Boxes:
        """Look for what may be a face.

        Args:
            pyramid: of the picture.
            width: of the picture, pixels.
            height: likewise.

        Returns:
            (n, 4) boxes, from the eyebrows to the chin, the likeliest first; a few at most.
        """
        middle, longer = np.array([width, height] * 2, np.float32) / 2, max(width, height)
        frames = [middle + np.array([-1, -1, 1, 1], np.float32) * (longer * frame / 2) for frame in FRAMES]
        seen = [self._seeker.spot(pyramid, frame) for frame in frames]
        boxes, likely = np.concatenate([one.boxes for one in seen]), np.concatenate([one.likely for one in seen])
        boxes, likely = boxes[likely >= LIKELY], likely[likely >= LIKELY]
        return boxes[strongest(boxes, likely, OVERLAP)[:MOST]]

    def certainty(self, pixels: Pixels, pyramid: Pyramid, candidates: Candidates) -> Values:
        """Return how likely candidates are faces, 0 to 1, on average of all that were asked; 0 of what is none.

        Args:
            pixels: (h, w, 3) RGB, the picture.
            pyramid: of the picture.
            candidates: what may be faces.
        """
        likely = [self._likely(pixels, pyramid, candidates, row) for row in range(len(candidates.places))]
        return np.array(likely, np.float32)

    def _likely(self, pixels: Pixels, pyramid: Pyramid, candidates: Candidates, row: int) -> float:
        looks = [_closer(one, pyramid, candidates.places[row]) for one in (self._seeker, self._witness)]
        likely, again = [look.likely for look in looks], float(candidates.again[row])
        sure = 1 / (1 + math.exp(-float(np.dot([*likely, candidates.first[row]], WEIGHTS)) - CONSTANT))
        landmarks = candidates.landmarks[row]
        if sure < SURE or _apart(looks, landmarks[:2], candidates.boxes[row]) > APART:
            return 0.0
        if self._presence is None:
            return (sure + again) / 2
        present = self._presence(pixels, landmarks)
        return (sure + again + present) / 3 if present >= PRESENT or np.mean([*likely, again]) >= ALONE else 0.0

    def _present(self, pixels: Pixels, landmarks: Values) -> float:
        """How likely the mesh lies on a face; nobody says that it does not where there is no mesh."""
        return self._presence(pixels, landmarks) if self._presence else 1.0


def with_forehead(boxes: Boxes) -> Boxes:
    """Return boxes that reach as high as those of the cascade."""
    raised = boxes.copy()
    raised[:, 1] -= FOREHEAD * (boxes[:, 3] - boxes[:, 1])
    return square(raised)


def without_forehead(boxes: Boxes) -> Boxes:
    """Return boxes of the cascade from the eyebrows on."""
    lowered = boxes.copy()
    lowered[:, 1] += FOREHEAD / (1 + FOREHEAD) * (boxes[:, 3] - boxes[:, 1])
    return lowered


def _closer(spotter: FaceSpotter, pyramid: Pyramid, box: Values) -> Look:
    """What a network makes of what is in a box."""
    middle, side = (box[:2] + box[2:]) / 2, float((box[2:] - box[:2]).max())
    likely, eyes = [], []
    for view in VIEWS:
        half = side * view / 2
        seen = spotter.spot(pyramid, np.concatenate([middle - half, middle + half]).astype(np.float32))
        away = np.abs((seen.boxes[:, :2] + seen.boxes[:, 2:]) / 2 - middle).max(axis=1) / (2 * half)
        size = (seen.boxes[:, 2:] - seen.boxes[:, :2]).max(axis=1) / side
        there = np.flatnonzero((away < OFF_CENTRE) & (size > SIZES[0]) & (size < SIZES[1]))
        best = there[np.argsort(-seen.likely[there], kind="stable")[:1]]
        likely.append(float(seen.likely[best].sum()))
        eyes.append(seen.eyes[best])
    return Look(float(np.mean(likely)), np.concatenate(eyes))


def _apart(looks: list[Look], eyes: Values, box: Values) -> float:
    """How far the eyes that the networks see lie from those of the cascade, in sides of its box."""
    seen = np.concatenate([look.eyes for look in looks])
    if not len(seen):
        return math.inf
    return float(np.linalg.norm(seen.mean(axis=0) - eyes, axis=1).mean() / (box[2:] - box[:2]).max())
