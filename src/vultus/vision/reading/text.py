"""Text in pictures: found at a glance, looked at again where it is small, read."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vultus.config import Settings
from vultus.media.images.picture import Picture
from vultus.vision.models.store import ModelStore, ModelUnavailable
from vultus.vision.pyramid import Pixels
from vultus.vision.reading.reading_order import reading_order
from vultus.vision.reading.script import language_of
from vultus.vision.reading.text_lines import Corners, Line, LineFinder, size_of
from vultus.vision.reading.text_reader import TextReader, cut_out

MODEL = "ppocr-v6-small"
GLANCE = 640  # pixels of the longer side at which text is looked for first: 60 ms on one core
READING_SIDE = 2000  # pixels of the longer side of the picture that lines are cut out of
FINE_SIDE = 1600  # pixels of the longer side at which lines are looked for again, at most
FINE_HEIGHT = 22.0  # pixels; lines that are as high are parted well from their neighbours
FINER = 1.25  # times as large: a second look at less shows nothing new
MARGIN = 0.05  # of the picture about what the first look found, which the second looks at
CERTAIN = 0.6  # confidence of a reading, at least: textures and foliage are read as letters with less
ALONE = 0.97  # confidence of a reading that is one letter, or repeats one, at least
FEW = 2  # letters, of which none fill so much of the picture:
LOOMING = 0.25  # parts of it
DOUBTFUL = 0.8  # confidence below which a line is read the other way up as well
VOTERS = 9  # lines asked which way up they are; a page has one way
MOST_LETTERS = 20_000  # of a picture

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text.

    Attributes:
        contents: what is written.
        confidence: of the reading, 0 to 1.
        corners: pixels of the upright full-size picture, from where the text has its top left, clockwise.
    """

    contents: str
    confidence: float
    corners: Corners

    @property
    def language(self) -> str:
        """As far as letters tell; else empty."""
        return language_of(self.contents)


class TextFinder:
    """Finds and reads the text of pictures, on one thread."""

    def __init__(self, settings: Settings) -> None:
        """Load its networks.

        Raises:
            ConfigError: a file is not what ``models.toml`` says.
        """
        self._networks = _networks(ModelStore(settings))

    def find(self, picture: Picture, closer: Callable[[int], Picture]) -> list[Text] | None:
        """Return the lines of a picture, in reading order; None where the networks cannot be had.

        Args:
            picture: reduced.
            closer: gives the same picture with a longer side of so many pixels, or less where there are not as many.

        Raises:
            ConfigError: a file is not what ``models.toml`` says.
            UnreadableMedia: as ``closer`` does.
        """
        if self._networks is None:
            return None
        finder, reader = self._networks
        lines = finder.find(picture.pixels, GLANCE)
        if not lines:
            return []
        fine = closer(READING_SIDE) if picture.scale > 1 else picture
        larger = picture.scale / fine.scale
        lines = [replace(line, corners=line.corners * np.float32(larger)) for line in lines]
        lines = _second_look(finder, fine.pixels, lines)
        edge = np.array([picture.width, picture.height], np.float32)
        texts = _read(reader, fine, lines)
        return _bounded(
            [replace(text, corners=np.clip(text.corners * np.float32(fine.scale), 0, edge)) for text in texts]
        )


def _networks(store: ModelStore) -> tuple[LineFinder, TextReader] | None:
    model = store.models.text_model(MODEL)
    try:
        paths = [store.path(file) for file in model.files]
    except ModelUnavailable as error:
        log.warning("Pictures are indexed without their texts: %s", error)
        return None
    return LineFinder(model, paths[0]), TextReader(model, paths[2], paths[1])


def _second_look(finder: LineFinder, pixels: Pixels, lines: list[Line]) -> list[Line]:
    """The lines, found anew where some are too small for the first look to part them."""
    height, width = pixels.shape[:2]
    shrunk = max(max(height, width) / GLANCE, 1.0)
    smallest = float(np.percentile([min(line.size) for line in lines], 25)) / shrunk
    corners = np.concatenate([line.corners for line in lines])
    rim = MARGIN * max(height, width)
    left, top = np.maximum(np.floor(corners.min(axis=0) - rim), 0).astype(int)
    right, bottom = np.minimum(np.ceil(corners.max(axis=0) + rim), [width, height]).astype(int)
    region = pixels[top:bottom, left:right]
    longer = max(region.shape[:2])
    side = min(longer / shrunk * max(FINE_HEIGHT / smallest, 1.0), longer, FINE_SIDE)
    if side < FINER * longer / shrunk:
        return lines
    shift = np.array([left, top], np.float32)
    return [replace(line, corners=line.corners + shift) for line in finder.find(region, round(side))]


def _read(reader: TextReader, picture: Picture, lines: Sequence[Line]) -> list[Text]:
    """What is written, in reading order."""
    texts = []
    for tall in (False, True):
        group = [np.roll(line.corners, -1, axis=0) if tall else line.corners for line in lines if line.tall == tall]
        turned = _upside_down(reader, picture.pixels, group)
        for corners in group:
            text = _best(reader, picture.pixels, np.roll(corners, 2, axis=0) if turned else corners)
            if text.confidence >= CERTAIN and _says(text) and not _looms(text, picture):
                texts.append(text)
    return [texts[row] for row in reading_order(_levelled(texts))]


def _upside_down(reader: TextReader, pixels: Pixels, group: Sequence[Corners]) -> bool:
    voters = sorted(group, key=lambda corners: -size_of(corners)[0])[:VOTERS]
    return bool(voters) and float(np.mean([reader.upside_down(cut_out(pixels, each)) for each in voters])) > 0.5


def _best(reader: TextReader, pixels: Pixels, corners: Corners) -> Text:
    text = Text(*reader.read(cut_out(pixels, corners)), corners)
    if text.confidence >= DOUBTFUL:
        return text
    corners = np.roll(corners, 2, axis=0)
    other = Text(*reader.read(cut_out(pixels, corners)), corners)
    return max(text, other, key=lambda each: each.confidence)


def _says(text: Text) -> bool:
    """Whether it is text: bricks, windows and branches are read as single letters, or the same one over and over."""
    letters = {letter for letter in text.contents if letter.isalnum()}
    return len(letters) > 1 or (bool(letters) and text.confidence >= ALONE)


def _looms(text: Text, picture: Picture) -> bool:
    """Whether a letter or two fill the picture: a curtain, a limb, a silhouette."""
    width, height = size_of(text.corners)
    return len(text.contents) <= FEW and width * height > LOOMING * picture.pixels.shape[0] * picture.pixels.shape[1]


def _levelled(texts: Sequence[Text]) -> NDArray[np.float32]:
    """(n, 4) boxes of the texts, turned until the direction that most of them run in is level."""
    if not texts:
        return np.empty((0, 4), np.float32)
    along = np.sum([text.corners[1] - text.corners[0] for text in texts], axis=0)
    along = along / max(float(np.hypot(*along)), 1e-6)
    frame = np.array([[along[0], -along[1]], [along[1], along[0]]], np.float32)
    turned = np.stack([text.corners for text in texts]) @ frame
    return np.hstack([turned.min(axis=1), turned.max(axis=1)])


def _bounded(texts: Sequence[Text]) -> list[Text]:
    kept, letters = [], 0
    for text in texts:
        letters += len(text.contents)
        if letters > MOST_LETTERS:
            break
        kept.append(text)
    return kept
