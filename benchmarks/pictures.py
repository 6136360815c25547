"""The album and the pictures made from the labelled photos of two collections, on disk."""

import csv
import shutil
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import cv2
import numpy as np

from album import Box as InPhoto
from montages import (
    CLEAR,
    LabelledFace,
    Picture,
    Source,
    collages,
    lookalikes,
    mirrors,
    montages,
    write_labels,
)
from vultus.catalog.overlap import Box
from vultus.config import Settings
from vultus.media.images.picture import decode_picture
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.models.store import ModelStore

COLLECTIONS = ("faces-lfw", "photos-celeba")
MONTAGES, LOOKALIKES, COLLAGES, MIRRORS = 300, 100, 120, 120
SEED = 1
QUALITY = 95  # of the JPEG files


def make_pictures(settings: Settings, data: Path, made: Path) -> None:
    """Every second photo of each collection goes into the album, the others into pictures."""
    shutil.rmtree(made, ignore_errors=True)
    (made / "pictures").mkdir(parents=True)
    album, rest = halves(data)
    for file in album:
        target = made / "album" / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(data / file, target)
    store = ModelStore(settings)
    store.pull()
    sources = list(clear_sources(FaceAnalyser(store, settings.faces), settings, data, rest))
    random = np.random.default_rng(SEED)
    pictures = chain(
        montages(sources, MONTAGES, random),
        lookalikes(sources, LOOKALIKES, random),
        collages(sources, COLLAGES, random),
        mirrors(sources, MIRRORS, random),
    )
    write_labels(made / "labels.csv", chain.from_iterable(_saved(pictures, made / "pictures")))


def halves(data: Path) -> tuple[list[str], dict[str, str]]:
    """Files of the album, and identity by file of the others."""
    with (data / "labels.csv").open(newline="", encoding="utf-8") as text:
        rows = [(row["identity"], row["file"]) for row in csv.DictReader(text) if row["file"].startswith(COLLECTIONS)]
    rows.sort()
    return [file for _, file in rows[::2]], {file: identity for identity, file in rows[1::2]}


def clear_sources(
    analyser: FaceAnalyser, settings: Settings, data: Path, identity_of: dict[str, str]
) -> Iterator[Source]:
    """The photos whose most prominent face, which their labels mean, is clear enough."""
    limits = settings.media
    for file, identity in identity_of.items():
        content = (data / file).read_bytes()
        picture = decode_picture(content, working_side=limits.working_side, max_pixels=limits.max_pixels)
        size = (picture.width, picture.height)
        face = max(
            analyser.analyse(picture),
            key=lambda face: InPhoto(0, face.quality, *face.box, *size).prominence,
            default=None,
        )
        if face is not None and min(face.box[2:]) / picture.scale > CLEAR:
            box = Box(*(round(edge / picture.scale) for edge in face.box))
            yield Source(picture.pixels, box, identity, file.partition("/")[0], face.embedding)


def _saved(pictures: Iterator[Picture], folder: Path) -> Iterator[list[LabelledFace]]:
    for number, picture in enumerate(pictures):
        file = f"{picture.kind.name.lower()}-{number}.jpg"
        cv2.imwrite(str(folder / file), picture.pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        yield [LabelledFace(file, box, identity) for box, identity in picture.faces]
