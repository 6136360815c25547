"""How well open mouths are told: the figures behind docs/models.md.

    python benchmarks/mouth.py [--data DIR] [--photos N]

On photos of DIR that labels/mouths.csv, beside this file, has labels for. What is fitted, where a mouth is half open
and how fast it opens, is fitted anew on the people of four fifths and judged on the others, five times over.

Prints tables, then the figures as one line of JSON.
"""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize

from portraits import FOLDS, Values, calibration, folds, interval, mesh_of, portraits
from vultus.config import load_settings
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.attributes.mouth import GRADIENT, HALF_OPEN, gap_of
from vultus.vision.models.store import ModelStore

LABELS = Path(__file__).resolve().parent / "labels" / "mouths.csv"
TARGET = 0.9  # of open and of close mouths, each weighing alike
GAPS = 100.0  # gaps are fitted in hundredths of the distance of the eyes

Flags = NDArray[np.bool_]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--photos", type=int, default=0, help="how many photos; 0 for all")
    given = arguments.parse_args()
    settings = load_settings()
    analyser = FaceAnalyser(ModelStore(settings), settings.faces)
    figures = mouths(analyser, given.data, given.photos)
    print(f"mouth: {figures['mouth']:.3f}, wanted {TARGET}: {'kept' if figures['mouth'] >= TARGET else 'MISSED'}")
    print(json.dumps({name: round(float(value), 4) for name, value in figures.items()}))


def mouths(analyser: FaceAnalyser, data: Path, most: int) -> dict[str, float]:
    """Balanced accuracy by set, and whether the confidence is the chance to be right."""
    with LABELS.open(newline="", encoding="utf-8") as text:
        labels = {row["file"]: row["mouth"] == "open" for row in csv.DictReader(text)}
    labels = {file: is_open for file, is_open in labels.items() if (data / file).is_file()}
    files = list(labels)[:: max(len(labels) // most, 1)] if most else list(labels)
    gaps = {each.file: gap_of(mesh) for each in portraits(analyser, data, files) if (mesh := mesh_of(analyser, each))}
    seen, gap, is_open = list(gaps), np.array(list(gaps.values())), np.array([labels[file] for file in gaps])
    fold = folds(data, seen)
    evidence = np.zeros(len(seen))
    for each in range(FOLDS):
        half, gradient = fitted(gap[fold != each], is_open[fold != each])
        evidence[fold == each] = gradient * (gap[fold == each] - half)
    sets = np.array([Path(file).parts[0] for file in seen])
    table = Table("", "faces", "balanced", "95 % interval", "open", "close", title="Mouths")
    figures = {"mouth_missed": float(len(files) - len(seen))}
    rows = [("all, cross-validated", evidence > 0, np.ones(len(seen), bool))]
    rows.append(("all, as shipped", gap > HALF_OPEN, np.ones(len(seen), bool)))
    rows += [(name, evidence > 0, sets == name) for name in np.unique(sets)]
    for name, said, part in rows:
        sides = [float((said == is_open)[part & (is_open == side)].mean()) for side in (True, False)]
        balanced = sum(sides) / 2
        low, high = interval(balanced, int(part.sum()))
        counts = f"{(part & is_open).sum()} + {(part & ~is_open).sum()}"
        table.add_row(name, counts, f"{balanced:.4f}", f"{low:.3f} to {high:.3f}", *(f"{side:.3f}" for side in sides))
        figures.setdefault("mouth", balanced)
    Console().print(table)
    half, gradient = fitted(gap, is_open)
    print(f"fitted on all: half open at {half:.4f}, gradient {gradient:.1f}; shipped: {HALF_OPEN}, {GRADIENT}")
    confidence = 1 / (1 + np.exp(-np.abs(evidence)))
    return figures | {"mouth_calibration_error": calibration("MouthConfidence", confidence, (evidence > 0) == is_open)}


def fitted(gap: Values, is_open: Flags) -> tuple[float, float]:
    """The gap of a mouth that is half open, and the gradient, at which the labels are likeliest."""

    def loss(numbers: Values) -> float:
        evidence = np.exp(numbers[1]) * (GAPS * gap - numbers[0])
        return float(np.logaddexp(0, np.where(is_open, -evidence, evidence)).mean())

    half, gradient = minimize(loss, np.array([GAPS * HALF_OPEN, 0.0])).x
    return float(half) / GAPS, float(np.exp(gradient)) * GAPS


if __name__ == "__main__":
    main()
