"""The faces that labelled photos are of, and what is measured on them in folds that no person is parted by."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from vultus.media.images.picture import decode_picture
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.attributes.mesh import Mesh
from vultus.vision.pyramid import Pixels

Values = NDArray[np.float64]
FOLDS = 5
SEED = 5
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)


@dataclass(frozen=True, slots=True)
class Portrait:
    """A labelled photo and the face in the middle of it.

    Attributes:
        file: relative to the folder of the data.
        pixels: (h, w, 3) RGB.
        landmarks: (5, 2) pixels.
        box: (4,) left, top, right, bottom in pixels.
    """

    file: str
    pixels: Pixels
    landmarks: NDArray[np.float32]
    box: NDArray[np.float32]


def portraits(analyser: FaceAnalyser, data: Path, files: Iterable[str]) -> Iterator[Portrait]:
    """The faces of those photos in which one holds the middle."""
    for file in files:
        pixels = decode_picture((data / file).read_bytes(), working_side=1024, max_pixels=10**8).pixels
        portrait = portrait_of(analyser, file, pixels)
        if portrait is not None:
            yield portrait


def portrait_of(analyser: FaceAnalyser, file: str, pixels: Pixels) -> Portrait | None:
    """The face that holds the middle of a picture, the largest of several."""
    found = analyser.detector.detect(pixels)
    middle = np.array([pixels.shape[1], pixels.shape[0]]) / 2
    inside = (found.boxes[:, :2] < middle).all(axis=1) & (middle < found.boxes[:, 2:4]).all(axis=1)
    if not inside.any():
        return None
    size = np.prod(found.boxes[:, 2:4] - found.boxes[:, :2], axis=1)
    row = int(np.argmax(np.where(inside, size, 0)))
    return Portrait(file, pixels, found.landmarks[row], found.boxes[row])


def mesh_of(analyser: FaceAnalyser, portrait: Portrait) -> Mesh | None:
    """The mesh of a face.

    Raises:
        SystemExit: its model is not here, and cannot be fetched.
    """
    if analyser.mesher is None:
        raise SystemExit("The model of meshes is not here, and cannot be fetched.")
    return analyser.mesher.mesh(portrait.pixels, portrait.landmarks)


def folds(data: Path, files: Sequence[str]) -> NDArray[np.int64]:
    """(n,) fold of each photo; those that DIR/labels.csv has of one person are in one."""
    with (data / "labels.csv").open(newline="", encoding="utf-8") as text:
        identity = {row["file"]: row["identity"] for row in csv.DictReader(text)}
    whose = [identity.get(file, file) for file in files]
    people = sorted(set(whose))
    order = np.random.default_rng(SEED).permutation(len(people)) % FOLDS
    fold = dict(zip(people, order, strict=True))
    return np.array([fold[person] for person in whose])


def interval(share: float, count: int) -> tuple[float, float]:
    """Wilson's interval of 95 %."""
    z = 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return middle - half, middle + half


def calibration(title: str, confidence: Values, right: NDArray[np.bool_]) -> float:
    """Print what share is right at each confidence; return how far off it is on average."""
    table = Table(title, "faces", "said", "right", title=f"Calibration of {title}, cross-validated")
    error = 0.0
    for low, high in pairwise(BINS):
        part = (confidence > low) & (confidence <= high)
        if part.any():
            said, true = float(confidence[part].mean()), float(right[part].mean())
            error += float(part.mean()) * abs(said - true)
            table.add_row(f"{low} to {high}", str(part.sum()), f"{said:.3f}", f"{true:.3f}")
    Console().print(table)
    return error
