"""A run moves only what it may, founds nothing on too little, and leaves settled people as they are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vultus.people.library import NONE
from vultus.people.plan import PASSED_OVER, Plan, Standing, plan

FACE = st.tuples(st.integers(PASSED_OVER, 4), st.integers(NONE, 3), st.booleans())
faces = st.lists(FACE, max_size=30)
rulings = st.sets(st.tuples(st.integers(0, 29), st.integers(0, 3)), max_size=10)
keys = st.sets(st.integers(0, 3))


def columns(album):
    labels, current, founding = zip(*album, strict=True) if album else ((), (), ())
    return np.array(labels, np.int64), np.array(current, np.int64), np.array(founding, np.bool_)


def planned(album, founding_faces=3, forbidden=frozenset(), settled=frozenset(), full=True):
    labels, current, founding = columns(album)
    ruled = {(face, key) for face, key in forbidden if face < len(album) and current[face] != key}
    return plan(labels, Standing(current, founding, founding_faces, settled, ruled), full=full)


def created(result):
    return [rows.tolist() for rows in result.create]


@given(faces, rulings, keys)
def test_no_face_is_put_into_two_places(album, forbidden, settled):
    result = planned(album, forbidden=forbidden, settled=settled)
    placed = [face for face, _ in result.attach] + [face for rows in created(result) for face in rows] + result.release
    assert len(placed) == len(set(placed))


@given(faces, rulings, keys)
def test_who_is_settled_is_neither_absorbed_nor_left(album, forbidden, settled):
    result = planned(album, forbidden=forbidden, settled=settled)
    _, current, _ = columns(album)
    stay = np.isin(current, list(settled))
    assert (result.applied(current)[stay] == current[stay]).all()


@given(faces, rulings, keys)
def test_no_face_comes_to_where_it_was_ruled_out(album, forbidden, settled):
    result = planned(album, forbidden=forbidden, settled=settled)
    _, current, _ = columns(album)
    after = result.applied(current)
    assert not [
        (face, key) for face, key in forbidden if face < len(album) and after[face] == key and current[face] != key
    ]


@given(faces, st.integers(1, 4), keys)
def test_a_new_cluster_is_one_group_with_enough_founding_faces(album, founding_faces, settled):
    for rows in created(planned(album, founding_faces, settled=settled)):
        assert len({album[face][0] for face in rows}) == 1
        assert sum(album[face][2] for face in rows) >= founding_faces


@given(faces, rulings, keys)
def test_a_face_comes_only_to_people_of_its_group(album, forbidden, settled):
    result = planned(album, forbidden=forbidden, settled=settled)
    for face, cluster in result.attach:
        assert cluster in {current for label, current, _ in album if label == album[face][0]}
        assert cluster not in {source for source, _ in result.absorb}


@given(faces, keys)
def test_faces_that_were_passed_over_stay(album, settled):
    album = [
        (label if key == NONE else PASSED_OVER if key == 0 else abs(label), key, able) for label, key, able in album
    ]
    labels, current, _ = columns(album)
    after = planned(album, settled=settled).applied(current)
    assert (after[labels == PASSED_OVER] == current[labels == PASSED_OVER]).all()


@given(faces)
def test_a_second_full_run_changes_nothing(album):
    album = [(abs(label), key, able) for label, key, able in album]
    labels, current, founding = columns(album)
    after = planned(album).applied(current)
    after[after < NONE] = 100 - after[after < NONE]
    assert plan(labels, Standing(after, founding, 3)) == Plan()


@given(faces, keys)
def test_the_same_album_gives_the_same_plan(album, settled):
    first, second = planned(album, settled=settled), planned(album, settled=settled)
    assert (first.attach, first.absorb, first.release) == (second.attach, second.absorb, second.release)
    assert created(first) == created(second)


def test_new_faces_of_a_group_join_the_cluster_that_lives_there():
    result = planned([(0, 7, True), (0, 7, True), (0, NONE, True), (0, NONE, False)])
    assert result == Plan(attach=[(2, 7), (3, 7)])


def test_of_two_clusters_in_one_group_the_larger_takes_in_the_other():
    result = planned([(0, 8, True), (0, 9, True), (0, 9, True), (0, NONE, True)])
    assert result == Plan(attach=[(3, 9)], absorb=[(8, 9)])


def test_a_settled_cluster_takes_in_a_larger_one():
    assert planned([(0, 8, True), (0, 9, True), (0, 9, True)], settled={8}).absorb == [(9, 8)]


def test_two_settled_clusters_of_a_group_stay_two_and_the_larger_takes_the_new_faces():
    result = planned([(0, 8, True), (0, 9, True), (0, 9, True), (0, NONE, True)], settled={8, 9})
    assert result == Plan(attach=[(3, 9)])


def test_a_cluster_with_a_face_that_was_ruled_out_is_not_absorbed():
    result = planned([(0, 8, True), (0, 9, True), (0, 9, True)], forbidden={(0, 9)})
    assert result == Plan()


def test_the_majority_of_a_cluster_that_is_taken_apart_keeps_it():
    album = [(0, 7, True)] * 4 + [(1, 7, True)] * 3
    assert created(planned(album)) == [[4, 5, 6]]
    assert planned(album).release == []


def test_too_few_to_found_leave_for_nobody():
    assert planned([(0, 7, True)] * 4 + [(1, 7, True)] * 2) == Plan(release=[4, 5])


def test_a_face_that_leaves_joins_the_cluster_of_its_group():
    assert planned([(0, 7, True)] * 4 + [(1, 7, True)] + [(1, 8, True)] * 2) == Plan(attach=[(4, 8)])


def test_a_cluster_of_which_too_little_is_left_dissolves():
    assert planned([(0, 7, True), (0, 7, True), (1, 7, True)]) == Plan(release=[0, 1, 2])


def test_a_small_cluster_that_holds_together_stays():
    assert planned([(0, 7, False), (0, 7, False)]) == Plan()


def test_a_stray_face_does_not_draw_another_person_into_a_settled_cluster():
    elsewhere = [(1, 7, True)] * 5
    result = planned([*elsewhere, (0, 7, True), *[(0, NONE, True)] * 4], settled={7})
    assert result.attach == []
    assert created(result) == [[6, 7, 8, 9]]


def test_two_founding_faces_found_nothing():
    assert planned([(0, NONE, True), (0, NONE, True), (0, NONE, False)]) == Plan()


def test_faces_that_were_ruled_out_of_a_cluster_found_their_own():
    album = [(0, 7, True), (0, 7, True), (0, 7, True), (0, NONE, True), (0, NONE, True), (0, NONE, True)]
    result = planned(album, forbidden={(3, 7), (4, 7), (5, 7)}, settled={7})
    assert result.attach == []
    assert created(result) == [[3, 4, 5]]


@given(faces, rulings, keys)
def test_the_usual_run_joins_nobody_and_leaves_no_face_to_nobody(album, forbidden, settled):
    result = planned(album, forbidden=forbidden, settled=settled, full=False)
    assert (result.absorb, result.release) == ([], [])


def test_in_the_usual_run_two_clusters_of_a_group_stay_two():
    result = planned([(0, 8, True), (0, 9, True), (0, 9, True), (0, NONE, True)], full=False)
    assert result == Plan(attach=[(3, 9)])


def test_in_the_usual_run_new_faces_go_to_the_larger_of_two_clusters_whoever_said_what():
    result = planned([(0, 8, True), (0, 9, True), (0, 9, True), (0, NONE, True)], settled={8}, full=False)
    assert result == Plan(attach=[(3, 9)])
