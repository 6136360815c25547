"""Context is the cosine of neighbourhoods."""

import numpy as np

from vultus.people.evidence import context_similarity
from vultus.people.neighbours import nearest
from vultus.people.thresholds import NEARNESS

FLOOR = 0.3


def faces(n, seed=0):
    rows = np.abs(np.random.default_rng(seed).normal(size=(n, 6))).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_it_is_the_cosine_of_the_neighbourhood_vectors():
    neighbours = nearest(faces(40), 8)
    around = np.zeros((40, 40))
    excess = np.maximum(neighbours.similarity - FLOOR, 0)
    np.put_along_axis(around, neighbours.index, excess**NEARNESS, axis=1)
    around = np.maximum(around, around.T) + np.eye(40) * (1 - FLOOR) ** NEARNESS
    around /= np.linalg.norm(around, axis=1, keepdims=True)
    expected = np.take_along_axis(around @ around.T, neighbours.index, axis=1)
    assert np.allclose(context_similarity(neighbours, FLOOR), expected, atol=1e-6)


def test_strangers_share_nothing():
    neighbours = nearest(np.eye(5, dtype=np.float32), 4)
    assert (context_similarity(neighbours, FLOOR) == 0).all()


def test_copies_share_everything():
    neighbours = nearest(np.ones((4, 2), np.float32) / np.sqrt(2, dtype=np.float32), 3)
    assert np.allclose(context_similarity(neighbours, FLOOR), 1)
