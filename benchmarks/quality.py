"""Whether FaceQuality and Sharpness foretell who is recognised: error against rejection, beside the usual measures.

    python benchmarks/quality.py [--data DIR] [--people N]

On DIR/faces-lfw (each photo as it is, and one damaged copy of each, as in faces.py) and on the main faces of
DIR/photos-celeba (DIR/labels.csv): the faces of the lowest score are left out, 0 to 50 %, and the share of pairs of one
person that are told apart wrongly is counted among the rest, at the similarity that 1 in 1,000 and 1 in 10,000 pairs of
two people exceed. Beside FaceQuality and Sharpness stand what else is at hand (confidence of the detector, size of the
box, variance of the Laplacian over the box, the usual measure of sharpness), chance, and an oracle that knows every
error. The area under each curve is given in parts of that without rejection. A measure is monotone when the error falls
as more is left out and nowhere rises beyond chance (95 %, people drawn anew), and flat when it does neither.
Then the share of faces that are recognised, as in faces.py, for each tenth of them in the order of either measure.

Prints tables, then the figures as one line of JSON.
"""

import argparse
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from album import PLAIN
from album import Box as InPhoto
from faces import LIGHT, Shot, central, copies, recognised
from rejection import REJECTED, Pairs, area, falls, genuine_pairs, impostor_threshold, oracle, rises, tally
from vultus.config import load_settings
from vultus.media.images.picture import Picture, decode_picture
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.faces.align import aligned
from vultus.vision.faces.embed import ChipEmbedder, load_embedder
from vultus.vision.faces.face import Face
from vultus.vision.models.store import ModelStore

RATES = (1e-3, 1e-4)
PROMISED = ("FaceQuality", "Sharpness")
WAYS = ("rises", "falls")
TENTHS = 10


@dataclass(frozen=True, slots=True)
class Look:
    """A face as it was seen, and the usual measure of its sharpness."""

    shot: Shot
    laplacian: float


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--people", type=int, default=0, help="how many people of each set; 0 for all")
    given = arguments.parse_args()
    settings = load_settings()
    store = ModelStore(settings)
    analyser = FaceAnalyser(store, settings.faces)
    light = load_embedder(store.models, store.path, LIGHT)
    strangers = np.load(given.data / "strangers.npz")["embedding"].astype(np.float32)
    figures: dict[str, float] = {}
    lfw = list(snapshots(analyser, light, given.data, given.people or None))
    celeba = list(main_faces(analyser, light, given.data, given.people or None))
    as_is = [look for look in lfw if look.shot.damage == "none"]
    for name, looks in (("lfw", lfw), ("lfw_as_is", as_is), ("celeba", celeba)):
        figures |= curves(name, looks) | tenths(
            name, looks, recognised([look.shot for look in looks], strangers, analyser.model)
        )
    promises(figures)
    print(json.dumps({name.replace(" ", "_"): round(float(value), 4) for name, value in figures.items()}))


def promises(figures: dict[str, float]) -> None:
    """Say of either measure whether its error rises anywhere, and where it falls."""
    for measure in PROMISED:
        up, down = ([value for name, value in figures.items() if f"_{way}_{measure}_" in name] for way in WAYS)
        print(
            f"{measure}: {'MISSED' if any(up) or not any(down) else 'kept'}: the error rises on {sum(up):.0f} of "
            f"{len(up)} curves beyond chance, and falls on {sum(down):.0f}"
        )


def snapshots(analyser: FaceAnalyser, light: ChipEmbedder, data: Path, people: int | None) -> Iterator[Look]:
    """The central face of every photo of LFW, and of a damaged copy of each."""
    for person, photo, damage, pixels in copies(sorted((data / "faces-lfw").iterdir())[:people]):
        face = central(analyser, pixels)
        if face is not None:
            height, width = pixels.shape[:2]
            yield look_at(Picture(pixels, width, height, None), face, light, (person, photo, damage))


def main_faces(analyser: FaceAnalyser, light: ChipEmbedder, data: Path, people: int | None) -> Iterator[Look]:
    """The most prominent face of every photo of CelebA, which the labels mean."""
    with (data / "labels.csv").open(newline="", encoding="utf-8") as text:
        rows = [row for row in csv.DictReader(text) if row["file"].startswith("photos-celeba/")]
    names = sorted({row["identity"] for row in rows})[:people]
    for photo, row in enumerate(row for row in rows if row["identity"] in names):
        picture = decode_picture((data / row["file"]).read_bytes(), working_side=1024, max_pixels=10**8)
        faces = analyser.analyse(picture)
        if faces:
            face = most_prominent(faces, picture)
            yield look_at(picture, face, light, (names.index(row["identity"]), photo, "none"))


def most_prominent(faces: list[Face], picture: Picture) -> Face:
    """The face that the label of a photo means, as album.py chooses it."""
    clear = [face for face in faces if face.quality >= PLAIN * max(other.quality for other in faces)]
    size = (picture.width, picture.height)
    return max(clear, key=lambda face: InPhoto(0, face.quality, *face.box, *size).prominence)


def look_at(picture: Picture, face: Face, light: ChipEmbedder, whose: tuple[int, int, str]) -> Look:
    landmarks = face.landmarks / np.float32(picture.scale)
    left, top, wide, high = (round(edge / picture.scale) for edge in face.box)
    crop = cv2.cvtColor(picture.pixels[top : top + high, left : left + wide], cv2.COLOR_RGB2GRAY)
    seen = light.embed(aligned(picture.pixels, landmarks)).vector
    return Look(Shot(*whose, face, seen), float(cv2.Laplacian(crop, cv2.CV_64F).var()))


def measures(looks: list[Look]) -> dict[str, NDArray[np.float64]]:
    """(n,) scores of the faces by each measure, the better the higher."""
    faces = [look.shot.face for look in looks]
    return {
        "FaceQuality": np.array([face.quality for face in faces]),
        "Sharpness": np.array([face.sharpness for face in faces]),
        "confidence of the detector": np.array([face.confidence for face in faces]),
        "side of the box": np.array([float(min(face.box[2:])) for face in faces]),
        "variance of the Laplacian": np.array([look.laplacian for look in looks]),
        "chance": np.random.default_rng(1).random(len(faces)),
    }


def curves(name: str, looks: list[Look]) -> dict[str, float]:
    """Error against rejection by every measure, and whether the promise is kept."""
    person = np.array([look.shot.person for look in looks])
    photo = np.array([look.shot.photo for look in looks])
    vectors = np.array([look.shot.face.embedding for look in looks])
    similarity = vectors @ vectors.T
    figures: dict[str, float] = {}
    for rate in RATES:
        pairs = genuine_pairs(similarity, person, photo, impostor_threshold(similarity, person, rate))
        if not pairs.failed.any():
            print(f"{name}, {rate:g}: all {len(pairs.one)} pairs are known; there is nothing to foretell.")
            continue
        figures |= {f"{name}_{key}_at_{rate:g}": value for key, value in compared(name, rate, pairs, looks).items()}
    return figures


def compared(name: str, rate: float, pairs: Pairs, looks: list[Look]) -> dict[str, float]:
    columns = [f"{100 * share:.0f} %" for share in REJECTED]
    title = f"{name}: {len(looks)} faces, {len(pairs.one)} pairs; % not known at a false match rate of {rate:g}"
    table = Table("left out", *columns, "area", "of the oracle's gain", title=title)
    without = area(np.full(len(REJECTED), tally(pairs, np.zeros(pairs.faces)).curve[0]))
    scores = {**measures(looks), "oracle": oracle(pairs)}
    best = area(tally(pairs, scores["oracle"]).curve)
    figures, verdicts = {}, []
    for measure, score in scores.items():
        counted = tally(pairs, score)
        under, gain = area(counted.curve) / without, (without - area(counted.curve)) / (without - best)
        table.add_row(measure, *(f"{100 * error:.2f}" for error in counted.curve), f"{under:.2f}", f"{gain:.2f}")
        figures[f"area_{measure}"] = under
        up, down = rises(counted), falls(counted)
        verdicts.append(f"{name}, {rate:g}, {measure}: {verdict(up, down)}")
        if measure in PROMISED:
            figures |= {f"falls_{measure}": float(down), f"rises_{measure}": float(bool(up))}
    Console(width=160).print(table)
    print("\n".join(verdicts))
    return figures


def verdict(up: list[tuple[float, float]], down: bool) -> str:
    if up:
        widest = max(up, key=lambda rise: rise[1] - rise[0])
        return f"NOT monotone: rises from {widest[0]:.0%} to {widest[1]:.0%} left out"
    return "monotone" if down else "flat: neither falls nor rises beyond chance"


def tenths(name: str, looks: list[Look], share: NDArray[np.float64]) -> dict[str, float]:
    """The share recognised in each tenth of the faces, from the lowest score to the highest."""
    known = ~np.isnan(share)
    table = Table("", *(f"{each + 1}." for each in range(TENTHS)), title=f"{name}: recognised, by tenths")
    figures: dict[str, float] = {}
    for measure in PROMISED:
        score = measures(looks)[measure][known]
        parts = np.array_split(np.argsort(score, kind="stable"), TENTHS)
        shares = [float(share[known][part].mean()) for part in parts]
        table.add_row(f"{measure} up to", *(f"{score[part].max():.2f}" for part in parts))
        table.add_row("recognised, %", *(f"{100 * each:.1f}" for each in shares))
        figures |= {f"{name}_lowest_tenth_{measure}": shares[0], f"{name}_highest_tenth_{measure}": shares[-1]}
    Console(width=160).print(table)
    return figures


if __name__ == "__main__":
    main()
