"""Clusters too similar to be two people become one."""

import numpy as np

from vultus.people.constraints import NO_PAIRS
from vultus.people.curve import FarCurve
from vultus.people.limits import spread
from vultus.people.merge import merge_clusters
from vultus.people.neighbours import nearest

CURVE = FarCurve.of("mobilefacenet-192")


def album(people, faces, seed=0, noise=0.1):
    random = np.random.default_rng(seed)
    centre = np.repeat(random.normal(size=(people, 192)), faces, axis=0)
    rows = centre + noise * random.normal(size=centre.shape)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def merged(rows, label, photo=None, apart=NO_PAIRS, **asked):
    photo = np.arange(len(rows)) if photo is None else photo
    return merge_clusters(
        np.array(label),
        rows,
        nearest(rows, 64),
        CURVE,
        photo=photo,
        burden=np.zeros(len(rows)),
        apart=apart,
        **asked,
    )


def test_two_halves_of_a_person_become_one():
    rows = album(people=3, faces=8)
    assert (merged(rows, np.arange(24) // 4) == np.arange(24) // 8).all()


def test_clusters_with_fewer_faces_than_asked_for_stay_as_they_are():
    rows = album(people=2, faces=8)
    label = np.array([0] * 4 + [1] * 4 + [2] * 4 + [3] * 3 + [4])
    assert merged(rows, label, least=4).tolist() == [0] * 8 + [1] * 4 + [2] * 3 + [3]


def test_clusters_have_to_be_as_much_more_alike_as_is_asked_for():
    rows = album(people=1, faces=8)
    between = float((rows[:4] @ rows[4:].T).mean())
    limit = CURVE.at(0.015) * float(spread(np.array([4.0]), np.array([4.0]))[0]) + 0.1 * CURVE.span * np.log(4)
    label = np.arange(8) // 4
    assert merged(rows, label, more=between - limit - 0.01).max() == 0
    assert merged(rows, label, more=between - limit + 0.01).max() == 1


def test_different_people_stay_apart():
    rows = album(people=6, faces=4)
    assert (merged(rows, np.arange(24) // 4) == np.arange(24) // 4).all()


def test_clusters_that_hold_two_faces_said_to_be_apart_stay_apart():
    rows = album(people=1, faces=8)
    label = merged(rows, np.arange(8) // 4, apart=np.array([[0, 7]]))
    assert (label == np.arange(8) // 4).all()


def test_people_who_are_always_photographed_together_need_more_to_become_one():
    rows = album(people=2, faces=4, noise=0.05)
    alike = rows + 0.8 * np.roll(rows, 4, axis=0)  # two siblings
    alike /= np.linalg.norm(alike, axis=1, keepdims=True)
    siblings = 0.35 * alike + np.concatenate([rows[:4], rows[4:]]) * 0.9
    siblings /= np.linalg.norm(siblings, axis=1, keepdims=True)
    between = float((siblings[:4] @ siblings[4:].T).mean())
    limit = CURVE.at(0.015) * float(spread(np.array([4.0]), np.array([4.0]))[0])
    assert limit < between < limit + 0.4 * CURVE.span
    label = np.arange(8) // 4
    assert merged(siblings, label).max() == 0
    assert merged(siblings, label, photo=np.arange(8) % 4).max() == 1


def test_the_mean_of_many_pairs_varies_less():
    sizes = np.array([1.0, 2.0, 8.0, 64.0])
    values = spread(sizes, sizes)
    assert values[0] == 1
    assert (np.diff(values) < 0).all()


def test_a_person_in_a_hundred_pieces_becomes_one():
    rows = album(people=2, faces=200)
    label = np.r_[np.zeros(102), 1 + np.arange(98), np.full(200, 99)].astype(int)  # all pieces like the large one best
    assert (merged(rows, label) == np.arange(400) // 200).all()
