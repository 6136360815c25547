"""Comparing two faces: how often CompareImageFaces is right, beside the bare cosine at its best threshold.

    python benchmarks/comparing.py [--data DIR] [--people N] [--model ID]

Takes the largest face of every photo in DIR/faces-lfw and DIR/photos-celeba, as CompareImageFaces does, and compares
all pairs of photos of a set. A photo of photos-celeba counts as its main person's, who is not always the largest face,
so some of its pairs cannot be told. Accuracy is balanced: the mean of the shares of pairs of one person and of pairs of
strangers that are told rightly. The best threshold of the cosine is chosen on the very pairs that it is judged by,
which ours is not. A similarity is calibrated when among pairs of which one in ten is of one person, as many are as it
says.

Prints tables, then the figures as one line of JSON.
"""

import argparse
import csv
import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from vultus.config import Faces, load_settings
from vultus.media.images.picture import decode_picture
from vultus.people.curve import FarCurve
from vultus.people.likeness import likeness
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.models.store import ModelStore

SETS = ("faces-lfw", "photos-celeba")
CUTS = (0.2, 0.3, 0.5, 0.7, 0.9, 0.95)
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 1.0)
SAME_SHARE = 0.1  # of the pairs that calibration is about
STEP = 0.001  # between thresholds of the cosine that are tried


@dataclass(frozen=True, slots=True)
class Pairs:
    """All pairs of photos of a set."""

    name: str
    faceless: int  # photos
    same: NDArray[np.bool_]
    cosine: NDArray[np.float64]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--people", type=int, default=0, help="how many people of each set; 0 for all")
    arguments.add_argument("--model", default="", help="embedding model; that of the settings when left out")
    given = arguments.parse_args()
    settings = load_settings()
    faces = Faces(profile=settings.faces.profile, min_side=settings.faces.min_side, attributes=())
    analyser = FaceAnalyser(ModelStore(settings), faces, given.model)
    curve = FarCurve.of(analyser.model, settings.home)
    figures: dict[str, object] = {"model": analyser.model}
    for name in SETS:
        pairs = compared(analyser, given.data, name, given.people)
        figures[name] = judged(pairs, likeness(pairs.cosine, curve))
    print(json.dumps(figures))


def compared(analyser: FaceAnalyser, data: Path, name: str, people: int) -> Pairs:
    """Compare the largest faces of all photos of a set with each other."""
    with (data / "labels.csv").open(newline="") as file:
        photos = [(row["file"], row["identity"]) for row in csv.DictReader(file) if row["file"].startswith(f"{name}/")]
    if people:
        chosen = set(sorted({identity for _, identity in photos})[:people])
        photos = [(file, identity) for file, identity in photos if identity in chosen]
    found = [(identity, largest(analyser, data / file)) for file, identity in photos]
    seen = [(identity, vector) for identity, vector in found if vector is not None]
    vectors = np.array([vector for _, vector in seen], np.float64)
    identities = np.array([identity for identity, _ in seen])
    one, other = np.triu_indices(len(seen), 1)
    cosine = (vectors @ vectors.T)[one, other]
    return Pairs(name, len(found) - len(seen), identities[one] == identities[other], cosine)


def largest(analyser: FaceAnalyser, file: Path) -> NDArray[np.float32] | None:
    """The embedding of the largest face of a photo."""
    faces = analyser.analyse(decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**8))
    return faces[0].embedding if faces else None


def judged(pairs: Pairs, similarity: NDArray[np.float64]) -> dict[str, object]:
    """How often each threshold is right, and whether similarities are the chances that they say they are."""
    strangers = int((~pairs.same).sum())
    title = f"{pairs.name}: {pairs.same.sum()} pairs of one person, {strangers} of strangers, {pairs.faceless} no face"
    table = Table("taken for one person's", "of one person", "of strangers", "accuracy", title=title)
    figures: dict[str, object] = {"same": int(pairs.same.sum()), "strangers": strangers, "faceless": pairs.faceless}
    for cut in CUTS:
        told = shares(pairs.same, similarity >= cut)
        figures[f"at_{cut}"] = told
        table.add_row(f"similarity {cut} and more", *(f"{share:.5f}" for share in told))
    best = best_threshold(pairs)
    told = shares(pairs.same, pairs.cosine >= best)
    figures["cosine_at_best"], figures["best_cosine"] = told, best
    table.add_row(f"bare cosine, best at {best:.3f}", *(f"{share:.5f}" for share in told))
    console = Console()
    console.print(table)
    console.print(calibrated(pairs.same, similarity, figures))
    return figures


def shares(same: NDArray[np.bool_], told: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Of the pairs of one person, and of those of strangers, the share that is told to be one person's; accuracy."""
    right, wrong = float(told[same].mean()), float(told[~same].mean())
    return round(right, 5), round(wrong, 5), round((right + 1 - wrong) / 2, 5)


def best_threshold(pairs: Pairs) -> float:
    """The threshold of the cosine with the best accuracy on these pairs."""
    own, others = np.sort(pairs.cosine[pairs.same]), np.sort(pairs.cosine[~pairs.same])
    cuts = np.arange(-1, 1, STEP)
    missed = np.searchsorted(own, cuts) / len(own)
    refused = np.searchsorted(others, cuts) / len(others)
    return round(float(cuts[np.argmax(refused - missed)]), 3)


def calibrated(same: NDArray[np.bool_], similarity: NDArray[np.float64], figures: dict[str, object]) -> Table:
    """The share of pairs of one person at each similarity, where one pair in ten is one."""
    weight = np.where(same, SAME_SHARE / same.sum(), (1 - SAME_SHARE) / (~same).sum())
    table = Table("similarity", "on average", "of one person", title="Where one pair in ten is of one person")
    for low, high in pairwise(BINS):
        part = (similarity >= low) & ((similarity < high) | (high == BINS[-1]))
        total = weight[part].sum()
        said, true = (float((weight[part] * values[part]).sum() / total) for values in (similarity, same))
        figures[f"chance_{low}_to_{high}"] = [round(said, 3), round(true, 3)]
        table.add_row(f"{low} to {high}", f"{said:.3f}", f"{true:.3f}")
    return table


if __name__ == "__main__":
    main()
