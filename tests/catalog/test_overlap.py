import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.catalog.overlap import MOMENT, SAME_FACE, Box, overlaps, same_faces

SIDES = st.integers(1, 400)
PLACES = st.integers(-50, 400)


def overlap(first: Box, second: Box) -> float:
    [[shared]] = overlaps([first], [second])
    return float(shared)


BOXES = st.lists(st.builds(Box, PLACES, PLACES, SIDES, SIDES), max_size=6)


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (Box(0, 0, 10, 10), 1.0),
        (Box(5, 0, 10, 10), 1 / 3),
        (Box(0, 0, 10, 5), 0.5),
        (Box(10, 0, 10, 10), 0.0),
        (Box(100, 100, 1, 1), 0.0),
    ],
)
def test_overlap_is_intersection_over_union(other, shared):
    assert overlap(Box(0, 0, 10, 10), other) == overlap(other, Box(0, 0, 10, 10)) == pytest.approx(shared)


def test_an_empty_box_covers_nothing():
    assert overlap(Box(0, 0, 0, 0), Box(0, 0, 0, 0)) == 0.0


def test_the_better_fit_takes_the_face():
    old = [Box(0, 0, 100, 100)]
    assert same_faces([Box(20, 0, 100, 100), Box(2, 0, 100, 100)], old) == {1: 0}


@given(BOXES, BOXES)
def test_each_box_has_one_partner_at_most_and_covers_it(new, old):
    partners = same_faces(new, old)
    assert len(set(partners.values())) == len(partners)
    assert all(overlap(new[i], old[j]) > SAME_FACE for i, j in partners.items())


@given(BOXES, BOXES)
def test_no_two_boxes_that_fit_are_left_alone(new, old):
    partners = same_faces(new, old)
    left = set(range(len(new))) - partners.keys()
    unclaimed = set(range(len(old))) - set(partners.values())
    assert all(overlap(new[i], old[j]) <= SAME_FACE for i in left for j in unclaimed)


def test_boxes_of_two_moments_share_nothing():
    later = MOMENT + 1
    assert overlap(Box(0, 0, 10, 10, frame=1000), Box(0, 0, 10, 10, frame=1000 + later)) == 0.0
    assert same_faces([Box(0, 0, 10, 10, 5)], [Box(0, 0, 10, 10, 5 + later), Box(1, 0, 10, 10, 5)]) == {0: 1}


def test_a_frame_that_moved_by_less_than_a_moment_is_the_same():
    assert overlap(Box(0, 0, 10, 10, frame=1001), Box(0, 0, 10, 10, frame=1000)) == 1.0
