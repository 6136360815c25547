"""Groupings of the same faces that share what they have in common say what they say apart."""

import numpy as np
import pytest

from vultus import group_faces
from vultus.people import company
from vultus.people.company import Company
from vultus.people.evidence import context_similarity
from vultus.people.watch import silent

FLOOR = 0.3


def faces(people=40, each=4, noise=0.8, seed=0):
    random = np.random.default_rng(seed)
    centres = random.normal(size=(people, 64))
    rows = np.repeat(centres, each, axis=0) + noise * random.normal(size=(people * each, 64))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def searches(monkeypatch):
    """Counts how often neighbours are sought."""
    sought = []
    nearest = company.nearest
    monkeypatch.setattr(company, "nearest", lambda *arguments: sought.append(1) or nearest(*arguments))
    return sought


def test_groupings_of_the_same_faces_seek_neighbours_once_and_say_what_they_say_apart(searches):
    rows = faces()
    shared = Company()
    for library in (160, 20_000):
        assert (group_faces(rows, library=library, company=shared) == group_faces(rows, library=library)).all()
    assert len(searches) == 3  # once for both together, once for each apart


def test_copies_that_one_grouping_tells_apart_are_sought_anew(searches):
    rows = np.concatenate([faces(), faces()[:1]])
    shared, apart = Company(), [(0, 160)]
    assert (group_faces(rows, company=shared) == group_faces(rows)).all()
    found = group_faces(rows, cannot_link=apart, company=shared)
    assert (found == group_faces(rows, cannot_link=apart)).all()
    assert found[0] != found[160]
    assert len(searches) == 4


def test_neighbours_in_common_are_remembered_only_where_the_same_was_asked():
    rows = faces()
    light, heavy = np.zeros(len(rows)), np.linspace(0, 0.1, len(rows))
    shared = Company()
    known = shared.neighbours(rows, np.arange(len(rows)), silent)
    first = shared.shared(known, light, FLOOR, 0.4, silent)
    assert shared.shared(known, light.copy(), FLOOR, 0.5, silent) is first
    for burden, least, crowd in [(heavy, 0.5, 0), (light, 0.2, 0), (light, 0.4, 0.5)]:
        found = shared.shared(known, burden, FLOOR, least, silent, crowd)
        assert (found == context_similarity(known, FLOOR, least=least, crowd=crowd)).all()


def test_a_rise_that_the_library_tells_is_taken_off():
    rows = faces()
    raised = Company(np.full(len(rows), 2, np.float32))  # nobody is so similar
    assert len(set(group_faces(rows, company=raised).tolist())) == len(rows)
