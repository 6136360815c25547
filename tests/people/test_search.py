"""Large libraries: the search by sketches misses nobody, the search in cells next to nobody who matters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vultus import group_faces
from vultus.people import cells, group, neighbours, search
from vultus.people.search import TILE
from vultus.people.sketch import Sketch

N, K, ALIKE = 6_000, 20, 0.614


def faces(n=N, dimensions=64, people=None, noise=0.7, seed=0):
    """Rows whose later dimensions tell less, as those of a face model do."""
    random = np.random.default_rng(seed)
    scale = np.linspace(1, 0.1, dimensions)
    rows = random.normal(size=(people or n, dimensions))
    if people:
        rows = rows[random.integers(people, size=n)] + noise * random.normal(size=(n, dimensions))
    rows *= scale
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def in_cells(monkeypatch):
    """Libraries are searched as those of a million faces are: in some cells of many."""
    monkeypatch.setattr(neighbours, "EXACT_IN_NUMPY", 0)
    monkeypatch.setattr(search, "EXACT_TO", 0)
    monkeypatch.setattr(cells, "FACES_IN_CELL", 50)
    monkeypatch.setattr(group, "EXACT_TO", 0)
    monkeypatch.setattr(search, "CELLS_SEARCHED", 20)  # of 77


def exact(rows, k=K):
    similarity = rows @ rows.T
    np.fill_diagonal(similarity, -np.inf)
    return np.argsort(-similarity, axis=1)[:, :k], -np.sort(-similarity, axis=1)[:, :k]


@pytest.mark.parametrize(("dimensions", "people"), [(64, 300), (64, None), (8, None)])
def test_a_search_of_all_cells_finds_everybody(dimensions, people):
    rows = faces(dimensions=dimensions, people=people)
    index, similarity = exact(rows)
    found = search.search(rows, K)
    assert np.allclose(found.similarity, similarity, atol=1e-5)
    assert (found.index == index).mean() > 0.999  # those that differ are as similar


@pytest.mark.parametrize("people", [300, None])
def test_a_search_of_some_cells_finds_those_who_matter(in_cells, people):
    rows = faces(people=people)
    index, similarity = exact(rows)
    found = search.search(rows, K)
    hit = (found.index[:, :, None] == index[:, None, :]).any(axis=1)
    assert hit[similarity >= ALIKE].mean() >= 0.99
    assert not hit.all()  # it was not all the same a search of everything
    assert np.allclose(found.similarity, np.einsum("id,ikd->ik", rows, rows[found.index]), atol=1e-5)


@settings(max_examples=20)
@given(st.integers(1, 90), st.integers(2, 24), st.integers(0, 2**32 - 1))
def test_the_sketches_of_two_faces_are_never_less_similar_than_the_faces(n, dimensions, seed):
    rows = faces(n, dimensions, seed=seed)
    sketch = Sketch.of(rows).rows(rows)
    assert (sketch @ sketch.T >= rows @ rows.T - search.ROUNDING).all()


def test_a_search_in_cells_is_deterministic(in_cells):
    rows = faces(people=300)
    one, two = search.search(rows, K), search.search(rows.copy(), K)
    assert (one.index == two.index).all()
    assert (one.similarity == two.similarity).all()


def test_copies_in_plenty_are_neighbours_of_each_other():
    rows = np.repeat(faces(2), TILE[1] + 10, axis=0)
    found = search.search(rows, 5)
    assert (found.index != np.arange(len(rows))[:, None]).all()
    assert np.allclose(found.similarity, 1, atol=1e-5)
    assert (np.diff(np.sort(found.index, axis=1), axis=1) > 0).all()  # nobody twice


def test_the_order_of_rows_renames_the_groups_in_cells_too(in_cells):
    rows = faces(people=300, noise=0.5)
    order = np.random.default_rng(1).permutation(N)
    label, shuffled = group_faces(rows), group_faces(rows[order])
    assert len(set(zip(label[order].tolist(), shuffled.tolist(), strict=True))) == label.max() + 1


def test_a_search_can_be_broken_off(in_cells):
    class BrokenOffError(Exception):
        pass

    told = []

    def watch(phase, done, total):
        told.append((done, total))
        if done > N // 2:
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        search.search(faces(), K, watch)
    assert told == sorted(told)
    assert len(told) > 20
