"""Whoever comes near is found once, by the face that is nearest, however the work is cut up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vultus.people import lookalikes
from vultus.people.lookalikes import Lookalikes

LEAST = 0.3


def one_by_one(embedding, seeking, among, person):
    """The same, as it is told: of each person the most similar face, the most similar person first."""
    found = []
    for place, row in enumerate(seeking):
        best = {}
        for other in among:
            similarity = float(embedding[row] @ embedding[other])
            if similarity >= LEAST and similarity > best.get(person[other], (-1, 0))[0]:
                best[int(person[other])] = (similarity, int(other))
        found += [(place, face) for _, face in sorted(best.values(), reverse=True)]
    return found


@given(seed=st.integers(0, 2**32 - 1), tile=st.sampled_from([(2, 3), (7, 5), (256, 4_096)]))
@settings(max_examples=40)
def test_each_person_is_found_by_the_face_most_like_the_one_who_seeks(seed, tile):
    random = np.random.default_rng(seed)
    embedding = random.normal(size=(50, 5)).astype(np.float32)
    embedding /= np.linalg.norm(embedding, axis=1, keepdims=True)
    person = random.integers(0, 12, size=50)
    seeking, among = np.arange(8), random.permutation(np.arange(8, 50))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lookalikes, "TILE", tile)
        found = Lookalikes.of(embedding, seeking, among, person, LEAST)
    pairs = list(zip(found.seeker.tolist(), found.face.tolist(), strict=True))
    assert pairs == one_by_one(embedding, seeking, among, person)
    highest = (embedding[:8] @ embedding.T).max(axis=0)
    assert np.allclose(found.closest[8:], np.where(highest >= LEAST, highest, -1)[8:], atol=1e-6)
    assert (found.closest[:8] == -1).all()


def test_the_few_most_similar_of_a_kind_are_chosen_and_all_that_are_similar_enough():
    found = Lookalikes(
        seeker=np.array([0, 0, 0, 0, 1, 1]),
        face=np.array([3, 5, 4, 2, 6, 2]),
        similarity=np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], np.float32),
        closest=np.empty(0, np.float32),
    )
    kind = np.array([True, True, True, True, True, False, True])
    assert found.chosen(kind, 1, 2.0).tolist() == [3, 6]
    assert found.chosen(kind, 0, 0.65).tolist() == [3, 4]
    assert found.chosen(kind, 1, 0.65).tolist() == [3, 4, 6]
    assert found.chosen(~kind, 1, 2.0).tolist() == [5]


def test_where_nobody_seeks_or_nobody_is_there_nobody_is_found():
    embedding = np.eye(4, dtype=np.float32)
    nobody, all_rows = np.empty(0, np.int64), np.arange(4)
    for seeking, among in [(nobody, all_rows), (all_rows, nobody)]:
        found = Lookalikes.of(embedding, seeking, among, all_rows, LEAST)
        assert not len(found.chosen(np.ones(4, np.bool_), 3, 0.0))
