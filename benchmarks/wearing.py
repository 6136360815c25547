"""How well masked faces are found, and what a face wears is told: the figures behind docs/models.md.

    python benchmarks/wearing.py [--data DIR]

On DIR/attr-mask and DIR/noface: masked faces that are found, rooms in which a face is, and masks told of faces found;
and pieces without a face of DIR's photos of people, in which one is seen in vain.
On the photos of DIR that benchmarks/labels/wearing.csv labels: glasses, hats and beards. Everything is told by heads
that learned from other people (five folds by person, calibrated on the four that were learned from); beside it stands
what the heads of the package tell, which learned from all of these. Intervals are of 95 %, over people. Where no photo
of DIR is labelled, only masks are judged, by the heads of the package.

Prints tables, then the figures as one line of JSON.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from vultus.config import Settings, load_settings
from vultus.media.images.picture import decode_picture
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.attributes.heads import Evidence
from vultus.vision.attributes.wearing import beard_of, glasses_of, hat_of, mask_of
from vultus.vision.faces.detect import SMALL_PICTURE
from vultus.vision.faces.face import Trait
from vultus.vision.models.store import ModelStore

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT))
from scripts.train_heads import DOUBTFUL, HEADS, Faces, Task, calibration, folds, gathered, left_out, tasks  # noqa: E402

Values = NDArray[np.float64]
Rows = NDArray[np.bool_]
RULES: dict[str, Callable[[Evidence], Trait]] = {"glasses": glasses_of, "hat": hat_of, "beard": beard_of}
BINS = (0.0, 0.6, 0.8, 0.9, 0.95, 0.98, 1.0)
AGES = (0, 3, 13, 20, 60, 200)
RESAMPLED = 1000
PEOPLED = ("photos-celeba", "groups-friends6", "families-azure")
SMALLEST = 100  # pixels; side of a piece of a photo
AWAY = 0.4  # of a face, which a piece keeps from it
TRIES = 8  # pieces of a photo, of which those that touch a face are left out
SEED = 5
TARGETS = {
    "masked_found": 0.9,
    "mask_accuracy": 0.97,
    "glasses_balanced": 0.9,
    "hat_balanced": 0.9,
    "beard_balanced": 0.9,
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    given = arguments.parse_args()
    settings = load_settings()
    figures = wearing(settings, FaceAnalyser(ModelStore(settings), settings.faces), given.data)
    for name, target in ((name, target) for name, target in TARGETS.items() if name in figures):
        print(f"{name}: {figures[name]:.3f}, wanted {target}: {'kept' if figures[name] >= target else 'MISSED'}")
    rooms = figures["rooms_with_a_face"]
    print(f"rooms_with_a_face: {rooms:.0f}, wanted at most 1: {'kept' if rooms <= 1 else 'MISSED'}")
    print(json.dumps({name: round(float(value), 4) for name, value in figures.items()}))


def wearing(settings: Settings, analyser: FaceAnalyser, data: Path) -> dict[str, float]:
    """Print how well it is told what faces wear, and return the figures."""
    figures = found(analyser, data)
    faces = gathered(settings, data)
    if not faces.files:
        print("No photo here is of masks, or labelled: nothing is judged.")
        return figures
    shipped = packaged(ModelStore(settings), faces)
    people_labelled = any((labels != DOUBTFUL).any() for name, labels in faces.labels.items() if name in RULES)
    if people_labelled:
        crossed = crossed_over(faces)
        figures |= masks(faces, crossed, "heads that learned from other people's faces") | attributes(
            faces, crossed, shipped
        )
        calibrated(faces, crossed)
        figures |= groups(faces, crossed)
    else:
        print("No photo here is labelled with glasses, hat or beard: masks alone are judged, by the package's heads.")
        figures |= masks(faces, shipped, "the package's heads")
    return figures


def found(analyser: FaceAnalyser, data: Path) -> dict[str, float]:
    """How many photos of masked and bare faces, rooms, and pieces of photos have a face; also by the cascade alone."""
    table = Table("", "photos", "with a face", "by the cascade alone", title="Found")
    shares, rooms = {}, 0
    second = analyser.detector._second_look
    for name, folder in (("masked", "attr-mask/with_mask"), ("bare", "attr-mask/without_mask"), ("rooms", "noface")):
        files = sorted(file for file in (data / folder).glob("*") if file.is_file())
        counts = []
        for look in (second, None):
            analyser.detector._second_look = look
            counts.append(sum(len(analyser.detector.detect(pixels_of(file))) > 0 for file in files))
        table.add_row(name, str(len(files)), *(str(count) for count in counts))
        if name == "rooms":
            rooms = counts[0]
        elif files:
            shares[f"{name}_found"] = counts[0] / len(files)
    analyser.detector._second_look = second
    cut = list(pieces(analyser, data))
    in_vain = [sum(len(analyser.detector.detect(piece)) > 0 for piece in cut)]
    analyser.detector._second_look = None
    in_vain.append(sum(len(analyser.detector.detect(piece)) > 0 for piece in cut))
    analyser.detector._second_look = second
    table.add_row("pieces", str(len(cut)), *(str(count) for count in in_vain))
    Console().print(table)
    return {**shares, "rooms_with_a_face": rooms, "pieces": len(cut), "pieces_with_a_face": in_vain[0]}


def pieces(analyser: FaceAnalyser, data: Path) -> Iterator[NDArray[np.uint8]]:
    """Pieces of photos of people, cut out at random away from all faces; a few hold one that nobody found."""
    chance = np.random.default_rng(SEED)
    for file in (file for folder in PEOPLED for file in sorted((data / folder).glob("*"))):
        pixels = pixels_of(file)
        found = every_face(analyser, pixels)
        margin = AWAY * (found[:, 2:] - found[:, :2])
        faces = np.hstack([found[:, :2] - margin, found[:, 2:] + margin])
        height, width = pixels.shape[:2]
        for _ in range(TRIES if min(height, width) > SMALLEST else 0):
            wide, high = (int(chance.integers(SMALLEST, side + 1)) for side in (width, height))
            left, top = int(chance.integers(width - wide + 1)), int(chance.integers(height - high + 1))
            beside = (faces[:, 0] > left + wide) | (faces[:, 2] < left)
            if (beside | (faces[:, 1] > top + high) | (faces[:, 3] < top)).all():
                yield np.ascontiguousarray(pixels[top : top + high, left : left + wide])


def every_face(analyser: FaceAnalyser, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, 4) boxes; as small as they may be in a piece, in which smaller ones are looked for."""
    detector = analyser.detector
    usual, detector._min_side = detector._min_side, SMALLEST * SMALL_PICTURE
    boxes = detector.detect(pixels).boxes
    detector._min_side = usual
    return boxes


def pixels_of(file: Path) -> NDArray[np.uint8]:
    return decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**8).pixels


def packaged(store: ModelStore, faces: Faces) -> list[Evidence]:
    """What the heads of the package say of each face."""
    weights = np.load(store.path(store.models.heads_model(HEADS).file))
    return [Evidence(*row) for row in faces.features @ weights[:, :-1].T + weights[:, -1]]


def crossed_over(faces: Faces) -> list[Evidence]:
    """What heads that learned from other people say of each face."""
    columns = [calibrated_apart(faces, task) for task in tasks(faces)]
    return [Evidence(*row) for row in np.column_stack(columns)]


def calibrated_apart(faces: Faces, task: Task) -> Values:
    scores, evidence = left_out(faces, task), np.empty(len(faces.files))
    for judged in folds(faces.person):
        rest = task.judged & ~judged
        slope, constant = calibration(scores[rest], task.positive[rest])
        evidence[judged] = slope * scores[judged] + constant
    return evidence


def masks(faces: Faces, evidence: list[Evidence], teacher: str) -> dict[str, float]:
    """Whether masks are told of the faces of attr-mask that are found, and of how many bare faces in vain."""
    said = np.array([mask_of(each).value for each in evidence])
    wanted, real = faces.labels["mask"], ~faces.made
    asked = real & np.array([file.startswith("attr-mask") for file in faces.files])
    bare = real & ~asked
    right = int((said == wanted)[asked].sum())
    print(f"Mask: {right} of {asked.sum()} faces found in attr-mask told right, by {teacher};")
    print(f"of {bare.sum()} labelled faces without one, {(said[bare] == 'mask').sum()} are told to have one.")
    figures: dict[str, float] = {"mask_faces": int(asked.sum())}
    if asked.any():
        figures["mask_accuracy"] = right / int(asked.sum())
    if bare.any():
        figures["mask_in_vain"] = float((said[bare] == "mask").mean())
    return figures


def attributes(faces: Faces, crossed: list[Evidence], shipped: list[Evidence]) -> dict[str, float]:
    """Balanced accuracy: the mean share of those told right, over having something and having nothing."""
    table = Table("", "faces", "with", "doubtful", "balanced", "95 %", "of those with", "without", "package's heads")
    figures = {}
    for name, rule in RULES.items():
        labels = faces.labels[name]
        known = (labels != DOUBTFUL) & ~faces.made
        has = labels != "none"
        right, beside = (
            (np.array([rule(each).value for each in said]) != "none") == has for said in (crossed, shipped)
        )
        person = np.array(faces.person)
        low, high = interval(right[known], has[known], person[known])
        share, shares = balanced(right[known], has[known]), [right[known & part].mean() for part in (has, ~has)]
        doubtful = ((labels == DOUBTFUL) & ~faces.made & ~np.char.startswith(faces.files, "attr-mask")).sum()
        table.add_row(
            name,
            str(known.sum()),
            str((known & has).sum()),
            str(doubtful),
            f"{share:.3f}",
            f"{low:.3f} to {high:.3f}",
            *(f"{part:.3f}" for part in shares),
            f"{balanced(beside[known], has[known]):.3f}",
        )
        figures |= {f"{name}_balanced": share, f"{name}_low": low, f"{name}_high": high}
    Console().print(table)
    kinds = np.array([glasses_of(each).value for each in crossed])
    for kind in ("glasses", "sunglasses"):
        part = (faces.labels["glasses"] == kind) & ~faces.made
        figures[f"{kind}_told"] = float((kinds[part] == kind).mean())
        print(f"Of {part.sum()} faces with {kind}, {(kinds[part] == kind).sum()} are told so.")
    return figures


def balanced(right: Rows, has: Rows) -> float:
    return float((right[has].mean() + right[~has].mean()) / 2)


def interval(right: Rows, has: Rows, person: NDArray[np.str_]) -> tuple[float, float]:
    """Of balanced accuracy, by drawing people anew."""
    _, number = np.unique(person, return_inverse=True)
    chance = np.random.default_rng(SEED)
    people = int(number.max()) + 1
    shares = []
    for _ in range(RESAMPLED):
        weight = np.bincount(chance.integers(people, size=people), minlength=people)[number]
        sides = [float(weight[part] @ right[part]) / max(int(weight[part].sum()), 1) for part in (has, ~has)]
        shares.append(sum(sides) / 2)
    return float(np.quantile(shares, 0.025)), float(np.quantile(shares, 0.975))


def calibrated(faces: Faces, crossed: list[Evidence]) -> None:
    """What share of faces is told right at each confidence."""
    table = Table("confidence", *RULES, title="Told right at each confidence (said, true, faces)")
    columns = []
    for name, rule in RULES.items():
        known = (faces.labels[name] != DOUBTFUL) & ~faces.made
        told = [rule(each) for each in crossed]
        said = np.array([trait.confidence for trait in told])[known]
        right = (np.array([trait.value for trait in told]) == faces.labels[name])[known]
        parts = [(said > low) & (said <= high) for low, high in pairwise(BINS)]
        columns.append(
            [f"{said[part].mean():.2f}, {right[part].mean():.2f}, {part.sum()}" if part.any() else "" for part in parts]
        )
    for (low, high), *cells in zip(pairwise(BINS), *columns, strict=True):
        table.add_row(f"{low} to {high}", *cells)
    Console().print(table)


def groups(faces: Faces, crossed: list[Evidence]) -> dict[str, float]:
    """Of whom things are told that are not there: by age and gender, as file names of UTKFace tell them."""
    rows = [
        number for number, file in enumerate(faces.files) if file.startswith("attr-utkface") if not faces.made[number]
    ]
    if not rows:
        return {}
    labels = [Path(faces.files[row]).name.split("_") for row in rows]
    years, male = np.array([int(label[0]) for label in labels]), np.array([label[1] == "0" for label in labels])
    table = Table("UTKFace", "faces", *(f"{name} in vain" for name in RULES), title="Told in vain, by group")
    told = {name: np.array([rule(crossed[row]).value != "none" for row in rows]) for name, rule in RULES.items()}
    lacks = {name: faces.labels[name][rows] == "none" for name in RULES}
    for low, high in pairwise(AGES):
        for gender, part in (("men", male), ("women", ~male)):
            here = part & (years >= low) & (years < high)
            cells = [f"{(told[name] & lacks[name])[here].sum()} of {lacks[name][here].sum()}" for name in RULES]
            table.add_row(f"{gender}, {low} to {high - 1}", str(here.sum()), *cells)
    Console().print(table)
    beardless = (~male | (years < 13)) & lacks["beard"]
    return {"beards_of_women_and_children": float(told["beard"][beardless].mean())}


if __name__ == "__main__":
    main()
