"""How well age and gender are told of a face: the figures behind docs/models.md.

    python benchmarks/ages.py [--data DIR] [--photos N]

On DIR/attr-utkface (age and gender in the file name) and DIR/faces-lfw (DIR/faces-gender-lfw.csv): gender of everybody
from 16 years on, age, both by group, and whether GenderConfidence and AgeSD mean what they say. What is fitted, a
temperature for each, is fitted anew on four fifths of the faces and judged on the rest, five times over; beside it
stands what is said without it, and with the temperature of models.toml. Groups are those that the labels of UTKFace
know: they are here to tell whom the models fail, and Vultus offers none of them.
Prints tables, then the figures as one line of JSON.
"""

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from portraits import interval, portrait_of
from vultus.config import load_settings
from vultus.media.images.picture import Picture, decode_picture
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.attributes.classify import FaceClassifier
from vultus.vision.faces.face import Face
from vultus.vision.models.store import ModelStore

Values = NDArray[np.float64]
ADULT = 16  # years; from here on gender is asked for
AGES = (0, 3, 13, 20, 30, 45, 60, 70, 200)
PEOPLE = ("White", "Black", "Asian", "Indian", "other")  # as UTKFace numbers and names them
FOLDS = 5
SEED = 5
TEMPERATURES = np.arange(0.8, 3.01, 0.05)
BINS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)
TARGETS = {"gender_utkface": 0.97, "gender_lfw": 0.97, "age_error": 6.0}


@dataclass(frozen=True, slots=True)
class Photo:
    """A labelled photo: years are -1 and people is empty where nobody tells."""

    file: Path
    male: bool
    years: int = -1
    people: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the networks say of the faces of a set; rows follow ``photos``."""

    photos: list[Photo]
    missed: int
    age: Values  # (n, 81) evidence
    gender: Values  # (n, 2) evidence

    def where(self, rows: NDArray[np.bool_]) -> "Seen":
        """Some of the faces."""
        return Seen(
            [photo for photo, wanted in zip(self.photos, rows, strict=True) if wanted],
            0,
            self.age[rows],
            self.gender[rows],
        )

    @property
    def male(self) -> NDArray[np.bool_]:
        """(n,) as labelled."""
        return np.array([photo.male for photo in self.photos])

    @property
    def years(self) -> NDArray[np.int64]:
        """(n,) as labelled."""
        return np.array([photo.years for photo in self.photos])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--photos", type=int, default=0, help="how many photos of each set; 0 for all")
    given = arguments.parse_args()
    settings = load_settings()
    figures = ages_and_genders(FaceAnalyser(ModelStore(settings), settings.faces), given.data, given.photos)
    for name, target in TARGETS.items():
        kept = figures[name] <= target if name == "age_error" else figures[name] >= target
        print(f"{name}: {figures[name]:.3f}, wanted {target}: {'kept' if kept else 'MISSED'}")
    print(json.dumps({name: round(float(value), 4) for name, value in figures.items()}))


def ages_and_genders(analyser: FaceAnalyser, data: Path, most: int) -> dict[str, float]:
    """Print how well both are told, and return the figures.

    Raises:
        SystemExit: a model is not here, and cannot be fetched.
    """
    if analyser.describer.age is None or analyser.describer.gender is None:
        raise SystemExit("The models of age and gender are not here, and cannot be fetched.")
    everybody = seen(analyser, spread(utkface(data), most))
    celebrities = seen(analyser, spread(lfw(data), most))
    if not everybody.photos:
        raise SystemExit("No face of attr-utkface is found: it says how old people are.")
    adults = everybody.where(everybody.years >= ADULT)
    return {
        "missed_utkface": everybody.missed,
        "missed_lfw": celebrities.missed,
        **genders(analyser.describer.gender, adults, celebrities),
        **ages(analyser.describer.age, everybody),
        **groups(analyser, everybody),
    }


def utkface(data: Path) -> list[Photo]:
    photos = []
    for file in sorted((data / "attr-utkface").glob("*_*_*.*")):
        labels = file.name.split("_")
        people = PEOPLE[int(labels[2])] if len(labels) > 3 and labels[2] in "01234" else ""
        photos.append(Photo(file, labels[1] == "0", int(labels[0]), people))
    return photos


def lfw(data: Path) -> list[Photo]:
    labels = data / "faces-gender-lfw.csv"
    if not labels.is_file():
        return []
    with labels.open(newline="", encoding="utf-8") as text:
        rows = [row for row in csv.DictReader(text) if (data / row["file"]).is_file()]
    return [Photo(data / row["file"], row["gender"] == "male") for row in rows]


def spread(photos: Sequence[Photo], most: int) -> Sequence[Photo]:
    """So many of the photos, evenly; all of them for 0."""
    return photos[:: max(len(photos) // most, 1)] if most else photos


def seen(analyser: FaceAnalyser, photos: Sequence[Photo]) -> Seen:
    """What the networks say of the face that holds the middle of each photo."""
    found, age, gender = [], [], []
    for photo in photos:
        face = portrait_of(analyser, photo.file.name, decoded(photo.file).pixels)
        if face is not None and analyser.describer.age is not None and analyser.describer.gender is not None:
            found.append(photo)
            age.append(analyser.describer.age.evidence(face.pixels, face.landmarks))
            gender.append(analyser.describer.gender.evidence(face.pixels, face.landmarks))
    return Seen(found, len(photos) - len(found), np.reshape(age, (len(age), -1)), np.reshape(gender, (-1, 2)))


def decoded(file: Path) -> Picture:
    return decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**8)


def central(faces: Sequence[Face], picture: Picture) -> Face | None:
    for face in faces:
        left, top, wide, high = face.box
        if left < picture.width / 2 < left + wide and top < picture.height / 2 < top + high:
            return face
    return None


def folds(count: int) -> Iterator[NDArray[np.bool_]]:
    """Which rows are judged, five times over."""
    fold = np.random.default_rng(SEED).permutation(count) % FOLDS
    for each in range(FOLDS):
        yield fold == each


def genders(network: FaceClassifier, adults: Seen, celebrities: Seen) -> dict[str, float]:
    """Accuracy on both sets, and whether the confidence is the chance to be right."""
    male = np.concatenate([adults.male, celebrities.male])
    both = np.concatenate([adults.gender, celebrities.gender])
    source = np.repeat([0, 1], [len(adults.photos), len(celebrities.photos)])
    odds = both[:, 1] - both[:, 0]
    weight = np.zeros(len(male))
    for group in ((source == one) & (male == other) for one in (0, 1) for other in (False, True)):
        weight[group] = 1 / max(group.sum(), 1)  # each set and gender weighs alike
    fitted = np.zeros(len(male))
    for judged in folds(len(male)):
        fitted[judged] = odds[judged] / cooled(odds[~judged], male[~judged], weight[~judged])
    table = Table("", "faces", "right", "95 % interval", "of women", "of men", title="Gender")
    figures = {}
    for name, part in (("utkface", source == 0), ("lfw", source == 1)):
        if not part.any():
            continue
        right = (odds > 0) == male
        low, high = interval(float(right[part].mean()), int(part.sum()))
        sides = [right[part & (male == side)] for side in (False, True)]
        shares = [f"{side.mean():.3f}" if len(side) else "" for side in sides]
        table.add_row(name, str(part.sum()), f"{right[part].mean():.4f}", f"{low:.3f} to {high:.3f}", *shares)
        figures[f"gender_{name}"] = float(right[part].mean())
    Console().print(table)
    print(f"temperature {cooled(odds, male, weight):.2f} fitted on all, {network.model.temperature} shipped")
    return figures | calibration(fitted, male, weight)


def cooled(odds: Values, male: NDArray[np.bool_], weight: Values) -> float:
    """The temperature at which the labels are likeliest."""
    wrong = np.where(male, -odds, odds)
    losses = [weight @ np.logaddexp(0, wrong / temperature) for temperature in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def calibration(fitted: Values, male: NDArray[np.bool_], weight: Values) -> dict[str, float]:
    """What share of faces is right at each confidence, each set and gender weighing alike."""
    confidence, right = 1 / (1 + np.exp(-np.abs(fitted))), (fitted > 0) == male
    table = Table("GenderConfidence", "faces", "said", "right", title="Calibration of gender, cross-validated")
    error = 0.0
    for low, high in pairwise(BINS):
        part = (confidence > low) & (confidence <= high)
        if part.any():
            said, true = (float(np.average(each[part], weights=weight[part])) for each in (confidence, right))
            error += float(weight[part].sum() / weight.sum()) * abs(said - true)
            table.add_row(f"{low} to {high}", str(part.sum()), f"{said:.3f}", f"{true:.3f}")
    Console().print(table)
    return {"gender_calibration_error": error}


def ages(network: FaceClassifier, everybody: Seen) -> dict[str, float]:
    """Mean error in years, as the network says it and corrected; whether AgeSD is true."""
    years = everybody.years
    raw, _ = expected(everybody.age, 1.0)
    corrected = np.zeros(len(years))
    for judged in folds(len(years)):
        corrected[judged], _ = expected(everybody.age[judged], warmest(everybody.age[~judged], years[~judged]))
    shares = np.array([network.calibrated(evidence) for evidence in everybody.age])
    shipped, deviation = moments(shares)
    error = np.abs(shipped - years)
    table = Table("", "mean error, years", "mean of what is said too much", title=f"Age of {len(years)} faces")
    for name, said in (("without correction", raw), ("cross-validated", corrected), ("as shipped", shipped)):
        table.add_row(name, f"{np.abs(said - years).mean():.2f}", f"{(said - years).mean():+.2f}")
    Console().print(table)
    spread = float(np.quantile(error / deviation, 0.683))
    deviation = deviation * network.model.spread
    within = [float((error <= times * deviation).mean()) for times in (1, 2)]
    print(f"temperature {warmest(everybody.age, years):.2f}, spread {spread:.2f} fitted on all,", end=" ")
    print(f"{network.model.temperature}, {network.model.spread} shipped; true ages within one AgeSD:", end=" ")
    print(f"{within[0]:.3f}, within two: {within[1]:.3f}; mean AgeSD {deviation.mean():.1f}")
    return {
        "age_error": float(np.abs(corrected - years).mean()),
        "age_error_raw": float(np.abs(raw - years).mean()),
        "age_error_shipped": float(error.mean()),
        "age_within_one_sd": within[0],
        "age_within_two_sd": within[1],
    }


def warmest(evidence: Values, years: NDArray[np.int64]) -> float:
    """The temperature of the smallest mean error."""
    errors = [np.abs(expected(evidence, temperature)[0] - years).mean() for temperature in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(errors))])


def expected(evidence: Values, temperature: float) -> tuple[Values, Values]:
    likely = np.exp((evidence - evidence.max(axis=1, keepdims=True)) / temperature)
    return moments(likely / likely.sum(axis=1, keepdims=True))


def moments(shares: Values) -> tuple[Values, Values]:
    """Mean and standard deviation, years."""
    years = np.arange(shares.shape[1])
    mean = shares @ years
    return mean, np.sqrt(np.maximum(shares @ np.square(years) - np.square(mean), 0))


def groups(analyser: FaceAnalyser, everybody: Seen) -> dict[str, float]:
    """Age and gender as shipped, for each group that UTKFace labels."""
    if analyser.describer.age is None or analyser.describer.gender is None:
        return {}
    age, _ = moments(np.array([analyser.describer.age.calibrated(evidence) for evidence in everybody.age]))
    said = np.array([share[1] > share[0] for share in map(analyser.describer.gender.calibrated, everybody.gender)])
    years, male, right = everybody.years, everybody.male, said == everybody.male
    people = np.array([photo.people for photo in everybody.photos])
    rows = [(f"{low} to {high - 1}", (years >= low) & (years < high)) for low, high in pairwise(AGES)]
    for name in PEOPLE:
        for gender, side in (("women", ~male), ("men", male)):
            rows.append((f"{name}, {gender} from {ADULT} on", (people == name) & side & (years >= ADULT)))
    table = Table(
        "group", "faces", "mean error of age", "too much", "gender right", title="UTKFace by group, as shipped"
    )
    for name, part in rows:
        if part.any():
            off = (age - years)[part]
            table.add_row(
                name, str(part.sum()), f"{np.abs(off).mean():.1f}", f"{off.mean():+.1f}", f"{right[part].mean():.3f}"
            )
    Console().print(table)
    old, child = years >= 70, years < ADULT
    return {
        "age_bias_from_70": float((age - years)[old].mean()) if old.any() else 0.0,
        "gender_children": float(right[child].mean()) if child.any() else 0.0,
    }


if __name__ == "__main__":
    main()
