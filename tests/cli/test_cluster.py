"""Runs from the command line: what they did is told, and what they would do."""

import numpy as np
import pytest

from tests.synthetic import SyntheticAlbum, face
from vultus.catalog import Catalog
from vultus.config import Settings

MODEL = Settings().faces.profile


@pytest.fixture
def album(vultus, home):
    vultus("journal")  # makes the home
    catalog = Catalog(Settings(home=home).database_url)
    yield SyntheticAlbum.make(catalog, "default", "photos")
    catalog.close()


def add(album, name, photos, **said):
    """Photos of one person, the same face in each."""
    for number in range(photos):
        album.add(f"oss://album/{name}-{number}.jpg", [face(left=sum(map(ord, name)), **said)], model=MODEL)


def test_a_run_says_what_it_did_and_why_faces_were_left_alone(vultus, album):
    add(album, "anna", 4)
    add(album, "small", 1, side=20)
    ended = vultus("cluster")
    assert ended.code == 0
    assert "Looked at 5 faces: 4 founded 1 new person. Of nobody: 1 face (1 too small)." in ended.err
    add(album, "anna", 5)
    add(album, "bert", 3)
    ended = vultus("cluster")
    assert "1 joined people who were there, 3 founded 1 new person" in ended.err


def test_a_dry_run_tells_what_would_change_and_changes_nothing(vultus, album):
    add(album, "anna", 4)
    ended = vultus("cluster", "--full", "--dry-run")
    assert ended.code == 0
    assert "a new person" in ended.out
    assert "Nothing was changed" in ended.err
    assert vultus("people", "--json").json == []
    proposal = vultus("cluster", "--full", "--dry-run", "--json").json
    assert (proposal["Figures"], proposal["Create"], proposal["Join"]) == (4, [4], [])


def test_a_full_run_does_what_the_dry_run_told(vultus, album):
    add(album, "anna", 4)
    ended = vultus("cluster", "--full", "--json")
    assert len(ended.json) == 1
    assert "4 founded 1 new person" in ended.err
    assert vultus("cluster", "--full", "--dry-run").out == "A full run would change nothing.\n"


def test_a_dry_run_of_the_usual_run_is_wrong_usage(vultus):
    ended = vultus("cluster", "--dry-run")
    assert ended.code == 2
    assert "add --full" in ended.err


def test_a_proposal_names_people_and_counts_their_faces(vultus, album):
    vectors = np.random.default_rng(5).normal(size=(1, 192)).repeat(6, axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    anna, other = album.grouped("anna", vectors[:3], MODEL), album.grouped("other", vectors[3:], MODEL)
    vultus("name", anna, "Anna [1]")
    told = vultus("cluster", "--full", "--dry-run").out
    assert f"{other[:16]} becomes part of Anna [1] ({anna[:16]})" in told
    [joined] = vultus("cluster", "--full", "--json").json
    assert (joined["ObjectId"], joined["FaceCount"]) == (anna, 6)


def test_more_faces_of_nobody_than_are_told_are_counted(vultus, album):
    add(album, "small", 15, side=20)
    ended = vultus("cluster")
    assert "Nobody was found" in ended.err
    assert ended.err.count("small-") == 12
    assert "... and 3 more: vultus faces" in ended.err


def test_faces_of_nobody_are_told_in_words(vultus, album):
    add(album, "anna", 2)
    assert vultus("faces").out.count("not looked at yet") == 2
    vultus("cluster")
    add(album, "small", 1, side=20)
    rows = [[cell.strip() for cell in line.split("│")[2:5]] for line in vultus("faces").out.splitlines() if "│" in line]
    assert rows == [
        ["anna-0.jpg", "nobody", "too few alike"],
        ["anna-1.jpg", "nobody", "too few alike"],
        ["small-0.jpg", "not looked at yet", "side 20 px, must be more than 75"],
    ]
