"""The label that follows from texts: whether an image is there to be read."""

import math
from collections.abc import Sequence

from vultus import model
from vultus.index.label import labels_of
from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.vision.pictures.concept import all_concepts
from vultus.vision.pictures.labels import Finding

LINES = 5  # of a document, at least; signs, covers and watermarks have fewer
LETTERS = 100  # of a document, at least
COVER = 0.05  # of the image that they cover, at least; what is smaller stands somewhere in a picture


@step(media={"image"}, needs={"ocr_contents"}, gives={"labels"})
def writing(subject: Subject) -> None:
    """Add to the labels whether the image is a document: a page, a slip, a screen full of text."""
    document = subject.document
    found = finding_of(document.ocr_contents or [], document.image_width or 0, document.image_height or 0)
    if found:
        document.labels = [*labels_of([found]), *(document.labels or [])]


def finding_of(texts: Sequence[model.OCRContents], width: int, height: int) -> Finding | None:
    """Return that an image is a document, as sure as its lines are; None where it is none.

    Args:
        texts: all lines of the image, with boundaries.
        width: of the image, pixels.
        height: likewise.
    """
    letters = sum(len(text.contents or "") for text in texts)
    areas = [_area(text.boundary or model.Boundary()) for text in texts]
    if len(texts) < LINES or letters < LETTERS or sum(areas) < COVER * width * height:
        return None
    sure = sum((text.confidence or 0.0) * len(text.contents or "") for text in texts) / letters
    boxes = [text.boundary or model.Boundary() for text in texts]
    across = sum(area * ((box.left or 0) + (box.width or 0) / 2) for area, box in zip(areas, boxes, strict=True))
    down = sum(area * ((box.top or 0) + (box.height or 0) / 2) for area, box in zip(areas, boxes, strict=True))
    off = math.hypot(across / sum(areas) / width * 2 - 1, down / sum(areas) / height * 2 - 1)
    return Finding(all_concepts()["Document"], sure, max(1 - off / math.sqrt(2), 0.0))


def _area(boundary: model.Boundary) -> float:
    """Of a line, pixels: of its corners, where it is turned."""
    corners = [(point.x or 0, point.y or 0) for point in boundary.polygon or []]
    if len(corners) != 4:
        return float((boundary.width or 0) * (boundary.height or 0))
    return math.dist(corners[0], corners[1]) * math.dist(corners[1], corners[2])
