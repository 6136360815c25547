"""A run never takes a face out of its cluster, and founds none on too little."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vultus.people.plan import NONE, Plan, plan

faces = st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 3), st.booleans()), max_size=30)
rulings = st.sets(st.tuples(st.integers(0, 29), st.integers(0, 3)), max_size=10)


def planned(album, founding_faces=3, forbidden=frozenset()):
    labels, current, founding = (np.array(column) for column in zip(*album, strict=True)) if album else ([], [], [])
    return plan(
        np.array(labels, np.int64), np.array(current, np.int64), np.array(founding, bool), founding_faces, forbidden
    )


@given(faces, rulings)
def test_only_faces_without_a_cluster_are_placed_and_only_once(album, forbidden):
    result = planned(album, forbidden=forbidden)
    placed = [face for face, _ in result.attach] + [int(face) for rows in result.create for face in rows]
    assert len(placed) == len(set(placed))
    assert all(album[face][1] == NONE for face in placed)


@given(faces, st.integers(1, 4))
def test_a_new_cluster_is_one_group_with_enough_founding_faces(album, founding_faces):
    for rows in planned(album, founding_faces).create:
        assert len({album[face][0] for face in rows}) == 1
        assert sum(album[face][2] for face in rows) >= founding_faces


@given(faces, rulings)
def test_a_face_joins_only_a_cluster_of_its_group_that_it_may_join(album, forbidden):
    for face, cluster in planned(album, forbidden=forbidden).attach:
        assert (face, cluster) not in forbidden
        assert cluster in {current for label, current, _ in album if label == album[face][0]}


@given(faces)
def test_the_same_album_gives_the_same_plan(album):
    first, second = planned(album), planned(album)
    assert first.attach == second.attach
    assert [rows.tolist() for rows in first.create] == [rows.tolist() for rows in second.create]


def test_new_faces_of_a_group_join_the_cluster_that_lives_there():
    result = planned([(0, 7, True), (0, 7, True), (0, NONE, True), (0, NONE, False)])
    assert result == Plan(attach=[(2, 7), (3, 7)])


def test_of_several_clusters_the_one_with_most_faces_takes_the_new_ones():
    assert planned([(0, 8, True), (0, 9, True), (0, 9, True), (0, NONE, True)]).attach == [(3, 9)]


def test_a_stray_face_does_not_draw_another_person_into_its_cluster():
    elsewhere = [(1, 7, True)] * 5
    result = planned([*elsewhere, (0, 7, True), *[(0, NONE, True)] * 4])
    assert result.attach == []
    assert [rows.tolist() for rows in result.create] == [[6, 7, 8, 9]]


def test_two_founding_faces_found_nothing():
    assert planned([(0, NONE, True), (0, NONE, True), (0, NONE, False)]) == Plan()


def test_faces_that_were_ruled_out_of_a_cluster_found_their_own():
    album = [(0, 7, True), (0, 7, True), (0, 7, True), (0, NONE, True), (0, NONE, True), (0, NONE, True)]
    result = planned(album, forbidden={(3, 7), (4, 7), (5, 7)})
    assert result.attach == []
    assert [rows.tolist() for rows in result.create] == [[3, 4, 5]]
