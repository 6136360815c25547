import json
import re

import pytest
from msgspec import UNSET

WHERE = {"ProjectName": "family", "DatasetName": "photos"}
MILLISECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z")


@pytest.fixture
def database(catalog_url):
    return catalog_url


@pytest.fixture(autouse=True)
def dataset(album):
    return album


def create(desk, **parameters) -> str:
    return desk.call("CreateFigureClusteringTask", **WHERE, **parameters).task_id


def get(desk, task: str, **parameters):
    return desk.call("GetTask", ProjectName="family", TaskId=task, TaskType="FaceClustering", **parameters)


def listed(desk, **parameters) -> list[str]:
    return [task.task_id for task in desk.call("ListTasks", ProjectName="family", **parameters).tasks]


def finish(desk, task: str, **error: str) -> None:
    project = desk.catalog.projects.get("family")
    desk.catalog.tasks.finish(desk.catalog.tasks.get(project.id, task).id, **error)


def test_a_task_runs_until_its_work_is_done(desk):
    task = create(desk)
    running = get(desk, task)
    assert (running.status, running.progress, running.end_time) == ("Running", 0, UNSET)
    assert (running.code, running.message) == (UNSET, UNSET)
    assert MILLISECONDS.fullmatch(running.start_time)
    finish(desk, task)
    done = get(desk, task)
    assert (done.status, done.progress) == ("Succeeded", 100)
    assert MILLISECONDS.fullmatch(done.end_time)


def test_a_task_that_failed_says_why(desk):
    task = create(desk)
    finish(desk, task, code="InternalError", message="No worker lived.")
    failed = get(desk, task)
    assert (failed.status, failed.code, failed.message) == ("Failed", "InternalError", "No worker lived.")


def test_what_was_asked_comes_back_when_it_is_asked_for(desk):
    task = create(desk, UserData="mine", Tags='{"team":"blue"}')
    assert get(desk, task).task_request_definition is UNSET
    told = get(desk, task, RequestDefinition="true")
    assert json.loads(told.task_request_definition) == WHERE | {"UserData": "mine", "Tags": {"team": "blue"}}
    assert (told.user_data, told.tags) == ("mine", {"team": "blue"})
    page = desk.call("ListTasks", ProjectName="family", RequestDefinition="true")
    assert page.tasks[0].task_request_definition == told.task_request_definition


def test_a_task_of_another_type_or_project_is_not_found(desk):
    task = create(desk)
    desk.call("CreateProject", ProjectName="other")
    said = ("ResourceNotFound", "The specified resource task is not found.")
    assert desk.refusal("GetTask", ProjectName="family", TaskId=task, TaskType="MediaConvert") == said
    assert desk.refusal("GetTask", ProjectName="other", TaskId=task, TaskType="FaceClustering") == said
    assert desk.refusal("GetTask", ProjectName="family", TaskId="none", TaskType="FaceClustering") == said


def test_a_type_that_nobody_knows_is_refused(desk):
    code, message = desk.refusal("GetTask", ProjectName="family", TaskId="t", TaskType="Baking")
    assert code == "InvalidArgument"
    assert "FaceClustering" in message


@pytest.mark.parametrize("missing", ["ProjectName", "TaskId", "TaskType"])
def test_each_mandatory_parameter_is_missed_by_name(desk, missing):
    parameters = {"ProjectName": "family", "TaskId": "t", "TaskType": "FaceClustering"}
    del parameters[missing]
    assert desk.refusal("GetTask", **parameters)[0] == f"Missing{missing}"


@pytest.mark.parametrize("sort", ["TaskId", "StartTime", "EndTime"])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_every_sort_pages_without_gaps_or_repeats(desk, sort, order):
    tasks = [create(desk) for _ in range(5)]
    for task in tasks[2:4]:
        finish(desk, task)
    found, token = [], ""
    while True:
        page = desk.call("ListTasks", ProjectName="family", Sort=sort, Order=order, MaxResults="2", NextToken=token)
        found += [task.task_id for task in page.tasks]
        assert page.max_results == str(len(page.tasks))
        if page.next_token is UNSET:
            break
        token = page.next_token
    by_end = [tasks[0], tasks[1], tasks[4], tasks[2], tasks[3]]  # those that still run come first
    wanted = {"TaskId": sorted(tasks), "StartTime": tasks, "EndTime": by_end}[sort]
    assert found == (wanted if order == "asc" else wanted[::-1])


def test_tasks_are_selected_by_type_status_and_tag(desk):
    blue, red = create(desk, Tags='{"team":"blue"}'), create(desk, Tags='{"team":"red"}')
    finish(desk, red)
    assert listed(desk, Status="Running") == [blue]
    assert listed(desk, Status="Succeeded") == [red]
    assert listed(desk, TagSelector="team=red") == [red]
    assert listed(desk, TaskTypes='["FaceClustering"]') == sorted([blue, red])
    assert listed(desk, TaskTypes="[]") == sorted([blue, red])
    assert listed(desk, TaskTypes='["ImageToPDF"]') == []


def test_tasks_are_selected_by_times(desk):
    first, second = create(desk), create(desk)
    finish(desk, first)
    later = json.dumps({"Start": "2999-01-01T00:00:00+08:00"})
    until_now = json.dumps({"Start": "2020-01-01T00:00:00Z", "End": "2999-01-01T00:00:00Z"})
    assert listed(desk, StartTimeRange=later) == []
    assert listed(desk, StartTimeRange=until_now) == sorted([first, second])
    assert listed(desk, EndTimeRange=until_now) == [first]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("MaxResults", "0"),
        ("MaxResults", "101"),
        ("Sort", "Status"),
        ("Order", "ascending"),
        ("Status", "Done"),
        ("TagSelector", "team"),
        ("TaskTypes", '["Baking"]'),
        ("StartTimeRange", '{"Start":"today"}'),
        ("NextToken", "nonsense"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(desk, parameter, value):
    code, message = desk.refusal("ListTasks", ProjectName="family", **{parameter: value})
    assert code == "InvalidArgument"
    assert parameter in message


def test_tasks_of_other_projects_are_not_listed(desk):
    create(desk)
    desk.call("CreateProject", ProjectName="other")
    assert desk.call("ListTasks", ProjectName="other").tasks == []
    assert desk.call("ListTasks", ProjectName="other").max_results == "0"
