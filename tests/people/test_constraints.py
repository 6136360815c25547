"""Decisions are closed transitively and held against each other."""

import numpy as np
import pytest

from vultus.people.constraints import NO_PAIRS, Constraints, checked_pairs


def test_one_person_is_a_chain_of_links():
    found = Constraints.of(5, np.array([[0, 1], [1, 4]]), NO_PAIRS)
    assert found.together[0] == found.together[1] == found.together[4]
    assert len(set(found.together.tolist())) == 3


def test_a_contradiction_through_a_third_face_is_told():
    with pytest.raises(ValueError, match="Faces 0 and 2"):
        Constraints.of(3, np.array([[0, 1], [1, 2]]), np.array([[0, 2]]))


@pytest.mark.parametrize(
    "pairs", [[(0, 3)], [(-1, 0)], [(0,)], [(0, 1, 2)], [(0.5, 1)], [("a", "b")], [0, 1], [(0, 1), (2,)]]
)
def test_what_is_no_pair_of_rows_is_refused(pairs):
    with pytest.raises(ValueError, match="must_link"):
        checked_pairs(pairs, 3, "must_link")


def test_no_pairs_are_no_pairs():
    assert checked_pairs([], 0, "must_link").shape == (0, 2)
