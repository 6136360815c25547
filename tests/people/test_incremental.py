"""The usual run looks at what is new and at whoever that may concern, and at no more."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.people.libraries import library_of
from vultus.people.curve import FarCurve
from vultus.people.incremental import reach, working_set
from vultus.people.library import NONE
from vultus.people.thresholds import LOOKALIKES, MEMBERS_NEAR, MEMBERS_OF_LOOKALIKE, MEMBERS_SPREAD, MOST_SHARED

CURVE = FarCurve.of("mobilefacenet-192")


def directions(*angles):
    """Faces in a plane; degrees."""
    turned = np.radians(np.array(angles, np.float64))
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def looked_at(cluster, embedding, new):
    marked = np.zeros(len(cluster), np.bool_)
    marked[new] = True
    return working_set(library_of(cluster, embedding=embedding, new=marked), CURVE).tolist()


def near(similarity):
    """An angle from 0, in degrees, at which faces are so similar."""
    return float(np.degrees(np.arccos(similarity)))


REACHED = near(reach(CURVE, 400) + 0.01)  # within reach, but no edge is to be expected


@given(st.integers(0, 2**32 - 1), st.integers(0, 5))
def test_new_faces_and_those_they_may_have_an_edge_to_are_looked_at(seed, new):
    random = np.random.default_rng(seed)
    embedding = random.normal(size=(40, 4))
    embedding /= np.linalg.norm(embedding, axis=1, keepdims=True)
    cluster = random.integers(NONE, 3, size=40)
    cluster[:new] = NONE
    rows = looked_at(cluster, embedding, list(range(new)))
    assert rows == sorted(set(rows))
    close = (embedding @ embedding[:new].T >= reach(CURVE, 40, MOST_SHARED) + 1e-6).any(axis=1)
    assert {*range(new), *np.flatnonzero(close & (cluster == NONE)).tolist()} <= set(rows)
    assert set(cluster[close].tolist()) <= set(cluster[rows].tolist())
    assert bool(rows) == bool(new)


def test_of_lone_faces_that_are_only_within_reach_the_most_similar_are_looked_at():
    strangers = LOOKALIKES + 7
    embedding = np.zeros((400, strangers + 2), np.float32)
    embedding[0, 0] = 1
    alike = np.cos(np.radians(REACHED - 0.02 * np.arange(strangers)))
    own = np.arange(1, strangers + 1)
    embedding[own, 0] = alike
    embedding[own, own] = np.sqrt(1 - alike**2)  # strangers to each other
    embedding[strangers + 1 :, strangers + 1] = 1
    rows = looked_at([NONE] * (strangers + 1) + [1] * (399 - strangers), embedding, [0])
    assert rows == [0, *own[-LOOKALIKES:]]


def test_of_a_large_cluster_that_is_only_within_reach_fewer_are_looked_at():
    embedding = directions(0, *np.linspace(REACHED, 170, 400))
    rows = looked_at([NONE] + [1] * 400, embedding, [0])
    assert rows[: MEMBERS_OF_LOOKALIKE + 1] == list(range(MEMBERS_OF_LOOKALIKE + 1))
    assert len(rows) == 1 + 2 * MEMBERS_OF_LOOKALIKE


def test_where_much_is_new_all_is_looked_at():
    assert looked_at([NONE] * 5 + [1] * 5, directions(*range(0, 100, 10)), range(5)) == list(range(10))


def test_who_is_out_of_reach_is_passed_over():
    cluster = [NONE, NONE, 1, 1, 1, 2, 2, 2]
    assert looked_at(cluster, directions(0, 90, 5, 5, 5, 180, 180, 180), [0]) == [0, 2, 3, 4]


def test_lone_faces_that_hang_on_one_another_are_looked_at_together():
    cluster = [NONE, NONE, NONE, 1, 1, 1, 1, 1]
    assert looked_at(cluster, directions(0, 40, 80, 180, 180, 180, 180, 180), [0]) == [0, 1, 2]


def test_of_a_large_cluster_the_nearest_and_a_spread_are_looked_at():
    large = 400
    embedding = directions(0, *np.linspace(1, 170, large))
    rows = looked_at([NONE] + [1] * large, embedding, [0])
    assert rows[: MEMBERS_NEAR + 1] == list(range(MEMBERS_NEAR + 1))
    far = np.array(rows[MEMBERS_NEAR + 1 :])
    assert len(far) == MEMBERS_SPREAD
    assert np.ptp(np.diff(far)) <= 1, "at even distances"
    assert far[-1] - far[0] > large * 0.85, "over all of it"
