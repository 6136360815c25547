"""Whose heir a face is: by its place, in pixels or in shares of the picture, and by its looks."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.catalog.heirs import Resemblance, View, heirs
from vultus.catalog.overlap import Box

RESEMBLANCE = Resemblance(in_place=0.3, elsewhere=0.5)
SIZE = (400, 300)
HERE, THERE = Box(10, 10, 50, 60), Box(200, 100, 50, 60)


def vector(cosine: float) -> bytes:
    """A direction that has this cosine to the first axis."""
    return np.array([cosine, np.sqrt(1 - cosine**2)], "<f2").tobytes()


def view(*faces: tuple[Box, float], size: tuple[int, int] = SIZE, model: str = "m") -> View:
    return View([box for box, _ in faces], [vector(cosine) for _, cosine in faces], [model] * len(faces), size)


BEFORE = view((HERE, 1.0))


@pytest.mark.parametrize(
    ("face", "same"),
    [
        ((HERE, 0.99), True),
        ((HERE, 0.31), True),
        ((HERE, 0.29), False),
        ((THERE, 0.51), True),
        ((THERE, 0.49), False),
    ],
)
def test_less_resemblance_is_asked_of_a_face_in_the_same_place(face, same):
    assert heirs(view(face), BEFORE, RESEMBLANCE) == ({0: 0} if same else {})


def test_a_place_is_the_same_in_a_smaller_picture():
    small = Box(5, 5, 25, 30)
    assert heirs(view((small, 0.4), size=(200, 150)), BEFORE, RESEMBLANCE) == {0: 0}
    assert heirs(view((small, 0.4)), BEFORE, RESEMBLANCE) == {}


def test_a_place_is_the_same_in_a_picture_with_more_to_its_right():
    assert heirs(view((THERE, 0.4), size=(900, 300)), view((THERE, 1.0)), RESEMBLANCE) == {0: 0}


def test_of_a_picture_whose_size_is_not_known_pixels_decide():
    assert heirs(view((HERE, 0.4)), view((HERE, 1.0), size=(0, 0)), RESEMBLANCE) == {0: 0}


def test_looks_decide_against_the_place():
    # The old ones are siblings who have changed places.
    before = view((HERE, 1.0), (THERE, 0.5))
    after = view((HERE, 0.5), (THERE, 1.0))
    assert heirs(after, before, RESEMBLANCE) == {0: 1, 1: 0}


def test_of_faces_that_look_the_same_the_place_decides():
    before = view((HERE, 1.0), (THERE, 0.999))
    after = view((HERE, 0.998), (THERE, 1.0))
    assert heirs(after, before, RESEMBLANCE) == {0: 0, 1: 1}


def test_of_frames_that_look_the_same_the_nearest_is_the_same():
    before = view((HERE._replace(frame=1000), 1.0), (HERE._replace(frame=60_000), 1.0))
    after = view((HERE._replace(frame=52_000), 1.0), (HERE._replace(frame=8_000), 1.0))
    assert heirs(after, before, RESEMBLANCE) == {0: 1, 1: 0}


def test_between_two_models_the_place_decides():
    assert heirs(view((HERE, 0.0), (THERE, 1.0), model="new"), BEFORE, RESEMBLANCE) == {0: 0}


def test_an_embedding_that_is_damaged_leaves_the_decision_to_the_place():
    damaged = View([HERE], [b"\0\0"], ["m"], SIZE)
    assert heirs(view((HERE, 0.0)), damaged, RESEMBLANCE) == {0: 0}


def test_without_resemblance_the_place_decides():
    assert heirs(view((HERE, 0.0), (THERE, 1.0)), BEFORE, None) == {0: 0}


FACES = st.lists(
    st.tuples(
        st.builds(Box, st.integers(0, 300), st.integers(0, 200), st.integers(1, 200), st.integers(1, 200)),
        st.floats(-1, 1),
    ),
    max_size=5,
)


@given(FACES, FACES)
def test_nobody_has_two_heirs_and_no_two_who_would_do_are_left(new, old):
    after, before = view(*new), view(*old)
    found = heirs(after, before, RESEMBLANCE)
    assert len(set(found.values())) == len(found)
    left = [i for i in range(len(new)) if i not in found]
    unclaimed = [j for j in range(len(old)) if j not in found.values()]
    for i in left:
        for j in unclaimed:
            assert heirs(view(new[i]), view(old[j]), RESEMBLANCE) == {}


def crowd(count: int, seed: int) -> View:
    """Faces of one picture, here and there, each in one of twenty directions."""
    random = np.random.default_rng(seed)
    places = random.integers(0, 8, (count, 2)).tolist()
    return view(*((Box(30 * x, 30 * y, 50, 60), random.integers(0, 20) / 20) for x, y in places))


@pytest.mark.parametrize("resemblance", [RESEMBLANCE, None])
def test_a_crowd_is_told_apart_however_many_are_compared_together(monkeypatch, resemblance):
    at_once = heirs(crowd(70, 1), crowd(60, 2), resemblance)
    monkeypatch.setattr("vultus.catalog.heirs.TOGETHER", 9)
    assert heirs(crowd(70, 1), crowd(60, 2), resemblance) == at_once
    assert len(at_once) > 30


def test_a_film_of_a_crowd_takes_little_memory():
    many = [(Box(10, 10, 50, 60, frame=1000 * n), n / 1500) for n in range(1500)]
    tracemalloc.start()
    found = heirs(view(*many), view(*many), Resemblance(in_place=0.3, elsewhere=0.9999))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == {n: n for n in range(1500)}
    assert most < 70 * 2**20, "all with all at once would take twice as much"
