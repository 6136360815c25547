"""Gender."""

import csv
from pathlib import Path

import numpy as np
import pytest

from vultus.vision.attributes.gender import gender_of
from vultus.vision.faces.face import Face


@pytest.mark.parametrize(("shares", "value", "confidence"), [((0.9, 0.1), "female", 0.9), ((0.3, 0.7), "male", 0.7)])
def test_the_likelier_gender_is_told_with_how_likely_it_is(shares, value: str, confidence: float) -> None:
    gender = gender_of(np.array(shares))
    assert (gender.value, gender.confidence) == (value, pytest.approx(confidence))


def test_the_confidence_is_a_chance_of_a_half_or_more(sample_faces: list[tuple[np.ndarray, Face]]) -> None:
    confidences = [face.traits.gender.confidence for _, face in sample_faces]
    assert all(0.5 <= each <= 1 for each in confidences)


@pytest.mark.proves("Figure.Gender")
def test_genders_of_celebrities_are_told(data: Path, sample_faces: list[tuple[np.ndarray, Face]]) -> None:
    with (data / "faces-gender-lfw.csv").open() as rows:
        labels = {row["file"]: row["gender"] for row in csv.DictReader(rows)}
    files = [str(file.relative_to(data)) for file in sorted((data / "faces-lfw").glob("*/*.jpg"))[::82]]
    right = [
        face.traits.gender.value == labels[file]
        for file, (_, face) in zip(files, sample_faces, strict=True)
        if file in labels
    ]
    assert np.mean(right) >= 0.95
