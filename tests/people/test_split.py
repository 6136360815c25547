"""One person who is two comes apart; one who is one does not."""

import numpy as np
import pytest

from vultus.people.curve import FarCurve
from vultus.people.split import split_faces, strict_curve

CURVE = FarCurve.of("mobilefacenet-192")


def person(seed, faces, spread, towards=None, dimensions=192):
    """Faces around a direction, which may lean towards another."""
    random = np.random.default_rng(seed)
    centre = random.normal(size=dimensions)
    centre /= np.linalg.norm(centre)
    if towards is not None:
        centre = centre + 0.5 * towards
        centre /= np.linalg.norm(centre)
    rows = centre + spread * random.normal(size=(faces, dimensions)) / np.sqrt(dimensions)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), centre


def split(rows, **options):
    options = {"library": 1000, "least": 3, "model": CURVE} | options
    return split_faces(rows, photos=np.arange(len(rows)), quality=np.ones(len(rows), np.float32), **options)


def test_two_people_in_one_come_apart_the_larger_first():
    large, centre = person(1, 12, 0.5)
    small, _ = person(2, 6, 0.5, towards=centre)
    labels = split(np.concatenate([small, large]))
    assert labels.tolist() == [1] * 6 + [0] * 12


def test_one_person_holds_together():
    rows, _ = person(1, 20, 0.5)
    assert split(rows).tolist() == [0] * 20


def test_a_group_that_is_too_small_goes_with_the_one_it_is_most_like():
    large, centre = person(1, 12, 0.5)
    small, _ = person(2, 6, 0.5, towards=centre)
    stray, _ = person(3, 1, 0.5, towards=small.mean(axis=0))
    labels = split(np.concatenate([small, large, stray]))
    assert labels.tolist() == [1] * 6 + [0] * 12 + [1]


def test_the_threshold_is_that_of_the_library_and_rises_with_strictness():
    for library in (100, 10_000):
        for strictness in (0.0, 0.5):
            curve = strict_curve(CURVE, 20, library, strictness)
            assert curve.threshold(20) == pytest.approx(CURVE.threshold(library) + strictness * CURVE.span)
    assert curve.span == pytest.approx(CURVE.span)
