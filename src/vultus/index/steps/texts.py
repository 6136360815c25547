"""Texts in images."""

import math
from functools import partial

from vultus import model
from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.media.images.picture import Picture, decode_picture
from vultus.vision.reading.text import Text, TextFinder

TURNED = 2.0  # degrees off the level, from which on a text has corners besides its box


@step(media={"image"}, needs={"picture"}, gives={"ocr_contents", "ocr_texts"})
def texts(subject: Subject) -> None:
    """Read what is written in the image, line by line, in the order of reading."""
    found = subject.tools.get(TextFinder).find(subject.seen(), partial(_closer, subject))
    if not found:
        return
    subject.document.ocr_contents = [contents_of(text) for text in found]
    subject.document.ocr_texts = "\n".join(text.contents for text in found)


def _closer(subject: Subject, side: int) -> Picture:
    return decode_picture(subject.data, working_side=side, max_pixels=subject.settings.media.max_pixels)


def contents_of(text: Text) -> model.OCRContents:
    """Return a text as the wire has it."""
    contents = model.OCRContents(
        contents=text.contents, confidence=round(text.confidence, 4), boundary=boundary_of(text)
    )
    if text.language:
        contents.language = text.language
    return contents


def boundary_of(text: Text) -> model.Boundary:
    """Return the box of a text, with its corners where the text is turned."""
    left, top = (round(float(edge)) for edge in text.corners.min(axis=0))
    right, bottom = (round(float(edge)) for edge in text.corners.max(axis=0))
    boundary = model.Boundary(left=left, top=top, width=right - left, height=bottom - top)
    across, down = (float(edge) for edge in text.corners[1] - text.corners[0])
    if abs(math.degrees(math.atan2(down, across))) > TURNED:
        boundary.polygon = [model.PointInt64(x=round(float(x)), y=round(float(y))) for x, y in text.corners]
    return boundary
