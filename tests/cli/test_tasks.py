"""What was asked for is listed, and what runs can be cancelled."""

import pytest

from tests.synthetic import SyntheticAlbum
from vultus.catalog import Catalog
from vultus.config import Settings
from vultus.jobs.runs import FULL, USUAL


@pytest.fixture
def album(vultus, home):
    vultus("journal")  # makes the home
    catalog = Catalog(Settings(home=home).database_url)
    yield SyntheticAlbum.make(catalog, "default", "photos")
    catalog.close()


def start(album, run=USUAL):
    """A task that nobody works on."""
    return album.catalog.tasks.create(album.dataset.project_id, album.dataset.id, run.task_type, action="Create")


def test_tasks_are_listed_the_latest_first_with_how_far_they_are(vultus, album):
    ended, running = start(album), start(album)
    album.catalog.tasks.finish(ended.id)
    album.catalog.tasks.advance([running.id], 40, "Neighbours", 1200, 5000)
    listed = vultus("tasks", "--json").json
    assert [(each["TaskId"], each["Status"]) for each in listed] == [
        (running.task_id, "Running"),
        (ended.task_id, "Succeeded"),
    ]
    assert (listed[0]["Phase"], listed[0]["Done"], listed[0]["Total"]) == ("Neighbours", 1200, 5000)
    table = vultus("tasks").out
    assert "40 %: Looking for similar faces, 1,200/5,000" in table
    assert len(vultus("tasks", "--last", "1", "--json").json) == 1


def test_without_tasks_that_is_said(vultus, album):
    assert vultus("tasks").err == "Nothing was asked for yet.\n"


def test_the_task_that_runs_is_cancelled(vultus, album):
    task = start(album)
    assert vultus("cancel").out == f"Cancelled: {task.task_id}\n"
    assert album.catalog.tasks.by_id(task.id).code == "TaskCancelled"
    again = vultus("cancel")
    assert (again.code, again.err) == (1, "The specified resource running task is not found.")


def test_of_several_the_one_whose_id_begins_so_is_cancelled(vultus, album):
    first, second = start(album), start(album, FULL)
    assert "give more of it" in vultus("cancel").err
    assert vultus("cancel", second.task_id.removeprefix("Create-")).code == 0
    assert [album.catalog.tasks.by_id(task.id).status for task in (first, second)] == ["Running", "Failed"]
    assert vultus("cancel", "Nothing").code == 1
