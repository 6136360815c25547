"""Error against rejection: what is counted, and when a curve is said to rise or to fall."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.rejection import (
    REJECTED,
    Pairs,
    Tally,
    area,
    falls,
    genuine_pairs,
    impostor_threshold,
    oracle,
    rises,
    tally,
)

PEOPLE, PHOTOS = 200, 4


@pytest.fixture(scope="module")
def clarity() -> np.ndarray:
    """How clear each face of a made-up album is; nobody is told."""
    return np.random.default_rng(0).random(PEOPLE * PHOTOS)


@pytest.fixture(scope="module")
def pairs(clarity) -> Pairs:
    """A pair fails the likelier, the less clear its poorer face is."""
    person = np.repeat(np.arange(PEOPLE), PHOTOS)
    one, other = np.nonzero(np.triu(person[:, None] == person, 1))
    failed = np.random.default_rng(1).random(len(one)) > np.minimum(clarity[one], clarity[other]) ** 0.5
    return Pairs(len(person), one, other, person[one], failed)


def test_a_score_that_knows_is_found_to_fall_and_never_to_rise(pairs, clarity) -> None:
    counted = tally(pairs, clarity)
    assert falls(counted)
    assert not rises(counted)


def test_a_score_that_is_wrong_is_found_to_rise_and_not_to_fall(pairs, clarity) -> None:
    counted = tally(pairs, -clarity)
    assert rises(counted)
    assert not falls(counted)


def test_a_score_that_takes_the_clearest_for_poor_is_found_to_rise_late(pairs, clarity) -> None:
    counted = tally(pairs, np.where(clarity < 0.2, clarity, 1.2 - clarity))
    assert falls(counted)
    late = rises(counted)
    assert late
    assert min(start for start, _ in late) > 0


def test_chance_is_seldom_found_to_rise_or_to_fall(pairs) -> None:
    drawn = [tally(pairs, np.random.default_rng(seed).random(pairs.faces)) for seed in range(20)]
    assert sum(bool(rises(counted)) for counted in drawn) <= 3
    assert sum(falls(counted) for counted in drawn) <= 3


def test_no_score_does_better_than_who_knows_every_error(pairs, clarity) -> None:
    best = area(tally(pairs, oracle(pairs)).curve)
    assert best < area(tally(pairs, clarity).curve) < area(tally(pairs, -clarity).curve)


def test_who_knows_every_error_leaves_out_the_face_that_all_errors_share() -> None:
    star = Pairs(
        4, np.array([0, 0, 0, 1]), np.array([1, 2, 3, 2]), np.zeros(4, int), np.array([True, True, True, False])
    )
    assert oracle(star).argmin() == 0


def test_a_pair_is_as_good_as_its_poorer_face() -> None:
    pair = Pairs(4, np.array([0, 2]), np.array([1, 3]), np.array([5, 9]), np.array([True, False]))
    counted = tally(pair, np.array([0.1, 0.9, 0.4, 0.5]))
    assert counted.kept[:, 0].tolist() == [1, 1]
    assert counted.kept[:, -1].tolist() == [0, 0]  # half of the faces: the poorer of either pair
    assert counted.curve[np.searchsorted(REJECTED, 0.3)] == 0  # of four faces the poorest is gone, and its pair
    assert counted.curve[0] == 0.5


def test_all_pairs_of_one_person_count_but_those_of_one_photo() -> None:
    similarity = np.array([[1, 0.9, 0.2, 0.3], [0.9, 1, 0.8, 0.3], [0.2, 0.8, 1, 0.3], [0.3, 0.3, 0.3, 1]], np.float32)
    found = genuine_pairs(similarity, np.array([0, 0, 0, 1]), np.array([0, 0, 1, 2]), 0.5)
    assert list(zip(found.one.tolist(), found.other.tolist(), found.failed.tolist(), strict=True)) == [
        (0, 2, True),
        (1, 2, False),
    ]


@given(st.lists(st.integers(0, 5), min_size=2, max_size=30), st.sampled_from([0.5, 0.1, 0.01]))
def test_no_more_pairs_of_two_people_pass_than_was_asked_for(people: list[int], rate: float) -> None:
    person = np.array([*people, 6, 7])
    similarity = np.random.default_rng(0).random((len(person), len(person))).astype(np.float32)
    threshold = impostor_threshold(similarity, person, rate)
    two = np.triu(person[:, None] != person)
    assert (similarity[two] > threshold).mean() <= rate


def test_curves_of_people_drawn_anew_lie_about_the_curve(pairs, clarity) -> None:
    counted = tally(pairs, clarity)
    assert counted.redrawn().mean(axis=0) == pytest.approx(counted.curve, abs=0.01)


def test_where_no_pair_is_left_none_fails() -> None:
    nobody = Tally(np.zeros((1, len(REJECTED))), np.zeros((1, len(REJECTED))))
    assert not nobody.curve.any()
