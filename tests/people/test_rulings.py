"""Decisions as pairs of rows."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.people.libraries import library_of
from vultus.people.constraints import Constraints, linked
from vultus.people.curve import FarCurve
from vultus.people.library import NONE
from vultus.people.rulings import APART, core, rulings

CURVE = FarCurve.of("mobilefacenet-192")
clusters = st.lists(st.integers(NONE, 3), min_size=1, max_size=30)
rejections = st.sets(st.tuples(st.integers(0, 29), st.integers(0, 3)), max_size=10)


@given(clusters, rejections, st.sets(st.sampled_from([(0, 1), (0, 3), (1, 2)])), st.data())
def test_what_was_said_never_contradicts_itself(cluster, rejected, distinct, data):
    n = len(cluster)
    forbidden = frozenset((face, key) for face, key in rejected if face < n and cluster[face] != key)
    library = library_of(cluster, forbidden=forbidden, distinct=frozenset(distinct))
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, n - 1), min_size=1))))
    decided = rulings(library, rows, library.cluster[rows])
    Constraints.of(len(rows), decided.must_link, decided.cannot_link)
    together = linked(len(rows), decided.must_link)
    for key in set(library.cluster[rows].tolist()) - {NONE}:
        assert len(set(together[library.cluster[rows] == key])) == 1
    apart = {frozenset(pair) for pair in together[decided.cannot_link].tolist()}
    for a, b in distinct:
        first, second = (np.flatnonzero(library.cluster[rows] == key) for key in (a, b))
        if len(first) and len(second):
            assert frozenset((together[first[0]], together[second[0]])) in apart
    for face, key in forbidden:
        if face in rows and key in library.cluster[rows]:
            person = together[np.flatnonzero(library.cluster[rows] == key)[0]]
            assert frozenset((together[np.searchsorted(rows, face)], person)) in apart


def test_the_most_similar_faces_are_the_ones_held_apart():
    angle = np.linspace(0, np.pi, 40)
    vectors = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    library = library_of([NONE] + [7] * 39, embedding=vectors, forbidden=frozenset({(0, 7)}))
    decided = rulings(library, np.arange(40), np.full(40, NONE))
    assert decided.cannot_link.tolist() == [[0, face] for face in range(1, APART + 1)]


def test_without_decisions_there_is_nothing_to_keep():
    decided = rulings(library_of([NONE, 3, 3]), np.arange(3), np.full(3, NONE))
    assert (len(decided.must_link), len(decided.cannot_link)) == (0, 0)


def test_a_face_that_a_run_put_wrong_does_not_stand_for_whom_it_is_with():
    vectors = np.eye(4, dtype=np.float32)[[0, 0, 0, 1, 2]]
    pinned = np.array([False, False, False, False, True])
    library = library_of([5] * 5, embedding=vectors, settled=frozenset({5}), pinned=pinned)
    assert core(library, CURVE).tolist() == [True, True, True, False, True]


def test_nobody_stands_for_people_of_whom_nothing_was_said():
    assert not core(library_of([5, 5, NONE]), CURVE).any()
