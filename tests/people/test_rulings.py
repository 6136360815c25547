"""Rejections as rows of a run."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vultus.people.rulings import APART, rulings

albums = st.lists(st.tuples(st.integers(0, 2**20), st.integers(-1, 3)), min_size=1, max_size=30)


def album_of(seeds):
    vectors = np.array([np.random.default_rng(seed).normal(size=8) for seed, _ in seeds], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = np.arange(100, 100 + 2 * len(seeds), 2)
    return ids, vectors, np.array([cluster for _, cluster in seeds], np.int64)


@given(albums, st.sets(st.tuples(st.integers(95, 165), st.integers(0, 4))))
def test_a_face_is_held_apart_from_the_faces_of_whom_it_is_not(seeds, rejections):
    ids, vectors, cluster = album_of(seeds)
    decided = rulings(ids, vectors, cluster, rejections)
    assert {(int(ids[face]), key) for face, key in decided.forbidden} == {
        (face, key) for face, key in rejections if face in ids
    }
    for face, other in decided.cannot_link:
        assert (face, int(cluster[other])) in decided.forbidden


def test_the_most_similar_faces_are_the_ones_held_apart():
    angle = np.linspace(0, np.pi, 40)
    vectors = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    cluster = np.array([-1] + [7] * 39)
    decided = rulings(np.arange(40), vectors, cluster, {(0, 7)})
    assert decided.cannot_link == [(0, face) for face in range(1, APART + 1)]


def test_without_rejections_there_is_nothing_to_keep():
    decided = rulings(*album_of([(1, 0), (2, -1)]), set())
    assert (decided.forbidden, decided.cannot_link) == (frozenset(), [])
