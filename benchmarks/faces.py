"""How well faces are found, told apart and judged: the figures behind docs/models.md.

    python benchmarks/faces.py [--data DIR] [--people N]

On DIR/faces-lfw: recall (a face found in the middle of each photo), true accept rates over all pairs of photos, and
what FaceQuality promises, on the photos as they are and on a copy of each that is blurred, noisy, dark, coarse, small
or turned. A face counts as recognised when it is nearer to another photo of its person, any of them in turn, than to
the nearest of the strangers in DIR/strangers.npz. Those are known to the light model alone: for another model, the
nearest of them lies where it lies on the curve of the light one. On DIR/noface: faces found where there are none.

Prints tables, then the figures as one line of JSON.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from vultus.config import load_settings
from vultus.media.images.picture import Picture, decode_picture
from vultus.people.curve import FarCurve
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.faces.align import aligned
from vultus.vision.faces.embed import ChipEmbedder, load_embedder
from vultus.vision.faces.face import Face
from vultus.vision.models.store import ModelStore

Pixels = NDArray[np.uint8]
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 1.0)
RATES = (1e-2, 1e-3, 1e-4, 1e-5)
LIGHT = "mobilefacenet-192"  # the strangers are embedded with


@dataclass(frozen=True, slots=True)
class Shot:
    """A face as it was seen in one copy of a photo."""

    person: int
    photo: int
    damage: str
    face: Face
    light: NDArray[np.float32]  # embedding of the light model


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--people", type=int, default=0, help="how many people of LFW; 0 for all")
    given = arguments.parse_args()
    settings = load_settings()
    store = ModelStore(settings)
    analyser = FaceAnalyser(store, settings.faces)
    light = load_embedder(store.models, store.path, LIGHT)
    folders = sorted((given.data / "faces-lfw").iterdir())[: given.people or None]
    photos, shots = shoot(analyser, light, folders)
    strangers = np.load(given.data / "strangers.npz")["embedding"].astype(np.float32)
    figures = {
        "photos": photos,
        "found": sum(shot.damage == "none" for shot in shots),
        "faces_in_empty_rooms": sum(len(faces_of(analyser, file)) for file in (given.data / "noface").iterdir()),
        **accept_rates([shot for shot in shots if shot.damage == "none"]),
        **judged(shots, strangers, analyser.model),
    }
    print(json.dumps(figures))


def shoot(analyser: FaceAnalyser, light: ChipEmbedder, folders: list[Path]) -> tuple[int, list[Shot]]:
    """The central face of every photo and of a damaged copy of each; how many photos there were."""
    shots, photos = [], 0
    for person, photo, damage, pixels in copies(folders):
        photos = photo + 1
        face = central(analyser, pixels)
        if face is not None:
            seen = light.embed(aligned(pixels, face.landmarks)).vector
            shots.append(Shot(person, photo, damage, face, seen))
    return photos, shots


def copies(folders: list[Path]) -> Iterator[tuple[int, int, str, Pixels]]:
    """Person, photo, damage and pixels of every photo as it is, and of a damaged copy of each."""
    chance = np.random.default_rng(0)
    files = [(person, file) for person, folder in enumerate(folders) for file in sorted(folder.iterdir())]
    for photo, (person, file) in enumerate(files):
        pixels = decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**8).pixels
        damage = list(DAMAGES)[photo % len(DAMAGES)]
        yield person, photo, "none", np.ascontiguousarray(pixels)
        yield person, photo, damage, np.ascontiguousarray(DAMAGES[damage](pixels, chance))


def faces_of(analyser: FaceAnalyser, file: Path) -> list[Face]:
    return analyser.analyse(decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**8))


def central(analyser: FaceAnalyser, pixels: Pixels) -> Face | None:
    """The face that holds the middle of the picture."""
    height, width = pixels.shape[:2]
    for face in analyser.analyse(Picture(pixels, width, height, None)):
        left, top, wide, high = face.box
        if left < width / 2 < left + wide and top < height / 2 < top + high:
            return face
    return None


def blurred(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    return cv2.GaussianBlur(pixels, (0, 0), chance.uniform(1, 5))


def noisy(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    return np.clip(pixels + chance.normal(0, chance.uniform(10, 60), pixels.shape), 0, 255).astype(np.uint8)


def dark(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    dim = (pixels / 255) ** chance.uniform(1.5, 4) * 255 * chance.uniform(0.3, 1)
    return np.clip(dim + chance.normal(0, 6, pixels.shape), 0, 255).astype(np.uint8)


def coarse(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(4, 20))]
    return cv2.imdecode(cv2.imencode(".jpg", pixels, quality)[1], cv2.IMREAD_COLOR)


def small(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    scale = chance.uniform(0.3, 0.7)
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def turned(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-50, 50), 1)
    return cv2.warpAffine(pixels, turn, (width, height))


Damage = Callable[[Pixels, np.random.Generator], Pixels]
DAMAGES: dict[str, Damage] = {
    "blurred": blurred,
    "noisy": noisy,
    "dark": dark,
    "coarse": coarse,
    "small": small,
    "turned": turned,
}


def accept_rates(shots: list[Shot]) -> dict[str, float]:
    """True accept rates at several false accept rates, over all pairs."""
    vectors = np.array([shot.face.embedding for shot in shots])
    person = np.array([shot.person for shot in shots])
    one, other = np.triu_indices(len(shots), 1)
    similarity = (vectors @ vectors.T)[one, other]
    same = person[one] == person[other]
    impostors = np.sort(similarity[~same])
    table = Table("false accept rate", "similarity", "true accept rate", title=f"{same.sum()} pairs of one person")
    figures = {}
    for rate in RATES:
        threshold = impostors[int(len(impostors) * (1 - rate))]
        accepted = float((similarity[same] > threshold).mean())
        table.add_row(f"{rate:g}", f"{threshold:.3f}", f"{accepted:.4f}")
        figures[f"tar_at_{rate:g}"] = round(accepted, 4)
    Console().print(table)
    return figures


def judged(shots: list[Shot], strangers: NDArray[np.float32], model: str) -> dict[str, float]:
    """How often faces of each quality are recognised."""
    recognition = recognised(shots, strangers, model)
    known = ~np.isnan(recognition)
    quality = np.array([shot.face.quality for shot in shots])[known]
    clean = np.array([shot.damage == "none" for shot in shots])[known]
    recognition = recognition[known]
    table = Table("quality", "faces", "recognised", "of these undamaged", title="FaceQuality")
    figures = {"undamaged_over_0.8": round(float((quality[clean] > 0.8).mean()), 4)}
    for low, high in pairwise(BINS):
        part = (quality > low) & (quality <= high)
        share = float(recognition[part].mean()) if part.any() else float("nan")
        table.add_row(f"{low} to {high}", str(part.sum()), f"{share:.3f}", str(int(clean[part].sum())))
        figures[f"recognised_to_{high}"] = round(share, 4)
    figures["recognised_over_0.8"] = round(float(recognition[quality > 0.8].mean()), 4)
    Console().print(table)
    return figures


def recognised(shots: list[Shot], strangers: NDArray[np.float32], model: str) -> NDArray[np.float64]:
    """(n,) share of the other photos of its person that a face is nearer to than to any stranger; nan with no other."""
    whole = [shot for shot in shots if shot.damage == "none"]
    vectors = np.array([shot.face.embedding for shot in whole])
    curve, light = FarCurve.of(model), FarCurve.of(LIGHT)
    shares = np.full(len(shots), np.nan)
    for row, shot in enumerate(shots):
        others = [each for each, other in enumerate(whole) if other.person == shot.person and other.photo != shot.photo]
        if others:
            nearest = curve.similarity_at(float(light.spans((strangers @ shot.light).max())))
            shares[row] = (vectors[others] @ shot.face.embedding > nearest).mean()
    return shares


if __name__ == "__main__":
    main()
