"""A second look where no face was found: for faces under masks, and those cut off close about them."""

import numpy as np

from vultus.vision.boxes import Boxes, Values, square, strongest
from vultus.vision.faces.spotter import FaceSpotter
from vultus.vision.pyramid import Pyramid

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


class SecondLook:
    """Two networks of another kind than the cascade: they know a face from its eyes, with or without a mouth."""

    def __init__(self, seeker: FaceSpotter, witness: FaceSpotter) -> None:
        """Take the networks.

        Args:
            seeker: looks at the whole picture, and closer.
            witness: looks closer.
        """
        self._seeker = seeker
        self._witness = witness

    def candidates(self, pyramid: Pyramid, width: int, height: int) -> Boxes:
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
        boxes, likely = (np.concatenate(parts) for parts in zip(*seen, strict=True))
        boxes, likely = boxes[likely >= LIKELY], likely[likely >= LIKELY]
        return boxes[strongest(boxes, likely, OVERLAP)[:MOST]]

    def certainty(self, pyramid: Pyramid, boxes: Boxes, known: Values) -> Values:
        """Return how likely candidates are faces, 0 to 1.

        Args:
            pyramid: of the picture.
            boxes: (n, 4) candidates.
            known: (n,) what the last network of the cascade makes of them, 0 to 1.
        """
        opinions = [[_closer(one, pyramid, box) for one in (self._seeker, self._witness)] for box in boxes]
        evidence = np.column_stack([np.array(opinions, np.float32).reshape(-1, 2), known]) @ WEIGHTS + CONSTANT
        certainty: Values = (1 / (1 + np.exp(-evidence))).astype(np.float32)
        return certainty


def with_forehead(boxes: Boxes) -> Boxes:
    """Return boxes that reach as high as those of the cascade."""
    raised = boxes.copy()
    raised[:, 1] -= FOREHEAD * (boxes[:, 3] - boxes[:, 1])
    return square(raised)


def _closer(spotter: FaceSpotter, pyramid: Pyramid, box: Values) -> float:
    """How likely a network takes what is in a box for a face, on average of several views."""
    middle, side = (box[:2] + box[2:]) / 2, float((box[2:] - box[:2]).max())
    likely = []
    for view in VIEWS:
        half = side * view / 2
        boxes, scores = spotter.spot(pyramid, np.concatenate([middle - half, middle + half]).astype(np.float32))
        away = np.abs((boxes[:, :2] + boxes[:, 2:]) / 2 - middle).max(axis=1) / (2 * half)
        size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1) / side
        there = scores[(away < OFF_CENTRE) & (size > SIZES[0]) & (size < SIZES[1])]
        likely.append(float(there.max(initial=0)))
    return float(np.mean(likely))
