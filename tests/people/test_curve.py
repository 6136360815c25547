"""The threshold follows the library along the measured curve, and no further."""

import pytest

from vultus.people.curve import FarCurve

CURVE = FarCurve.of("mobilefacenet-192")


def test_a_measured_rate_gives_the_measured_similarity():
    assert [CURVE.at(rate) for rate in CURVE.rate] == pytest.approx(CURVE.similarity)


def test_rates_are_ascending_and_similarities_descending():
    assert list(CURVE.rate) == sorted(CURVE.rate)
    assert list(CURVE.similarity) == sorted(CURVE.similarity, reverse=True)


def test_a_larger_library_asks_for_more_similarity():
    thresholds = [CURVE.threshold(faces) for faces in (10, 100, 1_000, 5_000)]
    assert thresholds == sorted(thresholds)
    assert len(set(thresholds)) == 4


def test_the_threshold_is_never_extrapolated():
    assert CURVE.threshold(10**6) == CURVE.threshold(10**9) == CURVE.similarity[0]
    assert CURVE.threshold(0) == CURVE.threshold(1) == CURVE.similarity[-1]


def test_the_surest_edges_are_those_of_the_threshold_as_far_as_it_was_measured():
    for faces in (0, 20, 1_000, 5_000):
        assert CURVE.sure(faces) == pytest.approx(CURVE.threshold(faces))


def test_past_the_measured_rates_the_surest_edges_follow_the_last_part_of_the_curve():
    decade = CURVE.similarity[0] - CURVE.similarity[1]
    assert CURVE.sure(50_000) == pytest.approx(CURVE.similarity[0] + decade)
    assert CURVE.sure(500_000) == pytest.approx(CURVE.similarity[0] + 2 * decade)


def test_a_library_becomes_a_crowd_beyond_the_measured_rates():
    assert [CURVE.crowd(faces) for faces in (0, 20, 5_000, 15_000)] == [0, 0, 0, 0]
    assert CURVE.crowd(28_117) == pytest.approx(0.5, abs=1e-4)  # half a decade on a logarithmic scale
    assert CURVE.crowd(50_000) == pytest.approx(1)
    assert CURVE.crowd(10**6) == 1


def test_the_common_scale_runs_from_the_first_to_the_last_measured_point():
    assert CURVE.spans(CURVE.similarity_at(0.25)) == pytest.approx(0.25)
    assert CURVE.similarity_at(0) == CURVE.similarity[-1]
    assert CURVE.similarity_at(1) == pytest.approx(CURVE.similarity[0])


def test_an_unknown_model_is_named():
    with pytest.raises(ValueError, match="no-such-net"):
        FarCurve.of("no-such-net")
