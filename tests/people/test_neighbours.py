"""Neighbours are exact, whoever finds them."""

import numpy as np
import pytest

from vultus.people import neighbours
from vultus.people.neighbours import nearest


def faces(n, dimensions=16, seed=0):
    rows = np.random.default_rng(seed).normal(size=(n, dimensions)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("exact_in_numpy", [0, 10_000])
def test_the_most_similar_faces_come_first(monkeypatch, exact_in_numpy):
    monkeypatch.setattr(neighbours, "EXACT_IN_NUMPY", exact_in_numpy)
    rows = faces(1_500)
    similarity = rows @ rows.T
    np.fill_diagonal(similarity, -np.inf)
    found = nearest(rows, 10)
    assert (found.index != np.arange(1_500)[:, None]).all()
    assert np.allclose(found.similarity, np.sort(similarity, axis=1)[:, ::-1][:, :10], atol=1e-6)
    assert np.allclose(found.similarity, np.take_along_axis(similarity, found.index, axis=1), atol=1e-6)


@pytest.mark.parametrize("exact_in_numpy", [0, 10_000])
def test_copies_of_a_face_do_not_make_it_its_own_neighbour(monkeypatch, exact_in_numpy):
    monkeypatch.setattr(neighbours, "EXACT_IN_NUMPY", exact_in_numpy)
    rows = np.repeat(faces(3), 20, axis=0)
    found = nearest(rows, 5)
    assert (found.index != np.arange(60)[:, None]).all()
    assert np.allclose(found.similarity, 1, atol=1e-6)


@pytest.mark.parametrize(("n", "k"), [(0, 0), (1, 0), (2, 1), (5, 4)])
def test_a_small_library_has_fewer_neighbours(n, k):
    assert nearest(faces(n), 64).index.shape == (n, k)
