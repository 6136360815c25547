"""Rivals: who of a photo a face is."""

import numpy as np

from vultus.people.neighbours import nearest
from vultus.people.rivals import rivalry

ALIKE = 0.6


def lead(rows, photo):
    """(n, n) what ``rivalry`` says of each face and each other."""
    rows = np.array(rows, np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    found = nearest(rows, len(rows) - 1)
    table = np.zeros((len(rows), len(rows)))
    np.put_along_axis(table, found.index, rivalry(found, slice(0, len(rows)), rows, np.array(photo), ALIKE), axis=1)
    return table, rows @ rows.T


def test_the_less_similar_face_of_a_photo_is_behind_by_the_difference():
    table, similarity = lead([[1, 0.1, 0], [1, 0, 0], [0.4, 1, 0]], [0, 1, 1])
    assert np.isclose(table[0, 2], similarity[0, 1] - similarity[0, 2])
    assert np.count_nonzero(table) == 1


def test_a_face_and_its_mirror_image_are_no_rivals():
    table, _ = lead([[1, 0.1, 0], [1, 0, 0], [1, 0, 0.3]], [0, 1, 1])
    assert not table.any()


def test_faces_of_different_photos_are_no_rivals():
    table, _ = lead([[1, 0.1, 0], [1, 0, 0], [0.4, 1, 0]], [0, 1, 2])
    assert not table.any()


def test_faces_of_ones_own_photo_are_no_rivals():
    table, _ = lead([[1, 0, 0], [0.9, 1, 0], [0, 0.1, 1]], [0, 0, 0])
    assert not table.any()


def test_a_block_of_rows_says_the_same_as_all():
    random = np.random.default_rng(0)
    rows = random.normal(size=(60, 5)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    photo, found = random.integers(0, 9, 60), nearest(rows, 20)
    whole = rivalry(found, slice(0, 60), rows, photo, ALIKE)
    assert (rivalry(found, slice(17, 33), rows, photo, ALIKE) == whole[17:33]).all()
    for face, place in zip(*np.nonzero(whole), strict=True):
        other = found.index[face, place]
        same = [f for f in found.index[face] if photo[f] == photo[other]]
        best = max(rows[face] @ rows[f] for f in same)
        assert np.isclose(whole[face, place], best - rows[face] @ rows[other], atol=1e-6)
