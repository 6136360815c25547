"""Whoever a person has said something of is settled, until it is taken back."""

import pytest

from tests.catalog.conftest import face
from vultus.model import FigureCluster


@pytest.fixture
def people(catalog, album):
    """Two clusters of two faces each; their ids by row."""
    for name in "abcd":
        album.add(name, face())
    album.found("a", "b")
    album.found("c", "d")
    return {row: each.object_id for row, each in catalog.overview.people(album.dataset.id).items()}


def figure(catalog, album, name):
    [known] = catalog.figures.names(album.faces_of(name)).values()
    return known


SAYINGS = {
    "name": lambda c, album, first, second: c.clusters.update(album.dataset, FigureCluster(object_id=first, name="A")),
    "ignore": lambda c, album, first, second: c.clusters.ignore(album.dataset, first),
    "reject": lambda c, album, first, second: c.figures.reject(album.dataset, [figure(c, album, "c")], first),
    "move out": lambda c, album, first, second: c.figures.move(album.dataset, [figure(c, album, "a")], None),
}


def test_nobody_is_settled_at_first(catalog, album, people):
    assert catalog.clusters.settled(album.dataset.id) == set()


@pytest.mark.parametrize("saying", SAYINGS)
def test_what_is_said_of_one_settles_them_until_it_is_undone(catalog, album, people, saying):
    (row, first), (other, second) = sorted(people.items())
    SAYINGS[saying](catalog, album, first, second)
    settled = catalog.clusters.settled(album.dataset.id)
    assert row in settled
    assert other not in settled
    catalog.decisions.undo(album.dataset.id, catalog.decisions.latest(album.dataset.id)[0].id, "root")
    assert catalog.clusters.settled(album.dataset.id) == set()


def test_two_who_were_told_apart_are_both_settled(catalog, album, people):
    catalog.clusters.distinguish(album.dataset, *people.values())
    assert catalog.clusters.settled(album.dataset.id) == people.keys()


def test_who_takes_a_face_in_by_hand_and_who_it_was_taken_from_are_settled(catalog, album, people):
    (row, _), (other, second) = sorted(people.items())
    catalog.figures.move(album.dataset, [figure(catalog, album, "a")], second)
    assert catalog.clusters.settled(album.dataset.id) == {row, other}


def test_other_datasets_are_left_out(catalog, album, people):
    other = catalog.datasets.create(album.dataset.project_id, "other")
    catalog.clusters.distinguish(album.dataset, *people.values())
    assert catalog.clusters.settled(other.id) == set()
