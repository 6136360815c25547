import pytest
from sqlalchemy import update

from vultus.catalog import PageKey, schema
from vultus.catalog.database import Database
from vultus.catalog.tasks import KEPT
from vultus.errors import InvalidArgument, ResourceNotFound

TYPE = "FaceClustering"


@pytest.fixture
def start(catalog, dataset):
    def start(task_type=TYPE, **fields):
        return catalog.tasks.create(dataset.project_id, dataset.id, task_type, **fields)

    return start


def test_a_task_starts_running_and_keeps_what_the_caller_said(catalog, dataset, start):
    task = start(user_data="mine", tags={"k": "v"}, request='{"A":1}')
    assert (task.status, task.progress, task.end_time) == ("Running", 0, None)
    assert (task.user_data, task.tags, task.request, task.dataset_id) == ("mine", {"k": "v"}, '{"A":1}', dataset.id)
    assert catalog.tasks.get(dataset.project_id, task.task_id, TYPE) == catalog.tasks.by_id(task.id) == task


def test_a_task_is_found_only_in_its_project_and_under_its_type(catalog, dataset, start):
    task = start()
    for project_id, task_id, task_type in (
        (dataset.project_id + 1, task.task_id, None),
        (dataset.project_id, "another", None),
        (dataset.project_id, task.task_id, "Mosaic"),
    ):
        with pytest.raises(ResourceNotFound, match="task"):
            catalog.tasks.get(project_id, task_id, task_type)


def test_a_task_ends_once(catalog, start):
    well, badly = start(), start()
    catalog.tasks.advance([well.id, badly.id], 40)
    assert catalog.tasks.by_id(well.id).progress == 40
    catalog.tasks.finish(well.id)
    catalog.tasks.finish(well.id, "Late", "too late")
    catalog.tasks.advance([well.id], 10, "Again", 1, 2)
    ended = catalog.tasks.by_id(well.id)
    assert (ended.status, ended.progress, ended.code, ended.message) == ("Succeeded", 100, "", "")
    assert (ended.phase, ended.done, ended.total) == (None, 0, 0)
    assert ended.end_time >= ended.start_time
    catalog.tasks.finish(badly.id, "ResourceNotFound", "The specified resource project is not found.")
    failed = catalog.tasks.by_id(badly.id)
    assert (failed.status, failed.code) == ("Failed", "ResourceNotFound")
    assert failed.message.endswith("not found.")


def test_progress_stays_between_0_and_100(catalog, start):
    task = start()
    for said, kept in ((-5, 0), (250, 100)):
        catalog.tasks.advance([task.id], said)
        assert catalog.tasks.by_id(task.id).progress == kept


def test_progress_never_goes_back(catalog, start):
    task = start()
    for said, kept in ((40, 40), (30, 40), (41, 41)):
        catalog.tasks.advance([task.id], said, "Embedding", said, 100)
        row = catalog.tasks.by_id(task.id)
        assert (row.progress, row.done) == (kept, said)


def test_tasks_that_share_a_run_hear_of_its_phase_together(catalog, start):
    first, second, other = start(), start(), start()
    catalog.tasks.advance([first.id, second.id], 30, "Neighbours", 5_000_000_000, 9_000_000_000)
    for task in (first, second):
        told = catalog.tasks.by_id(task.id)
        assert (told.progress, told.phase, told.done, told.total) == (30, "Neighbours", 5_000_000_000, 9_000_000_000)
    assert catalog.tasks.by_id(other.id) == other


def test_a_task_that_went_well_keeps_its_report(catalog, start):
    well, badly = start(), start()
    assert well.report is None
    catalog.tasks.finish(well.id, report='{"Faces":3}')
    catalog.tasks.finish(badly.id, "InternalError", "It broke.")
    assert [catalog.tasks.by_id(task.id).report for task in (well, badly)] == ['{"Faces":3}', None]


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", ["", "TaskId", "StartTime", "EndTime"])
def test_pages_show_every_task_once_in_order(catalog, dataset, start, sort, order):
    tasks = [start() for _ in range(7)]
    for task in tasks[2:5]:
        catalog.tasks.finish(task.id)
    shown, after = [], None
    while True:
        page, after = catalog.tasks.page(dataset.project_id, sort, order, limit=3, after=after)
        shown += page
        if after is None:
            break
    keys = {
        "StartTime": lambda task: (task.start_time, task.id),
        "EndTime": lambda task: (task.end_time or 0, task.id),
    }
    by_id = {task.id: catalog.tasks.by_id(task.id) for task in tasks}
    expected = sorted(by_id.values(), key=keys.get(sort, lambda task: task.task_id), reverse=order == "desc")
    assert shown == expected


def test_tasks_are_filtered(catalog, dataset, start):
    plain, tagged, other = start(), start(tags={"Team": "Blau Ä", "n": 1}), start("Mosaic")
    catalog.tasks.finish(plain.id)

    def found(**filters):
        return {task.id for task in catalog.tasks.page(dataset.project_id, **filters)[0]}

    assert found() == {plain.id, tagged.id, other.id}
    assert found(task_types=[TYPE]) == {plain.id, tagged.id}
    assert found(task_types=[]) == set()
    assert found(status="Succeeded") == {plain.id}
    assert found(tag=("team", "BLAU ä")) == found(tag=("n", "1")) == {tagged.id}
    assert found(tag=("team", "blau")) == set()
    assert found(start_range=(tagged.start_time, None)) == {tagged.id, other.id}
    assert found(start_range=(-(10**30), tagged.start_time)) == {plain.id, tagged.id}
    assert found(end_range=(0, 10**30)) == {plain.id}


def test_an_unknown_sort_and_a_foreign_token_are_refused(catalog, dataset):
    with pytest.raises(InvalidArgument, match="Colour"):
        catalog.tasks.page(dataset.project_id, "Colour")
    with pytest.raises(InvalidArgument, match="NextToken"):
        catalog.tasks.page(dataset.project_id, "StartTime", after=PageKey("text", 1))


def test_running_tasks_are_known_by_dataset_and_type(catalog, dataset, start):
    first, ended, second = start(), start(), start()
    start("Mosaic")
    catalog.tasks.finish(ended.id)
    assert catalog.tasks.running(dataset.id, TYPE) == [first.id, second.id]
    assert catalog.tasks.running(dataset.id + 1, TYPE) == []


def test_tasks_are_forgotten_seven_days_after_their_start(catalog, catalog_url, dataset, start):
    ended, running, recent = start(), start(), start()
    catalog.tasks.finish(ended.id)
    catalog.tasks.finish(recent.id)
    database = Database(catalog_url)
    with database.writing() as connection:
        old = update(schema.tasks).where(schema.tasks.c.id.in_([ended.id, running.id]))
        connection.execute(old.values(start_time=schema.tasks.c.start_time - KEPT - 1))
    database.close()
    newest = start()
    kept = {task.id for task in catalog.tasks.page(dataset.project_id)[0]}
    assert kept == {running.id, recent.id, newest.id}
