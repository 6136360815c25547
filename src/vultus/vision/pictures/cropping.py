"""Cropping: the part of a picture to show where only another shape fits, which never cuts a face.

Pure geometry: a map of what matters, boxes of faces, and sizes. docs/metadata.md says it for users.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.vision.pictures.saliency import Map

RATIOS = ((1, 1), (4, 3), (3, 4), (16, 9), (9, 16))  # width to height
FACES = 0.5  # of what matters, where there are faces; the rest is what draws the eye
HAIR, SIDES, CHIN = 0.35, 0.15, 0.15  # of the box of a face, around it: a head, which is not cut either if it can be
WORTH = 0.8  # of what a crop holds that it may lose for the sake of whole heads
STEPS = (0.93, 0.99)  # each size of crops that is tried, in parts of the one before
SMALLEST = 0.1  # of the largest crop of its ratio
SCRAP = 0.25  # of the largest crop of its ratio; one that has less of it and no face, of a picture with faces, is none
PLACES = 25  # that are tried along each side, beside those that touch a face
MOST_FACES = 32  # that places touch, the largest; more of them leave no gaps to look for

Box = tuple[int, int, int, int]  # left, top, width, height; pixels
Values = NDArray[np.float64]
Wholes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a picture.

    Attributes:
        ratio: width to height.
        box: left, top, width and height, pixels of the picture.
        confidence: 0 to 1, how much of what matters is inside.
    """

    ratio: tuple[int, int]
    box: Box
    confidence: float


def crops_of(size: tuple[int, int], faces: Sequence[Box], saliency: Map) -> Iterator[Crop]:
    """Find the best crop of each ratio that cuts no face: it has a face whole or not at all.

    Of the crops that cut no head either it is the one that holds most of what matters, unless one that only spares
    the faces holds much more. None is found where faces leave no room for one, or but a scrap beside them.

    Args:
        size: width and height of the picture, pixels.
        faces: boxes inside of it.
        saliency: how much of what matters is where; of the picture's ratio, adding up to 1.
    """
    boxes = np.array(faces, np.int64).reshape(-1, 4)
    field = _Field.of(size, boxes, saliency)
    heads = _heads(boxes, size)
    for ratio in RATIOS:
        crop = _best(ratio, size, boxes, field)
        roomy = _best(ratio, size, heads, field) if len(boxes) else None
        if roomy and crop and roomy.confidence >= WORTH * crop.confidence:
            crop = roomy
        if crop and not _is_scrap(crop, boxes, size):
            yield crop


def _is_scrap(crop: Crop, boxes: Wholes, size: tuple[int, int]) -> bool:
    """Whether a crop leaves out all faces, and most of the rest: where a face fills the picture, room is beside it."""
    left, top, width, height = crop.box
    across, down = crop.ratio
    largest = across * down * min(size[0] / across, size[1] / down) ** 2
    whole = (boxes[:, :2] >= (left, top)) & (boxes[:, :2] + boxes[:, 2:] <= (left + width, top + height))
    return len(boxes) > 0 and width * height < SCRAP * largest and not whole.all(axis=1).any()


@dataclass(frozen=True, slots=True)
class _Field:
    """What matters, added up from the top left corner: entry (y, x) is what lies above and to the left."""

    sums: Values
    across: float  # cells of a pixel
    down: float

    @classmethod
    def of(cls, size: tuple[int, int], boxes: Wholes, saliency: Map) -> "_Field":
        height, width = saliency.shape
        field = cls(np.zeros((height + 1, width + 1)), width / size[0], height / size[1])
        field.sums[1:, 1:] = saliency.cumsum(0).cumsum(1)
        if len(boxes):
            weights = np.sqrt(np.prod(boxes[:, 2:], axis=1, dtype=np.float64))
            whole = (field._shares(boxes, 1) * (weights / weights.sum())) @ field._shares(boxes, 0).T
            field.sums[:] = (1 - FACES) * field.sums + FACES * whole
        return field

    def _shares(self, boxes: Wholes, axis: int) -> Values:
        """How much of each box lies before the edges of the cells along an axis: (edges, boxes), 0 to 1."""
        edges = np.arange(self.sums.shape[1 - axis]) / (self.across, self.down)[axis]
        return np.clip((edges[:, None] - boxes[:, axis]) / np.maximum(boxes[:, axis + 2], 1), 0, 1)

    def inside(self, lefts: Wholes, tops: Wholes, width: int, height: int) -> Values:
        """How much of what matters is inside crops of one size: (tops, lefts)."""
        rows = self._at(tops + height, 0) - self._at(tops, 0)
        columns = self._at(lefts + width, 1) - self._at(lefts, 1)
        return np.asarray(rows @ self.sums @ columns.T)

    def _at(self, pixels: Wholes, axis: int) -> Values:
        """Rows that take the sum at a place, between two cells in parts of both."""
        cells = self.sums.shape[axis] - 1
        place = np.minimum(pixels * (self.down, self.across)[axis], cells)
        first = np.minimum(place.astype(np.intp), cells - 1)
        rows = np.zeros((len(pixels), cells + 1))
        at = np.arange(len(pixels))
        rows[at, first], rows[at, first + 1] = 1 - (place - first), place - first
        return rows


def _best(ratio: tuple[int, int], size: tuple[int, int], uncut: Wholes, field: _Field) -> Crop | None:
    """The crop that holds most and cuts no box; the finer steps of size are only taken where the others leave none."""
    return next((crop for step in STEPS if (crop := _search(ratio, size, uncut, field, step))), None)


def _search(ratio: tuple[int, int], size: tuple[int, int], uncut: Wholes, field: _Field, step: float) -> Crop | None:
    best: Crop | None = None
    for width, height in _sizes(ratio, size, step):
        lefts, tops = (_places(size[axis], (width, height)[axis], uncut, axis) for axis in (0, 1))
        inside = field.inside(lefts, tops, width, height)
        if best and inside.max() <= best.confidence:
            break  # what is smaller holds less
        inside[_cut(lefts, tops, width, height, uncut)] = -1
        top, left = np.unravel_index(int(inside.argmax()), inside.shape)
        if inside[top, left] > (best.confidence if best else -1):
            box = int(lefts[left]), int(tops[top]), width, height
            best = Crop(ratio, box, float(np.clip(inside[top, left], 0, 1)))
    return best


def _sizes(ratio: tuple[int, int], size: tuple[int, int], step: float) -> Iterator[tuple[int, int]]:
    """Widths and heights of crops, from the largest on; the shorter side is the longer one's, rounded."""
    across, down = ratio
    lies = across >= down
    share = max(ratio) / min(ratio)
    longest = math.floor(min(size[0], size[1] * share) if lies else min(size[1], size[0] * share))
    for power in range(math.ceil(math.log(SMALLEST) / math.log(step))):
        longer = max(round(longest * step**power), 1)
        shorter = max(round(longer / share), 1)
        yield (longer, shorter) if lies else (shorter, longer)


def _places(whole: int, part: int, boxes: Wholes, axis: int) -> Wholes:
    """Where a crop may begin along an axis: evenly, and where an edge of it touches one of a box.

    Where any place is free of cuts, one of those is: moved until an edge touches, a crop still cuts nothing.
    """
    room = whole - part
    largest = boxes[np.argsort(-boxes[:, 2:].prod(axis=1), kind="stable")[:MOST_FACES]]
    starts = largest[:, axis]
    ends = starts + largest[:, axis + 2]
    touching = np.concatenate([starts, ends, starts - part, ends - part])
    even = np.linspace(0, room, PLACES).round().astype(np.int64)
    return np.unique(np.concatenate([even, touching[(touching >= 0) & (touching <= room)]]))


def _cut(lefts: Wholes, tops: Wholes, width: int, height: int, boxes: Wholes) -> NDArray[np.bool_]:
    """Which crops of one size cut a box: (tops, lefts), each ascending.

    Along an axis the places at which a crop touches a box follow each other, and so do those at which it has it whole.
    Those that touch it are a rectangle of (tops, lefts), then, with a smaller one within where it is whole. Only the
    corners of the rectangles are written down; added up from the top left, they tell how many boxes each crop cuts. So
    the work is that of the places, whatever the number of boxes.
    """
    rows, columns = _touching(tops, height, boxes, 1), _touching(lefts, width, boxes, 0)
    corners = np.zeros((len(tops) + 1, len(lefts) + 1), np.int64)
    for sign, (first, last), (start, end) in ((1, rows[0], columns[0]), (-1, rows[1], columns[1])):
        for at, turn in ((first, sign), (last, -sign)):
            np.add.at(corners, (at, start), turn)
            np.add.at(corners, (at, end), -turn)
    return np.asarray(corners.cumsum(0).cumsum(1)[:-1, :-1] > 0)


def _touching(places: Wholes, part: int, boxes: Wholes, axis: int) -> tuple[tuple[Wholes, Wholes], ...]:
    """From which place to before which one a crop touches each box along an axis, and those at which it has it whole.

    Args:
        places: where crops begin, ascending.
        part: side of the crops, pixels.
        boxes: left, top, width, height.
        axis: 0 for left, 1 for top.

    Returns:
        two pairs of indices into ``places``; the second lies within the first, and may be empty.
    """
    starts, ends = boxes[:, axis], boxes[:, axis] + boxes[:, axis + 2]
    first = np.searchsorted(places, starts - part, "right")
    last = np.maximum(np.searchsorted(places, ends, "left"), first)
    since = np.clip(np.searchsorted(places, ends - part, "left"), first, last)
    until = np.clip(np.searchsorted(places, starts, "right"), since, last)
    return (first, last), (since, until)


def _heads(boxes: Wholes, size: tuple[int, int]) -> Wholes:
    """The boxes widened to heads, as far as the picture goes."""
    left, top, width, height = boxes.T
    edges = (left - SIDES * width, top - HAIR * height, left + (1 + SIDES) * width, top + (1 + CHIN) * height)
    first = np.floor(np.maximum(edges[:2], 0))
    last = np.minimum(np.ceil(edges[2:]), np.array(size)[:, None])
    return np.vstack([first, last - first]).T.astype(np.int64)
