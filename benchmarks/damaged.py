"""Faces of poor photos grouped into people by Vultus and by its peers, on the same embeddings.

    python benchmarks/damaged.py [--data DIR] [--people N]

Every face of DIR/faces-lfw and DIR/photos-celeba is found once and embedded from the photo as it is and from damaged
copies, by the landmarks of the whole photo, so that nothing but the damage changes. The largest face of a photo is of
whom DIR/labels.csv names; the others are nobody's. Each collection makes a set with each damage.

Vultus runs at its one setting, each peer at the threshold that is best for it over all sets; the last row has the mean
of each, and of each at the best threshold for every set apart. As in grouping.py, no method is told how good a face is.
The service is told: the column "told quality" is Vultus with FaceQuality, and "clear" the share of faces that have
enough of it to found a person.

Prints a table, then the figures as one line of JSON. Needs the extra ``bench``.
"""

import argparse
import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from albums import Album
from faces import LIGHT, Pixels
from grouping import Result, measure_peer, measure_vultus
from peers import PEERS
from pictures import COLLECTIONS
from sharpness import Damaged, blurred, compressed, dim, small
from vultus import group_faces
from vultus.config import People, load_settings
from vultus.media.images.picture import decode_picture
from vultus.people.metrics import score
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.faces.align import aligned
from vultus.vision.faces.quality import quality_of
from vultus.vision.models.model import QualityWeights
from vultus.vision.models.store import ModelStore

Landmarks = NDArray[np.float32]
Spoil = Callable[[Pixels, Landmarks, np.random.Generator], Damaged]
SEED = 1
BLACK = (20, 20, 20)
GLASSES = (1.05, 0.35)  # half their width and height, in parts of the distance of the eyes


@dataclass(frozen=True, slots=True)
class Look:
    """A face as it was seen in one copy of a photo; identity -1 where it is nobody's."""

    photo: int
    identity: int
    embedding: NDArray[np.float32]
    quality: float


@dataclass(frozen=True, slots=True)
class DamagedSet:
    """The faces of a collection with one damage.

    Attributes:
        quality: (n,) FaceQuality.
        clear: share of the faces that have enough of it to found a person.
    """

    album: Album
    quality: NDArray[np.float64]
    clear: float


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--people", type=int, default=0, help="how many people of each collection; 0 for all")
    given = arguments.parse_args()
    settings = load_settings()
    store = ModelStore(settings)
    eyes = Eyes(FaceAnalyser(store, settings.faces, LIGHT), store.models.embedding_model(LIGHT).quality)
    sets: list[DamagedSet] = []
    for collection in COLLECTIONS:
        sets += damaged_sets(eyes, given.data, collection, given.people or None, settings.people)
    albums = [each.album for each in sets]
    ours, peers = measure_vultus(albums, 1), [measure_peer(peer, albums, 1) for peer in PEERS]
    told = [told_quality(each) for each in sets]
    Console(width=200).print(table(sets, ours, told, peers))
    print(json.dumps(figures(sets, ours, told, peers)))


@dataclass(frozen=True, slots=True)
class Eyes:
    """Finds the faces of a photo, and looks at each through every damage."""

    analyser: FaceAnalyser
    weights: QualityWeights

    def see(self, file: Path, photo: int, identity: int) -> Iterator[tuple[str, Look]]:
        """Every face with every damage; the same each time, whatever was looked at before."""
        pixels = np.ascontiguousarray(decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**8).pixels)
        found = self.analyser.detector.detect(pixels)
        size = np.prod(found.boxes[:, 2:4] - found.boxes[:, :2], axis=1)
        for row, landmarks in enumerate(found.landmarks):
            whose = identity if row == size.argmax() else -1
            certain = float(np.clip(found.confidence[row], 0, 1))
            for damage, spoil in DAMAGES.items():
                chip = aligned(*spoil(pixels, landmarks, np.random.default_rng((SEED, photo, row))))
                embedding = self.analyser.embedder.embed(chip)
                yield damage, Look(photo, whose, embedding.vector, quality_of(embedding, certain, self.weights))


def damaged_sets(eyes: Eyes, data: Path, collection: str, people: int | None, gate: People) -> list[DamagedSet]:
    """A set with each damage."""
    seen: dict[str, list[Look]] = {damage: [] for damage in DAMAGES}
    for photo, (file, identity) in enumerate(labelled(data, collection, people)):
        for damage, look in eyes.see(data / file, photo, identity):
            seen[damage].append(look)
    name = collection.rpartition("-")[2]
    return [damaged_set(f"{name}, {damage}", looks, gate) for damage, looks in seen.items()]


def labelled(data: Path, collection: str, people: int | None) -> list[tuple[str, int]]:
    """Files of some people of a collection, and whom each is of, numbered from 0."""
    with (data / "labels.csv").open(newline="", encoding="utf-8") as text:
        rows = [row for row in csv.DictReader(text) if row["file"].startswith(f"{collection}/")]
    names = sorted({row["identity"] for row in rows})[:people]
    number = {name: at for at, name in enumerate(names)}
    return [(row["file"], number[row["identity"]]) for row in rows if row["identity"] in number]


def damaged_set(name: str, looks: list[Look], gate: People) -> DamagedSet:
    album = Album(
        name,
        np.array([look.embedding for look in looks], np.float32),
        np.array([look.identity for look in looks]),
        np.array([look.photo for look in looks]),
    )
    quality = np.array([look.quality for look in looks])
    return DamagedSet(album, quality, float((quality > gate.founding_quality).mean()))


def told_quality(faces: DamagedSet) -> float:
    """Mean F of Vultus where it is told the quality of the faces."""
    album = faces.album
    return score(group_faces(album.rows, photos=album.photo, quality=faces.quality), album.identity).mean_f


def eye_line(landmarks: Landmarks) -> NDArray[np.float32]:
    """(2,) pixels from the left eye to the right one."""
    return landmarks[1] - landmarks[0]


def intact(pixels: Pixels, landmarks: Landmarks, chance: np.random.Generator) -> Damaged:
    return pixels, landmarks


def eyes_apart(*pixels_apart: float) -> Spoil:
    """Reduced so that the eyes are so far apart, one of these at random; a face as small as that stays as it is."""

    def reduced(pixels: Pixels, landmarks: Landmarks, chance: np.random.Generator) -> Damaged:
        scale = float(chance.choice(pixels_apart) / np.linalg.norm(eye_line(landmarks)))
        if scale >= 1:
            return pixels, landmarks
        smaller, moved = small(pixels, landmarks, scale, chance)
        return smaller, moved + np.float32((scale - 1) / 2)  # the middle of a pixel is at .5: much, of 8 pixels

    return reduced


def out_of_focus(pixels: Pixels, landmarks: Landmarks, chance: np.random.Generator) -> Damaged:
    """Blurred by .02, .05 or .1 of the distance of the eyes."""
    radius = chance.choice((0.02, 0.05, 0.1)) * np.linalg.norm(eye_line(landmarks))
    return blurred(pixels, landmarks, float(radius), chance)


def dark_and_coarse(pixels: Pixels, landmarks: Landmarks, chance: np.random.Generator) -> Damaged:
    """At a quarter of the light, half of it or all, and saved as JPEG at quality 10, 20 or 40."""
    darker = dim(pixels, landmarks, float(chance.choice((0.25, 0.5, 1))), chance)
    return compressed(*darker, float(chance.choice((10, 20, 40))), chance)


def black_glasses(pixels: Pixels, landmarks: Landmarks, chance: np.random.Generator) -> Damaged:
    """Half of the faces with their eyes blackened."""
    if chance.random() < 0.5:
        return pixels, landmarks
    line, middle = eye_line(landmarks), landmarks[:2].mean(axis=0)
    wide, high = (round(float(part * np.linalg.norm(line))) for part in GLASSES)
    place, tilt = (round(float(middle[0])), round(float(middle[1]))), float(np.degrees(np.arctan2(line[1], line[0])))
    return cv2.ellipse(pixels.copy(), place, (wide, high), tilt, 0, 360, BLACK, cv2.FILLED), landmarks


DAMAGES: dict[str, Spoil] = {
    "as they are": intact,
    "eyes 12 pixels apart": eyes_apart(12),
    "eyes 8 pixels apart": eyes_apart(8),
    "eyes 7 to 40 pixels apart": eyes_apart(7, 10, 14, 20, 40),
    "blurred": out_of_focus,
    "dark and coarse": dark_and_coarse,
    "half behind black glasses": black_glasses,
}


def table(sets: list[DamagedSet], ours: Result, told: list[float], peers: list[Result]) -> Table:
    best = np.max([peer.by_album for peer in peers], axis=0)
    shown = Table(title="Mean F on damaged photos, each peer at one threshold")
    shown.add_column("set")
    for name in ("faces", "clear", "told quality", "Vultus", *(f"{peer.method} {peer.threshold:g}" for peer in peers)):
        shown.add_column(name, justify="right")
    for name in ("to the best", "pair P", "pair R", "merge", "split"):
        shown.add_column(name, justify="right")
    for at, (each, found) in enumerate(zip(sets, ours.scores[0], strict=True)):
        shown.add_row(
            each.album.name,
            str(len(each.album)),
            f"{each.clear:.2f}",
            f"{told[at]:.3f}",
            *(f"{method.by_album[at]:.3f}" for method in (ours, *peers)),
            f"{found.mean_f / best[at]:.3f}",
            f"{found.pairwise.precision:.3f}",
            f"{found.pairwise.recall:.3f}",
            str(found.merge_errors),
            str(found.split_errors),
        )
    shown.add_section()
    shown.add_row(
        "mean",
        "",
        f"{np.mean([each.clear for each in sets]):.2f}",
        f"{np.mean(told):.3f}",
        *(f"{method.mean_f:.3f}" for method in (ours, *peers)),
        f"{ours.mean_f / max(peer.mean_f for peer in peers):.3f}",
        *(f"{ours.mean(figure):.3f}" for figure in ("pairwise.precision", "pairwise.recall")),
        *(f"{ours.per_run(figure):.0f}" for figure in ("merge_errors", "split_errors")),
    )
    shown.add_row("mean, best for each", "", "", "", *(f"{method.best_each:.3f}" for method in (ours, *peers)))
    return shown


def figures(sets: list[DamagedSet], ours: Result, told: list[float], peers: list[Result]) -> dict[str, object]:
    return {
        "told_quality": {each.album.name: round(f, 4) for each, f in zip(sets, told, strict=True)},
        "clear": {each.album.name: round(each.clear, 4) for each in sets},
        **{method.method: _figures(sets, method) for method in (ours, *peers)},
    }


def _figures(sets: list[DamagedSet], method: Result) -> dict[str, object]:
    return {
        "threshold": method.threshold,
        "mean_f": round(method.mean_f, 4),
        "mean_f_best_each": round(method.best_each, 4),
        "by_set": {
            each.album.name: {
                "mean_f": round(found.mean_f, 4),
                "pairwise_precision": round(found.pairwise.precision, 4),
                "pairwise_recall": round(found.pairwise.recall, 4),
                "merge_errors": found.merge_errors,
                "split_errors": found.split_errors,
            }
            for each, found in zip(sets, method.scores[0], strict=True)
        },
    }


if __name__ == "__main__":
    main()
