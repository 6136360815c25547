"""Context is the cosine of neighbourhoods."""

import numpy as np

from vultus.people.evidence import context_similarity
from vultus.people.neighbours import nearest
from vultus.people.thresholds import COMPANION, NEARNESS, STRANGER

FLOOR = 0.3


def faces(n, seed=0):
    rows = np.abs(np.random.default_rng(seed).normal(size=(n, 6))).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def cosines(neighbours, weight):
    n = len(neighbours.index)
    around = np.zeros((n, n))
    np.put_along_axis(around, neighbours.index, weight**NEARNESS, axis=1)
    around = np.maximum(around, around.T) + np.eye(n) * (1 - FLOOR) ** NEARNESS
    around /= np.linalg.norm(around, axis=1, keepdims=True)
    return np.take_along_axis(around @ around.T, neighbours.index, axis=1)


def test_it_is_the_cosine_of_the_neighbourhood_vectors():
    neighbours = nearest(faces(40), 8)
    expected = cosines(neighbours, np.maximum(neighbours.similarity - FLOOR, 0))
    assert np.allclose(context_similarity(neighbours, FLOOR), expected, atol=1e-6)


def test_in_a_crowd_it_is_that_of_the_neighbours_with_whom_something_is_shared():
    neighbours = nearest(faces(40), 8)
    excess = np.maximum(neighbours.similarity - FLOOR, 0)
    company = np.clip((cosines(neighbours, excess) - STRANGER) / (COMPANION - STRANGER), 0, 1)
    assert (company < 1).any()
    among = cosines(neighbours, excess * company)
    assert np.allclose(context_similarity(neighbours, FLOOR, crowd=1), among, atol=1e-6)
    partly = 0.7 * cosines(neighbours, excess) + 0.3 * among
    assert np.allclose(context_similarity(neighbours, FLOOR, crowd=0.3), partly, atol=1e-6)


def test_thousands_of_strangers_take_little_from_what_faces_of_one_person_share():
    random = np.random.default_rng(0)
    person = random.normal(size=48) + 0.7 * random.normal(size=(12, 48))
    rows = np.concatenate([person, random.normal(size=(4_000, 48))]).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    alone, among = nearest(rows[:12], 11), nearest(rows, 32)
    both = among.index[:12] < 12
    before = context_similarity(alone, FLOOR).mean()
    with_strangers = cosines(among, np.maximum(among.similarity - FLOOR, 0))[:12][both].mean()
    after = context_similarity(among, FLOOR, crowd=1)[:12][both].mean()
    assert before - with_strangers > 0.05
    assert before - after < 0.4 * (before - with_strangers)


def test_strangers_share_nothing():
    neighbours = nearest(np.eye(5, dtype=np.float32), 4)
    assert (context_similarity(neighbours, FLOOR) == 0).all()


def test_copies_share_everything():
    neighbours = nearest(np.ones((4, 2), np.float32) / np.sqrt(2, dtype=np.float32), 3)
    assert np.allclose(context_similarity(neighbours, FLOOR), 1)
