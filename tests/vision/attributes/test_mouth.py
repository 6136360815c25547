"""Mouths."""

import csv
from pathlib import Path

import numpy as np
import pytest

from vultus.vision.attributes.mesh import POINTS, Mesh
from vultus.vision.attributes.mouth import EYES, HALF_OPEN, INNER_LIPS, mouth_of

LABELS = Path(__file__).resolve().parents[3] / "benchmarks" / "labels" / "mouths.csv"


def mesh(gap: float) -> Mesh:
    """Eyes 100 pixels apart, and lips ``gap`` times that."""
    points = np.zeros((POINTS, 3))
    points[EYES[1], 0] = 100
    for _, lower in INNER_LIPS:
        points[lower, 1] = 100 * gap
    return Mesh(points)


def test_the_wider_the_gap_the_surer_a_mouth_is_open() -> None:
    told = [mouth_of(mesh(gap)) for gap in (0, 0.02, 0.06, 0.15)]
    assert [each.value for each in told] == ["close", "close", "open", "open"]
    assert told[0].confidence > told[1].confidence >= 0.5
    assert told[3].confidence > told[2].confidence >= 0.5


def test_a_mouth_between_open_and_close_is_a_toss() -> None:
    assert mouth_of(mesh(HALF_OPEN)).confidence == pytest.approx(0.5)


@pytest.mark.proves("Figure.Mouth")
def test_labelled_mouths_are_told(data: Path, analyser, sample_faces) -> None:
    with LABELS.open() as rows:
        labels = {row["file"]: row["mouth"] for row in csv.DictReader(rows)}
    files = [str(file.relative_to(data)) for file in sorted((data / "faces-lfw").glob("*/*.jpg"))[::82]]
    told = [
        (labels[file], face.traits.mouth.value)
        for file, (_, face) in zip(files, sample_faces, strict=True)
        if file in labels
    ]
    assert {label for label, _ in told} == {"open", "close"}
    assert np.mean([label == value for label, value in told]) >= 0.85
