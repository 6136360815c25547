"""A likeness means the same whatever the model, and rises with the similarity."""

import numpy as np
import pytest

from vultus.people.curve import FarCurve
from vultus.people.likeness import likeness
from vultus.vision.models.model import shipped_models

MODELS = [entry.id for entry in shipped_models().embedding_models]


@pytest.fixture(params=MODELS)
def curve(request: pytest.FixtureRequest) -> FarCurve:
    return FarCurve.of(request.param)


def at_rate(curve: FarCurve, rate: float) -> float:
    return float(likeness(np.array(curve.at(rate)), curve))


def test_one_pair_of_strangers_in_a_thousand_comes_to_a_half(curve):
    assert at_rate(curve, 1e-3) == pytest.approx(0.5, abs=1e-4)


def test_who_is_as_alike_as_one_stranger_in_a_hundred_is_no_match_and_as_one_in_100_000_is_one(curve):
    assert at_rate(curve, 1e-2) < 0.2
    assert at_rate(curve, 1e-5) > 0.9


def test_it_rises_with_the_similarity_from_nothing_to_one(curve):
    values = likeness(np.linspace(-1, 1, 2001), curve)
    assert (np.diff(values) > 0).all()
    assert 0 < values[0] < 1e-6
    assert values[-1] == 1.0


def test_what_rounding_puts_past_one_is_one(curve):
    assert likeness(np.array([1.0000002, -1.5]), curve).max() == 1.0


def test_equal_faces_are_one_persons_for_a_model_that_keeps_strangers_less_apart():
    poor = FarCurve((1e-5, 1e-3, 1e-2), (0.95, 0.8, 0.6))
    assert likeness(np.array(1.0), poor) == 1.0
    assert at_rate(poor, 1e-3) == pytest.approx(0.5, abs=0.1)
