"""Counting whom a partition joins within a photo."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.joins import Joins, one_person_joined, strangers_joined, wrong_pairs


def columns(*faces):
    """Label, photo and identity of faces given as such triples."""
    return tuple(np.array(column) for column in zip(*faces, strict=True))


def test_two_people_of_one_photo_in_one_cluster_are_counted_once():
    label, photo, identity = columns((0, 1, 5), (0, 1, 6), (0, 1, 7), (1, 2, 5), (2, 2, 6))
    assert strangers_joined(label, photo, identity) == Joins(photos=2, joined=1)


def test_two_people_joined_across_photos_are_no_matter_here():
    label, photo, identity = columns((0, 1, 5), (1, 1, 6), (0, 2, 6), (2, 2, 7))
    assert strangers_joined(label, photo, identity) == Joins(photos=2, joined=0)


def test_faces_without_a_cluster_are_not_joined():
    label, photo, identity = columns((-1, 1, 5), (-1, 1, 6), (-1, 2, 5), (-1, 2, 5))
    assert strangers_joined(label, photo, identity) == Joins(photos=1, joined=0)
    assert one_person_joined(label, photo, identity) == Joins(photos=0, joined=0)


def test_faces_that_nobody_named_are_left_out():
    label, photo, identity = columns((0, 1, 5), (0, 1, -1))
    assert strangers_joined(label, photo, identity) == Joins(photos=0, joined=0)


def test_a_collage_is_joined_when_all_its_faces_are():
    label, photo, identity = columns((0, 1, 5), (0, 1, 5), (0, 2, 5), (0, 2, 5), (1, 2, 5), (0, 3, 5), (-1, 3, 5))
    assert one_person_joined(label, photo, identity) == Joins(photos=3, joined=1)


def test_a_person_shown_once_is_no_collage():
    label, photo, identity = columns((0, 1, 5), (1, 1, 6))
    assert one_person_joined(label, photo, identity) == Joins(photos=0, joined=0)


def test_the_share_of_nothing_is_no_number():
    assert np.isnan(Joins(0, 0).share)
    assert (Joins(3, 1) + Joins(1, 0)).share == 0.25


@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 3), st.integers(-1, 3)), max_size=20))
def test_counts_agree_with_looking_at_every_pair(faces):
    label, photo, identity = columns(*faces) if faces else (np.empty(0, np.int64),) * 3
    several, joined = set(), set()
    for a, (cluster, where, who) in enumerate(faces):
        for other_cluster, other_where, other in faces[a + 1 :]:
            if where == other_where and who != other and -1 not in (who, other):
                several.add(where)
                if cluster == other_cluster != -1:
                    joined.add(where)
    assert strangers_joined(label, photo, identity) == Joins(len(several), len(joined))


def test_wrong_pairs_name_their_rows():
    label, _, identity = columns((0, 1, 5), (0, 1, 6), (1, 1, 5), (1, 1, 5))
    assert wrong_pairs(label, identity, np.arange(4)) == [(0, 1)]
