"""How well emotions are told: the figures behind docs/models.md.

    python benchmarks/emotion.py [--data DIR] [--photos N]

On DIR/faces-lfw, labelled by DIR/faces-emotion-lfw.csv. What is fitted, three biases and a temperature, is fitted anew
on the people of four fifths and judged on the others, five times over. Happiness and none are judged on as many faces
of each, drawn with a seed: right is only who is told happiness or none as labelled, whatever else there would be.

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

from portraits import FOLDS, SEED, Values, calibration, folds, interval, portraits
from vultus.config import load_settings
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.attributes.classify import FaceClassifier
from vultus.vision.attributes.emotion import EMOTIONS
from vultus.vision.models.store import ModelStore

GROUPS = np.array([1, 1, 1, 2, 1, 3, 0])  # emotions of one group share a bias; those of group 0 have none
HAPPINESS, NONE = EMOTIONS.index("happiness"), EMOTIONS.index("none")
RIDGE = 1e-3  # draws biases towards 0 where a class is too rare to tell
TARGET = 0.8  # of as many happy faces as neutral ones

Classes = NDArray[np.int64]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--photos", type=int, default=0, help="how many photos; 0 for all")
    given = arguments.parse_args()
    settings = load_settings()
    figures = emotions(FaceAnalyser(ModelStore(settings), settings.faces), given.data, given.photos)
    kept = "kept" if figures["happiness_or_none"] >= TARGET else "MISSED"
    print(f"happiness_or_none: {figures['happiness_or_none']:.3f}, wanted {TARGET}: {kept}")
    print(json.dumps({name: round(float(value), 4) for name, value in figures.items()}))


def emotions(analyser: FaceAnalyser, data: Path, most: int) -> dict[str, float]:
    """Print how well they are told, and return the figures.

    Raises:
        SystemExit: the model is not here, and cannot be fetched.
    """
    network = analyser.describer.emotion
    if network is None:
        raise SystemExit("The model of emotions is not here, and cannot be fetched.")
    labels = labelled(data, most)
    seen = list(portraits(analyser, data, labels))
    evidence = np.array([network.evidence(each.pixels, each.landmarks) for each in seen])
    told = np.array([EMOTIONS.index(labels[each.file]) for each in seen])
    return {
        "emotion_missed": float(len(labels) - len(seen)),
        **judged(network, evidence, told, folds(data, [each.file for each in seen])),
    }


def labelled(data: Path, most: int) -> dict[str, str]:
    """Emotion by file; those that the network does not know are left out."""
    with (data / "faces-emotion-lfw.csv").open(newline="", encoding="utf-8") as text:
        rows = {row["file"]: row["emotion"].replace("neutral", "none") for row in csv.DictReader(text)}
    return {file: emotion for file, emotion in list(rows.items())[: most or None] if emotion in EMOTIONS}


def judged(network: FaceClassifier, evidence: Values, told: Classes, fold: Classes) -> dict[str, float]:
    """Accuracy, confusion and calibration."""
    shares = np.zeros_like(evidence)
    for each in range(FOLDS):
        shares[fold == each] = calibrated(evidence[fold == each], fitted(evidence[fold != each], told[fold != each]))
    confusion(shares.argmax(axis=1), told)
    shipped = np.array([network.calibrated(row) for row in evidence])
    table = Table("happiness or none", "faces", "right", "95 % interval", "happiness", "none")
    figures = {}
    drawn = balanced(told)
    for name, said in (("network alone", evidence), ("cross-validated", shares), ("as shipped", shipped)):
        right = (said.argmax(axis=1) == told)[drawn]
        low, high = interval(float(right.mean()), len(right))
        sides = [f"{right[told[drawn] == side].mean():.3f}" for side in (HAPPINESS, NONE)]
        table.add_row(name, str(len(right)), f"{right.mean():.4f}", f"{low:.3f} to {high:.3f}", *sides)
        figures[name] = float(right.mean())
    Console().print(table)
    biases, temperature = spread(fitted(evidence, told))
    print(f"fitted on all: biases {np.round(biases, 2).tolist()}, temperature {temperature:.2f};", end=" ")
    print(f"shipped: {network.model.bias}, {network.model.temperature}")
    error = calibration("EmotionConfidence", shares.max(axis=1), shares.argmax(axis=1) == told)
    return {
        "happiness_or_none": figures["cross-validated"],
        "happiness_or_none_shipped": figures["as shipped"],
        "all_emotions": float((shares.argmax(axis=1) == told).mean()),
        "calibration_error": error,
    }


def balanced(told: Classes) -> Classes:
    """Rows of as many happy faces as neutral ones."""
    sides = [np.flatnonzero(told == side) for side in (HAPPINESS, NONE)]
    count, random = min(map(len, sides)), np.random.default_rng(SEED)
    return np.concatenate([random.permutation(side)[:count] for side in sides])


def fitted(evidence: Values, told: Classes) -> Values:
    """Three biases and the logarithm of the temperature at which the labels are likeliest."""

    def loss(numbers: Values) -> float:
        likely = np.log(np.maximum(calibrated(evidence, numbers), 1e-12))[np.arange(len(told)), told]
        return float(RIDGE * np.square(numbers).sum() - likely.mean())

    numbers: Values = minimize(loss, np.zeros(GROUPS.max() + 1)).x
    return numbers


def spread(numbers: Values) -> tuple[Values, float]:
    """A bias for each emotion, and the temperature."""
    return np.concatenate([[0.0], numbers[:-1]])[GROUPS], float(np.exp(numbers[-1]))


def calibrated(evidence: Values, numbers: Values) -> Values:
    biases, temperature = spread(numbers)
    weighed = (evidence + biases) / temperature
    likely = np.exp(weighed - weighed.max(axis=1, keepdims=True))
    shares: Values = likely / likely.sum(axis=1, keepdims=True)
    return shares


def confusion(said: Classes, told: Classes) -> None:
    table = Table("labelled", *EMOTIONS, "faces", title="What is told of each emotion, cross-validated")
    for row, emotion in enumerate(EMOTIONS):
        counts = np.bincount(said[told == row], minlength=len(EMOTIONS))
        table.add_row(emotion, *map(str, counts), str(counts.sum()))
    Console().print(table)


if __name__ == "__main__":
    main()
