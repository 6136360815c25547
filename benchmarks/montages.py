"""Pictures made of labelled photos: several people side by side, one person several times, a photo beside its mirror.

What is in a picture is known by construction: every labelled face has a box and an identity.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.catalog.overlap import Box

Pixels = NDArray[np.uint8]  # (h, w, 3) RGB

TILE = 250  # pixels of a side, as the photos of LFW have
MARGIN = 0.6  # of the longer side of the face, around it on all sides
GAP = 6  # white pixels between tiles
FEWEST, MOST = 2, 6  # tiles of a picture
SIDES = Box._fields[:4]  # a picture has one frame
CLEAR = 75  # pixels; both sides of a face that is worth a tile


class Kind(StrEnum):
    """What a picture shows."""

    GROUP = "group photos"
    MONTAGE = "montages of people"
    LOOKALIKES = "montages of lookalikes"
    COLLAGE = "collages of one person"
    MIRROR = "mirror pictures"


@dataclass(frozen=True, slots=True)
class Source:
    """A photo with one labelled face.

    Attributes:
        pixels: the whole photo.
        box: the face, in its pixels.
        identity: whose it is; people of two collections never share one.
        collection: the people who can be in a picture together: one may be in two collections under two names.
        embedding: (d,) of the face, unit length.
    """

    pixels: Pixels
    box: Box
    identity: str
    collection: str
    embedding: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Picture:
    """What was made, with its labelled faces."""

    kind: Kind
    pixels: Pixels
    faces: tuple[tuple[Box, str], ...]  # box and identity


def grid(kind: Kind, sources: Sequence[Source]) -> Picture:
    """Put the faces of photos side by side, with what is around them, row by row."""
    columns = int(np.ceil(np.sqrt(len(sources))))
    rows = -(-len(sources) // columns)
    step = TILE + GAP
    pixels = np.full((rows * step - GAP, columns * step - GAP, 3), 255, np.uint8)
    faces = []
    for number, source in enumerate(sources):
        top, left = (number // columns) * step, (number % columns) * step
        tile, box = _tile(source)
        pixels[top : top + TILE, left : left + TILE] = tile
        faces.append((Box(left + box.left, top + box.top, box.width, box.height), source.identity))
    return Picture(kind, pixels, tuple(faces))


def mirrored(source: Source) -> Picture:
    """Put a photo beside its mirror image."""
    width, box = source.pixels.shape[1], source.box
    reflection = Box(2 * width - box.left - box.width, box.top, box.width, box.height)
    pixels = np.hstack([source.pixels, source.pixels[:, ::-1]])
    return Picture(Kind.MIRROR, pixels, ((box, source.identity), (reflection, source.identity)))


def montages(sources: Sequence[Source], count: int, random: np.random.Generator) -> Iterator[Picture]:
    """At most ``count`` grids of 2 to 6 different people, no photo twice."""
    decks = [random.permutation(np.array(rows)).tolist() for rows in _rows(source.collection for source in sources)]
    for _ in range(count):
        deck = max(decks, key=len)
        chosen = _of_different_people(deck, sources, int(random.integers(FEWEST, MOST + 1)))
        if len(chosen) < FEWEST:
            return
        yield grid(Kind.MONTAGE, [sources[row] for row in chosen])


def lookalikes(sources: Sequence[Source], count: int, random: np.random.Generator) -> Iterator[Picture]:
    """``count`` grids of a photo and the most similar ones, by embedding, of as many others, 2 to 6 people in all."""
    vectors = np.array([source.embedding for source in sources])
    for first in random.permutation(len(sources))[:count].tolist():
        deck = [row for row in np.argsort(-(vectors @ vectors[first]), kind="stable").tolist() if row != first]
        deck = [row for row in [first, *deck] if sources[row].collection == sources[first].collection]
        chosen = _of_different_people(deck, sources, int(random.integers(FEWEST, MOST + 1)))
        yield grid(Kind.LOOKALIKES, [sources[row] for row in chosen])


def collages(sources: Sequence[Source], count: int, random: np.random.Generator) -> Iterator[Picture]:
    """At most ``count`` grids of 2 to 6 photos of one person; one of each person."""
    people = [rows for rows in _rows(source.identity for source in sources) if len(rows) >= FEWEST]
    for person in random.permutation(len(people))[:count].tolist():
        rows = random.permutation(np.array(people[person]))[: int(random.integers(FEWEST, MOST + 1))]
        yield grid(Kind.COLLAGE, [sources[row] for row in rows.tolist()])


def mirrors(sources: Sequence[Source], count: int, random: np.random.Generator) -> Iterator[Picture]:
    """At most ``count`` photos beside their mirror images."""
    for row in random.permutation(len(sources))[:count].tolist():
        yield mirrored(sources[row])


@dataclass(frozen=True, slots=True)
class LabelledFace:
    """A face as a file of labels tells it; the box is in pixels of the upright picture."""

    file: str
    box: Box
    identity: str


def read_labels(path: Path) -> list[LabelledFace]:
    """Read a table of file, left, top, width, height, identity."""
    with path.open(newline="", encoding="utf-8") as text:
        return [
            LabelledFace(row["file"], Box(*(int(row[side]) for side in SIDES)), row["identity"])
            for row in csv.DictReader(text)
        ]


def write_labels(path: Path, faces: Iterable[LabelledFace]) -> None:
    """Write what ``read_labels`` reads."""
    with path.open("w", newline="", encoding="utf-8") as text:
        table = csv.writer(text, lineterminator="\n")
        table.writerow(("file", *SIDES, "identity"))
        table.writerows((face.file, *face.box[: len(SIDES)], face.identity) for face in faces)


def _tile(source: Source) -> tuple[Pixels, Box]:
    """A square around the face, as far as the photo reaches, and where the face is in it."""
    height, width = source.pixels.shape[:2]
    box = source.box
    side = min(round(max(box.width, box.height) * (1 + 2 * MARGIN)), height, width)
    left = int(np.clip(box.left + (box.width - side) // 2, 0, width - side))
    top = int(np.clip(box.top + (box.height - side) // 2, 0, height - side))
    part = np.ascontiguousarray(source.pixels[top : top + side, left : left + side])
    tile = cv2.resize(part, (TILE, TILE), interpolation=cv2.INTER_AREA if side > TILE else cv2.INTER_LINEAR)
    scale = TILE / side
    moved = (box.left - left, box.top - top, box.width, box.height)
    return tile, Box(*(round(edge * scale) for edge in moved))


def _rows(names: Iterable[str]) -> list[list[int]]:
    """The rows of each name, in order of first mention."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(names):
        rows[name].append(row)
    return list(rows.values())


def _of_different_people(deck: list[int], sources: Sequence[Source], count: int) -> list[int]:
    """Take the first ``count`` rows of different people off the deck."""
    chosen: dict[str, int] = {}
    for row in deck:
        if len(chosen) == count:
            break
        chosen.setdefault(sources[row].identity, row)
    for row in chosen.values():
        deck.remove(row)
    return list(chosen.values())
