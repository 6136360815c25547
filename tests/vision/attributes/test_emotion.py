"""Emotions."""

import csv
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from vultus.media.images.picture import decode_picture
from vultus.vision.attributes.emotion import EMOTIONS, emotion_of


@pytest.mark.parametrize("row", range(len(EMOTIONS)))
def test_the_likeliest_emotion_is_told_with_how_likely_it_is(row: int) -> None:
    shares = np.full(len(EMOTIONS), 0.05)
    shares[row] = 0.7
    told = emotion_of(shares)
    assert (told.value, told.confidence) == (EMOTIONS[row], pytest.approx(0.7))


@pytest.mark.proves("Figure.Emotion")
def test_smiles_are_told_from_neutral_faces(data: Path, analyser) -> None:
    with (data / "faces-emotion-lfw.csv").open() as rows:
        labels = {row["file"]: row["emotion"].replace("neutral", "none") for row in csv.DictReader(rows)}
    files = [[file for file in labels if labels[file] == emotion][::40][:20] for emotion in ("happiness", "none")]
    right = []
    for file in chain.from_iterable(files):
        pixels = decode_picture((data / file).read_bytes(), working_side=1024, max_pixels=10**7).pixels
        landmarks = analyser.detector.detect(pixels).landmarks[0]
        told = emotion_of(analyser.describer.emotion.probabilities(pixels, landmarks))
        right.append(told.value == labels[file])
    assert len(right) == 40
    assert np.mean(right) >= 0.8
