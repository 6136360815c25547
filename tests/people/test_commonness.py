"""Poor faces are told by resembling many, and a library of one person is not taken for a poor one."""

import numpy as np

from vultus.people.commonness import commonness
from vultus.people.curve import FarCurve

CURVE = FarCurve.of("mobilefacenet-192")


def people(count, raised=0.0, seed=0):
    """One face each; ``raised`` is the similarity that all have in common."""
    random = np.random.default_rng(seed)
    own = random.normal(size=(count, 192))
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    common = np.zeros(192)
    common[0] = 1
    rows = np.sqrt(1 - raised) * own + np.sqrt(raised) * common
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_clear_faces_lose_nothing():
    assert not commonness(people(200), np.arange(200), CURVE).any()


def test_faces_that_all_resemble_each_other_lose_what_they_have_in_common():
    found = commonness(people(200, raised=0.3), np.arange(200), CURVE)
    assert np.allclose(found, 0.3 - 0.05, atol=0.08)


def test_a_few_poor_faces_among_clear_ones_lose_no_more_than_they_resemble_them():
    rows = np.concatenate([people(110), people(10, raised=0.5, seed=1)])
    found = commonness(rows, np.arange(120), CURVE)
    assert not found[:110].any()
    assert found[110:].max() < 0.1


def test_many_poor_faces_among_clear_ones_lose_what_they_have_in_common_with_each_other():
    rows = np.concatenate([people(100), people(30, raised=0.5, seed=1)])
    found = commonness(rows, np.arange(130), CURVE)
    assert not found[:100].any()
    assert np.allclose(found[100:], 0.5 - 0.27, atol=0.08)


def test_a_library_of_one_person_is_not_taken_for_a_poor_one():
    rows = people(300, raised=0.6)
    assert not commonness(rows, np.zeros(300, np.int64), CURVE).any()
    assert not commonness(rows, np.maximum(np.arange(300) - 275, 0), CURVE).any()


def test_the_own_group_does_not_count():
    rows = np.concatenate([people(99), np.repeat(people(1, seed=2), 900, axis=0)])
    assert not commonness(rows, np.minimum(np.arange(999), 99), CURVE).any()


def test_of_some_faces_it_is_what_it_is_among_all():
    rows, label, some = people(200, raised=0.3), np.minimum(np.arange(200), 150), np.array([3, 150, 199])
    assert np.allclose(commonness(rows, label, CURVE, of=some), commonness(rows, label, CURVE)[some], atol=1e-6)
    assert len(commonness(rows, label, CURVE, of=some[:0])) == 0
