"""What is said on the command line holds, and is taken back there."""

import pytest

from tests.synthetic import SyntheticAlbum
from vultus.catalog import Catalog
from vultus.config import Settings


@pytest.fixture
def album(vultus, home):
    vultus("journal")  # makes the home
    catalog = Catalog(Settings(home=home).database_url)
    yield SyntheticAlbum.make(catalog, "default", "photos")
    catalog.close()


def people(vultus):
    return {person["ObjectId"]: person for person in vultus("people", "--json").json}


def faces_of(vultus, person):
    return [face["FigureId"] for face in vultus("faces", person, "--json").json]


def test_a_person_is_named_and_the_name_taken_back(vultus, album):
    anna = album.person("anna")
    ended = vultus("name", anna[:16], "Anna")
    assert (ended.code, ended.out) == (0, "Done. vultus undo takes it back.\n")
    assert people(vultus)[anna]["Name"] == "Anna"
    assert vultus("undo").code == 0
    assert "Name" not in people(vultus)[anna]
    kinds = [row["Kind"] for row in vultus("journal", "--json").json]
    assert kinds == ["undo", "update"]


def test_people_are_merged_and_the_merge_is_undone_by_its_number(vultus, album):
    anna, bert, carl = album.person("anna"), album.person("bert"), album.person("carl")
    assert vultus("merge", anna, bert.removeprefix("Cluster-"), carl).code == 0
    assert {each: person["FaceCount"] for each, person in people(vultus).items()} == {anna: 9}
    vultus("name", anna, "Anna")
    [_, merge] = vultus("journal", "--json").json
    told = vultus("undo", str(merge["DecisionId"])).out
    assert told.startswith(
        f"Decision {merge['DecisionId']} is undone: merge, cluster: {anna[:16]}, from: {bert[:16]} {carl[:16]} ("
    )
    assert set(people(vultus)) == {anna, bert, carl}
    assert people(vultus)[anna]["Name"] == "Anna"


def test_faces_are_moved_to_a_person_and_to_a_new_one(vultus, album):
    anna, bert = album.person("anna"), album.person("bert")
    first, second, _ = faces_of(vultus, anna)
    moved = vultus("move", first, "--to", bert)
    assert (moved.out, moved.err) == (f"{bert}\n", f"1 face is now with {bert}. vultus undo takes it back.\n")
    moved = vultus("move", second)
    assert "1 face is now with a new person. vultus undo takes it back." in moved.err
    new = moved.out.strip()
    assert {each: person["FaceCount"] for each, person in people(vultus).items()} == {anna: 1, bert: 4, new: 1}


def test_a_face_that_is_not_the_person_leaves(vultus, album):
    anna = album.person("anna")
    assert vultus("not", anna, faces_of(vultus, anna)[0][:10]).code == 0
    assert people(vultus)[anna]["FaceCount"] == 2


def test_people_and_faces_are_ignored_and_cared_for_again(vultus, album):
    anna, bert = album.person("anna"), album.person("bert")
    face = faces_of(vultus, bert)[0]
    assert vultus("ignore", anna, face).code == 0
    assert {each: person["FaceCount"] for each, person in people(vultus).items()} == {bert: 2}
    assert vultus("ignore", anna, "--back").code == 0
    assert set(people(vultus)) == {anna, bert}
    refused = vultus("ignore", anna, "--not-a-face")
    assert (refused.code, refused.err) == (
        1,
        "A person is ignored as a whole; --not-a-face is said of faces.",
    )


def test_people_who_are_unlike_are_split(vultus, album):
    from tests.people.test_split import person

    first, centre = person(1, 8, 0.5)
    second, _ = person(2, 5, 0.5, towards=centre)
    both = album.grouped("two", [*first, *second], model=Settings().faces.profile)
    ended = vultus("split", both, "--strictness", "0.8")
    made = ended.out.split()
    assert ended.err == (
        f"5 faces went to a new person, {made[0]}.\n8 faces stayed with {both}. vultus undo takes it back.\n"
    )
    assert {each: person["FaceCount"] for each, person in people(vultus).items()} == {both: 8, made[0]: 5}
    refused = vultus("split", made[0])
    assert refused.code == 1
    assert "hold together" in refused.err


def test_the_journal_is_a_table_of_what_stands_and_what_was_undone(vultus, album):
    assert vultus("journal").err == "Nothing was decided yet.\n"
    anna = album.person("anna")
    vultus("name", anna, "Anna")
    vultus("undo")
    table = vultus("journal").out
    assert "update undone" in table
    assert "name: Anna" in table
    assert len(vultus("journal", "-n", "1", "--json").json) == 1


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["name", "nobody", "X"], "figure cluster nobody is not found"),
        (["name", "Cluster-", "X"], "2 people have an id that begins with Cluster-"),
        (["not", "Cluster-", "x"], "2 people"),
        (["move", "nobody"], "figure nobody is not found"),
        (["ignore", "nobody"], "figure nobody is not found"),
        (["ignore", "Cluster-nobody"], "figure cluster Cluster-nobody is not found"),
        (["undo"], "There is no decision to undo."),
        (["undo", "7"], "decision 7 is not found"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(vultus, album, command, said):
    album.person("anna")
    album.person("bert")
    ended = vultus(*command)
    assert ended.code == 1
    assert said in ended.err
