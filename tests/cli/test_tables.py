"""Tables of the command line can be read at 80 columns: what is to be copied is never cut."""

import shutil

import pytest
from rich.text import Text

from tests.cli.test_suggest import pair  # noqa: F401
from tests.synthetic import SyntheticAlbum, face
from vultus.catalog import Catalog
from vultus.cli import console
from vultus.cli.listing import Listing, stacked
from vultus.config import Settings
from vultus.index.step import all_steps
from vultus.jobs.runs import FULL
from vultus.ram.trail import Entry, Trail

NARROW = 80  # columns of a terminal that nobody has widened
NAME = "Elisabeth-Charlotte von der Pfalz"
PHOTO = "a-photo-with-a-name-that-is-too-long-for-any-column-of-a-table.jpg"


@pytest.fixture
def album(vultus, home):
    vultus("journal")  # makes the home
    catalog = Catalog(Settings(home=home).database_url)
    yield SyntheticAlbum.make(catalog, "default", "photos")
    catalog.close()


@pytest.fixture
def told(vultus, monkeypatch):
    """Run a command in a terminal of some columns, see that nothing is cut, and return what it printed."""

    def run(*words: str, columns: int = NARROW) -> str:
        monkeypatch.setattr(console.out, "width", columns)
        ended = vultus(*words)
        assert ended.code == 0
        assert "…" not in ended.out
        assert max(map(len, ended.out.splitlines())) <= columns
        return ended.out

    return run


def unbroken(table: str, column: int) -> str:
    """What a column holds, with the lines of its cells put together."""
    return "".join(line.split("│")[1 + column].strip() for line in table.splitlines() if line.startswith("│"))


def test_faces_show_as_much_of_their_ids_as_commands_take(told, vultus, album):
    album.add(f"oss://album/{PHOTO}", [face(left=10)])
    anna = album.person("anna")
    table = told("faces")
    ids = [each["FigureId"] for each in vultus("faces", "--json").json]
    assert all(f"│ {each[:8]} │" in table for each in ids)
    assert anna[:16] in table
    assert PHOTO in unbroken(table, 1)
    assert vultus("not", anna, ids[-1][:8]).code == 0
    assert all(each in told("faces", columns=100) for each in ids)
    assert all(each in told("faces", columns=140) for each in [*ids, anna])


def test_people_and_the_journal_show_names_whole(told, vultus, album):
    anna = album.person("anna")
    vultus("name", anna, NAME)
    assert NAME.replace(" ", "") in unbroken(told("people"), 1).replace(" ", "")
    assert anna[:16] in told("people")
    journal = told("journal")
    assert NAME.replace(" ", "") in unbroken(journal, 4).replace(" ", "")
    assert anna[:16] in journal
    assert anna in told("show", anna)


def test_the_trail_shows_actions_and_resources_whole(told, album, home):
    trail = Trail(home)
    arn = "acs:imm:local:1:project/holidays/dataset/a-dataset-with-a-long-name"
    anna = "acs:ram::1:user/somebody-with-a-long-name"
    calls = Entry(action="imm:BatchIndexFileMeta", principal=anna, source="api", source_address="192.168.100.200")
    calls.resources = [arn]
    calls.code, calls.status = "InvalidAccessKeyId.NotFound", 404
    trail.write(calls)
    trail.close()
    table = told("trail")
    assert "│ imm:BatchIndexFileMeta" in table
    assert "api 192.168.100.200" in table
    assert "project/holidays/dataset/a-dataset-with-a-long-name" in unbroken(table, 2)
    assert "│ InvalidAccessKeyId.NotFound" in table
    assert "user/somebody-with-a-long-name" in unbroken(table, 1)
    assert "┃ Resource" not in table
    assert "┃ Resource" in told("trail", columns=160)


def test_the_steps_of_indexing_show_fields_whole(told, tmp_path, sample_face):
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copy(sample_face, folder / "one.jpg")
    words = ("index", str(folder), "--explain", "--template", "Official:ImageManagement")
    table = told(*words)
    for word in ("AccessControlAllowOrigin", "FileModifiedTime", "object_meta", *all_steps()):
        assert word in table or word not in told(*words, columns=200)
    assert "needs MediaType" in table


def test_the_models_show_the_ids_that_commands_take(told):
    lines = [line.split("│")[1].strip() for line in told("models", "list").splitlines() if line.startswith("│")]
    assert {"mobilefacenet.tflite", "mobilefacenet-192", "pair-192.npy", "pair-192"} <= set(lines)


def test_the_tasks_show_ids_that_can_be_cancelled(told, vultus, album):
    task = album.catalog.tasks.create(album.dataset.project_id, album.dataset.id, FULL.task_type, action="CreateAll")
    album.catalog.tasks.advance([task.id], 40, "Neighbours", 1200, 5000)
    kind, beginning = [line.split("│")[1].strip() for line in told("tasks").splitlines() if line.startswith("│")][:2]
    assert kind == "CreateAll"
    assert vultus("cancel", beginning).out == f"Cancelled: {task.task_id}\n"
    assert task.task_id in told("tasks", columns=140)


def test_suggestions_show_the_ids_to_merge(told, vultus, pair):  # noqa: F811
    vultus("name", pair[0], NAME)
    table = told("suggest")
    assert all(each[:16] in table for each in pair)
    assert NAME.replace(" ", "") in (unbroken(table, 1) + unbroken(table, 2)).replace(" ", "")


def test_a_cell_is_text_and_no_markup():
    table = Listing("[b]head[/]", "other")
    table.add("[bold]x[/]\\", stacked("", "one\x1b[31m", Text("[two]", "dim")))
    with console.out.capture() as printed:
        console.out.print(table)
    assert "│ [bold]x[/]\\ │ one\\x1b[31m │" in printed.get()
    assert "[two]" in printed.get()
