"""Train the heads that tell what a face wears: ``src/vultus/vision/models/wearing.npy``.

    python scripts/train_heads.py [--data DIR] [--faces N] [--out FILE]

The photos of ``faces-lfw``, ``photos-celeba`` and ``attr-utkface`` in DIR that ``benchmarks/labels/wearing.csv`` labels
are of research-only sets; docs/models.md says so to users. Masks are learned from ``attr-mask``, from masks painted on
faces of LFW, and from all labelled faces, which have none. Some faces are learned from once more, what is about them
blacked out as in photos that end close to the face. What a layer of the embedding network gives for a face and its
mirror is mapped to each label by ridge regression, both classes weighing alike, and what comes out is calibrated on
faces of people who were left out of the learning (Platt). Prints the size and SHA-256 for ``models.toml``.
"""

import argparse
import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.config import Settings, load_settings
from vultus.media.images.picture import decode_picture
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.attributes.heads import folded
from vultus.vision.faces.align import aligned
from vultus.vision.faces.embed import FaceEmbedder
from vultus.vision.models.store import ModelStore

Values = NDArray[np.float64]
Rows = NDArray[np.bool_]
ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "vultus" / "vision" / "models" / "wearing.npy"
LABELS = ROOT / "benchmarks" / "labels" / "wearing.csv"
HEADS = "wearing"
WORKING_SIDE = 1024
FOLDS = 5
SEED = 5  # of the folds, the painted masks and the cuts
PAINTED = 600  # faces of LFW that get a mask
CUT = 1000  # labelled faces that are learned from once more, cut off close about the face
MADE = 0.2  # of what another face counts, counts one that was made
STIFFNESS = 0.5  # of the ridge; .15 to 1.5 tell alike
EASED = 0.05  # of the average spread; features that hardly vary must not count more for it
STEPS = 50  # of Newton's method, at most; ten are enough
DOUBTFUL = "?"


@dataclass(frozen=True, slots=True)
class Faces:
    """Labelled faces; rows follow ``files``.

    Attributes:
        files: relative to the folder of data; a face that was made has that of the photo it was made of.
        person: who they are of; nobody is both learned from and judged.
        features: (n, d).
        labels: of mask, glasses, hat and beard, each (n,), ``?`` where nobody said or could say.
        made: (n,) whether a mask was painted on them, or what is about them cut off.
    """

    files: list[str]
    person: list[str]
    features: NDArray[np.float32]
    labels: dict[str, NDArray[np.str_]]
    made: Rows


@dataclass(frozen=True, slots=True)
class Task:
    """What one head learns: which faces count, which of them have it."""

    head: str
    rows: Rows
    positive: Rows
    judged: Rows  # of the rows, those by which it is judged and calibrated


def main() -> None:
    """Train them and write them."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    arguments.add_argument("--faces", type=int, default=0, help="how many labelled faces; 0 for all")
    arguments.add_argument("--out", type=Path, default=TARGET)
    given = arguments.parse_args()
    faces = gathered(load_settings(), given.data, given.faces)
    heads = np.array([head(faces, task) for task in tasks(faces)], np.float32)
    np.save(given.out, heads)
    content = given.out.read_bytes()
    print(f"{len(faces.files)} faces, {heads.shape[1]} numbers a head")
    print(f"bytes = {len(content)}\nsha256 = {hashlib.sha256(content).hexdigest()}")


def gathered(settings: Settings, data: Path, count: int = 0) -> Faces:
    """The labelled faces of a folder of data, those with and without masks, and what is made of them."""
    store = ModelStore(settings)
    analyser = FaceAnalyser(store, settings.faces)
    network = store.models.embedder(store.models.heads_model(HEADS).network)
    embedder = FaceEmbedder(network, store.path(network.file))
    known = {row["file"]: row for row in labelled(data)[: count or None]}
    masked = [str(file.relative_to(data)) for file in sorted((data / "attr-mask").glob("*_mask/*"))]
    chance = np.random.default_rng(SEED)
    brushes = set(chance.permutation([file for file in known if file.startswith("faces-lfw")])[:PAINTED])
    scissors = set(chance.permutation([file for file in known if not file.startswith("attr-utkface")])[:CUT])
    rows: list[tuple[str, NDArray[np.float32], dict[str, str], bool]] = []
    for file in [*known, *masked]:
        chip = chip_of(analyser, data / file)
        if chip is None:
            continue
        told = known.get(file, {})
        labels = {name: told.get(name, DOUBTFUL) for name in ("glasses", "hat", "beard")}
        mask = "mask" if file.startswith("attr-mask/with_mask") else "none"
        rows.append((file, feature(embedder, chip), {**labels, "mask": mask}, False))
        if file in brushes:
            unknown = dict.fromkeys(labels, DOUBTFUL)
            rows.append((file, feature(embedder, masked_over(chip, chance)), {**unknown, "mask": "mask"}, True))
        if file in scissors:
            rows.append((file, feature(embedder, cut_close(chip, chance)), {**labels, "mask": mask}, True))
    return Faces(
        [row[0] for row in rows],
        [person_of(row[0], identities(data)) for row in rows],
        np.array([row[1] for row in rows]),
        {name: np.array([row[2][name] for row in rows]) for name in ("mask", "glasses", "hat", "beard")},
        np.array([row[3] for row in rows]),
    )


def labelled(data: Path) -> list[dict[str, str]]:
    """Rows of the labels whose photos are there."""
    with LABELS.open(newline="") as text:
        return [row for row in csv.DictReader(text) if (data / row["file"]).is_file()]


def chip_of(analyser: FaceAnalyser, file: Path) -> NDArray[np.uint8] | None:
    """The face that a label means: the largest of a photo of CelebA, otherwise the one nearest to the middle."""
    pixels = decode_picture(file.read_bytes(), working_side=WORKING_SIDE, max_pixels=10**8).pixels
    found = analyser.detector.detect(pixels)
    if not len(found):
        return None
    size = found.boxes[:, 2:] - found.boxes[:, :2]
    middle = (found.boxes[:, :2] + found.boxes[:, 2:]) / 2
    away = np.hypot(*(middle - np.array(pixels.shape[1::-1]) / 2).T)
    order = -size.prod(axis=1) if "photos-celeba" in file.parts else away
    return aligned(pixels, found.landmarks[int(np.argmin(order))])


def feature(embedder: FaceEmbedder, chip: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What the heads see of a face."""
    layer = embedder.embed(chip).layer
    if layer is None:
        raise SystemExit("The embedding network of the heads names no layer in models.toml.")
    return folded(layer)


_IDENTITIES: dict[Path, dict[str, str]] = {}


def identities(data: Path) -> dict[str, str]:
    """Identity by file, as labels.csv tells it."""
    if data not in _IDENTITIES:
        file = data / "labels.csv"
        rows = csv.DictReader(file.read_text("utf-8").splitlines()) if file.is_file() else []
        _IDENTITIES[data] = {row["file"]: row["identity"] for row in rows}
    return _IDENTITIES[data]


def person_of(file: str, identity_of: dict[str, str]) -> str:
    """Who a photo is of; the photos of UTKFace and of masks are each of a person of its own."""
    folder, _, rest = file.partition("/")
    if folder == "faces-lfw":
        return rest.partition("/")[0]
    return f"{folder} {identity_of[file]}" if folder == "photos-celeba" and file in identity_of else file


def masked_over(chip: NDArray[np.uint8], chance: np.random.Generator) -> NDArray[np.uint8]:
    """Paint a mask on an aligned face: plain or patterned cloth from the nose to below the chin, lit like the face."""
    top, side = chance.uniform(58, 74), chance.uniform(8, 20)
    peak = top - chance.uniform(0, 8)
    outline = [(side, top + 4), (56 + chance.uniform(-4, 4), peak), (112 - side, top + 4), (108 - side, 100)]
    outline += [(80, 118), (32, 118), (side + 4, 100)]
    cover = np.zeros((112, 112), np.float32)
    cv2.fillPoly(cover, [np.round(outline).astype(np.int32)], 1.0)
    cover = cv2.GaussianBlur(cover, (0, 0), 0.8)[:, :, np.newaxis]
    cloth = np.ones((112, 112, 3)) * _colour(chance)
    if chance.random() < 0.4:
        cloth += chance.uniform(5, 25) * np.sin(np.arange(112) / chance.uniform(0.8, 2.5))[:, np.newaxis, np.newaxis]
    if chance.random() < 0.2:
        spots = cv2.GaussianBlur(chance.normal(0, 1, (112, 112, 3)), (0, 0), chance.uniform(1, 4))
        cloth += spots / spots.std() * chance.uniform(10, 40)
    light = cv2.GaussianBlur(cv2.cvtColor(chip, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 9)
    light = (light / max(float(light[60:100, 30:80].mean()), 1.0))[:, :, np.newaxis]
    painted = chip * (1 - cover) + cloth * np.clip(light, 0.4, 1.6) * cover
    return np.clip(painted, 0, 255).astype(np.uint8)


def cut_close(chip: NDArray[np.uint8], chance: np.random.Generator) -> NDArray[np.uint8]:
    """Black out what is about an aligned face, as where the photo ends there: that is no hat."""
    left, top, right, bottom = chance.uniform((-6, -6, 94, 98), (16, 26, 118, 124))
    turn = cv2.getRotationMatrix2D((56, 56), chance.normal(0, 6), 1)
    corners = np.array([[left, top, 1], [right, top, 1], [right, bottom, 1], [left, bottom, 1]]) @ turn.T
    inside = np.zeros((112, 112, 1), np.uint8)
    cv2.fillConvexPoly(inside, np.round(corners).astype(np.int32), 1)
    return chip * inside


def _colour(chance: np.random.Generator) -> Values:
    kinds = ((230, 235, 240), (150, 200, 225), (40, 42, 45), (90, 110, 160), (150, 190, 160), (215, 160, 170))
    kind = np.array(kinds[chance.integers(len(kinds))]) if chance.random() < 0.8 else chance.uniform(20, 240, 3)
    colour: Values = kind + chance.normal(0, 12, 3)
    return colour


def tasks(faces: Faces) -> list[Task]:
    """What the heads learn, in the order in which they are kept."""
    mask, glasses, hat, beard = (faces.labels[name] for name in ("mask", "glasses", "hat", "beard"))
    real = ~faces.made
    worn = np.isin(glasses, ("glasses", "sunglasses"))
    known = {
        "mask": (mask != DOUBTFUL, mask == "mask"),
        "eyewear": (glasses != DOUBTFUL, worn),
        "dark": (worn, glasses == "sunglasses"),
        "hat": (hat != DOUBTFUL, hat == "hat"),
        "beard": (beard != DOUBTFUL, beard == "beard"),
    }
    return [Task(name, rows, rows & positive, rows & real) for name, (rows, positive) in known.items()]


def head(faces: Faces, task: Task) -> NDArray[np.float32]:
    """The weights of a head and its constant, calibrated."""
    scores = left_out(faces, task)
    slope, constant = calibration(scores[task.judged], task.positive[task.judged])
    weights = taught(faces, task, task.rows)
    calibrated = slope * weights
    calibrated[-1] += constant
    return calibrated.astype(np.float32)


def left_out(faces: Faces, task: Task) -> Values:
    """(n,) what a head says of each face that learned from other people's."""
    scores = np.full(len(faces.files), np.nan)
    for judged in folds(faces.person):
        weights = taught(faces, task, task.rows & ~judged)
        scores[judged] = faces.features[judged] @ weights[:-1] + weights[-1]
    return scores


def taught(faces: Faces, task: Task, rows: Rows) -> Values:
    """The weights of a head that learned from some faces."""
    return learned(faces.features[rows], task.positive[rows], np.where(faces.made[rows], MADE, 1.0))


def folds(person: Sequence[str]) -> Iterator[Rows]:
    """Which rows are judged, five times over; a person's are judged together."""
    people = sorted(set(person))
    fold_of = dict(zip(people, np.random.default_rng(SEED).permutation(len(people)) % FOLDS, strict=True))
    fold = np.array([fold_of[one] for one in person])
    for each in range(FOLDS):
        yield fold == each


def learned(features: NDArray[np.float32], positive: Rows, counts: Values) -> Values:
    """Return the weights of features, and a constant, that bring one class to 1 and the other to -1.

    Ridge regression in its dual form: there are fewer faces than features.

    Args:
        features: (n, d).
        positive: (n,).
        counts: (n,) what each face counts, within its class; both classes count alike.
    """
    middle, spread = features.mean(axis=0, dtype=np.float64), features.std(axis=0, dtype=np.float64)
    scale = (spread + EASED * spread.mean()) * np.sqrt(features.shape[1])
    values = ((features - middle) / scale).astype(np.float32)
    weight = counts * len(counts) / 2
    for side in (positive, ~positive):
        weight[side] /= max(float(counts[side].sum()), MADE)
    system = (values @ values.T).astype(np.float64) + 1 + np.diag(STIFFNESS / weight)
    part = np.linalg.solve(system, np.where(positive, 1.0, -1.0))
    weights = (values.T @ part) / scale
    return np.append(weights, part.sum() - middle @ weights)


def calibration(scores: Values, positive: Rows) -> tuple[float, float]:
    """Return slope and constant that make logarithms of odds of scores.

    Source: Platt, Probabilistic Outputs for Support Vector Machines, 1999, with his targets just short of 0 and 1.
    """
    have, lack = positive.sum(), (~positive).sum()
    target = np.where(positive, (have + 1) / (have + 2), 1 / (lack + 2))
    entry = np.column_stack([scores, np.ones(len(scores))])
    found = np.array([1.0, np.log((have + 1) / (lack + 1))])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-np.clip(entry @ found, -40, 40)))
        slope = entry.T @ (likely - target) + 1e-6 * found
        bend = (entry * (likely * (1 - likely))[:, np.newaxis]).T @ entry + 1e-6 * np.eye(2)
        step = np.linalg.solve(bend, slope)
        found = found - np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-8:
            break
    return float(found[0]), float(found[1])


if __name__ == "__main__":
    main()
