import re

import msgspec
import pytest

from vultus.people.proposal import Attaching, Joining, Parting, Person, Proposal

WHERE = {"ProjectName": "family", "DatasetName": "photos"}
RUNS = {"CreateFullFigureClusteringTask": "FullFigureClustering"}
RUNS["CreateFigureClusteringProposalTask"] = "FigureClusteringProposal"
ANNA, EVE = Person("Cluster-1", "Anna"), Person("Cluster-2", "")


@pytest.fixture
def database(catalog_url):
    return catalog_url


@pytest.fixture(autouse=True)
def dataset(album):
    return album


def propose(desk):
    """A task that a proposal was asked for with, and its row."""
    task = desk.call("CreateFigureClusteringProposalTask", "vultus", **WHERE).task_id
    return task, desk.catalog.tasks.get(desk.catalog.projects.get("family").id, task).id


@pytest.mark.parametrize(("action", "task_type"), RUNS.items())
def test_a_call_starts_a_task_of_its_own_type_and_queues_one_run(desk, album, action, task_type):
    made = [desk.call(action, "vultus", **WHERE, UserData="mine") for _ in range(2)]
    assert all(re.fullmatch(f"{action}-[0-9a-f-]{{36}}", each.task_id) for each in made)
    running = [
        desk.call("GetTask", ProjectName="family", TaskId=each.task_id, TaskType=task_type).status for each in made
    ]
    assert running == ["Running"] * 2
    assert desk.catalog.jobs.counts(album.dataset.id).queued == 1


def test_runs_of_all_kinds_wait_for_one_another(desk):
    for action in RUNS:
        desk.call(action, "vultus", **WHERE)
    desk.call("CreateFigureClusteringTask", **WHERE)
    kinds = ["cluster", "cluster-all", "propose"]
    first = desk.catalog.jobs.claim("here:1", kinds, 60)
    assert desk.catalog.jobs.claim("here:2", kinds, 60) is None
    desk.catalog.jobs.finish(first)
    assert desk.catalog.jobs.claim("here:2", kinds, 60) is not None


def test_a_proposal_is_answered_once_it_is_made(desk):
    task, row = propose(desk)
    code, message = desk.refusal("GetFigureClusteringProposal", "vultus", **WHERE, TaskId=task)
    assert (code, task in message) == ("InvalidArgument", True)
    proposal = Proposal(
        faces=40,
        create=[7, 3],
        attach=[Attaching(ANNA, 2)],
        join=[Joining(into=ANNA, source=EVE, faces=5)],
        split=[Parting(EVE, faces=4, placed=3)],
        skipped={"too small": 6},
    )
    desk.catalog.tasks.finish(row, report=msgspec.json.encode(proposal).decode())
    answer = desk.call("GetFigureClusteringProposal", "vultus", **WHERE, TaskId=task)
    anna, eve = {"ObjectId": "Cluster-1", "Name": "Anna"}, {"ObjectId": "Cluster-2", "Name": ""}
    told = msgspec.to_builtins(answer)
    del told["RequestId"]
    assert told == {
        "Figures": 40,
        "Create": [7, 3],
        "Attach": [{"FigureCluster": anna, "Figures": 2}],
        "Join": [{"To": anna, "From": eve, "Figures": 5}],
        "Split": [{"FigureCluster": eve, "Figures": 4, "PlacedFigures": 3}],
        "Skipped": {"too small": 6},
    }


def test_a_proposal_is_answered_for_its_own_dataset_only(desk):
    task, row = propose(desk)
    desk.catalog.tasks.finish(row, report=msgspec.json.encode(Proposal(0)).decode())
    desk.call("CreateDataset", ProjectName="family", DatasetName="other")
    elsewhere = {"ProjectName": "family", "DatasetName": "other"}
    assert desk.refusal("GetFigureClusteringProposal", "vultus", **elsewhere, TaskId=task)[0] == "InvalidArgument"


def test_the_task_of_another_run_is_no_proposal(desk):
    task = desk.call("CreateFullFigureClusteringTask", "vultus", **WHERE).task_id
    refused = desk.refusal("GetFigureClusteringProposal", "vultus", **WHERE, TaskId=task)
    assert refused == ("ResourceNotFound", "The specified resource task is not found.")


def test_imm_does_not_know_these_operations(desk):
    for action in RUNS:
        assert desk.refusal(action, **WHERE)[0] == "InvalidApi.NotFound"
