"""Decisions over the door: IMM's operations where it has them, our own for the rest."""

import json

import msgspec
import pytest

from vultus.jobs.merge_clusters import MergeClusters
from vultus.jobs.worker import Worker
from vultus.model import File

WHERE = {"ProjectName": "family", "DatasetName": "photos"}
INDEPENDENT, UNAVAILABLE = "figure-cluster-id-independent", "figure-cluster-id-unavailable"


@pytest.fixture
def database(catalog_url):
    """Either engine."""
    return catalog_url


def face_of(album, uri):
    [document] = album.catalog.files.get_many(album.dataset, [uri])
    return (msgspec.json.decode(document, type=File).figures or [None])[0]


def figure(album, uri):
    return face_of(album, uri).figure_id


def where(album, uri):
    return face_of(album, uri).figure_cluster_id


def update(desk, uri, **said):
    return desk.call("UpdateFileMeta", **WHERE, File=json.dumps({"URI": uri, **said}))


def placed(album, uri, cluster):
    return [{"FigureId": figure(album, uri), "FigureClusterId": cluster, "FigureType": "face"}]


def work(desk):
    Worker("here:1", desk.catalog, desk.service.settings.jobs, {"merge": MergeClusters(desk.catalog)}).step()


def test_a_person_is_named_and_the_version_counts(desk, album):
    anna = album.person("anna")
    cluster = {"ObjectId": anna, "Name": "Anna", "CustomId": "1", "CustomLabels": {"a": "b"}, "MetaLockVersion": 0}
    desk.call("UpdateFigureCluster", **WHERE, FigureCluster=json.dumps(cluster))
    got = desk.call("GetFigureCluster", **WHERE, ObjectId=anna).figure_cluster
    assert (got.name, got.custom_id, got.custom_labels, got.meta_lock_version) == ("Anna", "1", {"a": "b"}, 1)
    code, message = desk.refusal("UpdateFigureCluster", **WHERE, FigureCluster=json.dumps(cluster))
    assert code == "Conflict.MetaLockVersion"
    assert message == "MetaLockVersion is 1, not 0; nothing was changed."


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"Name": "Anna"}, "ObjectId"),
        ({"ObjectId": "x", "Name": "x" * 1025}, "Name"),
        ({"ObjectId": "x", "CustomId": "x" * 1025}, "CustomId"),
        ({"ObjectId": "x", "CustomLabels": {"a": ["b"]}}, "CustomLabels"),
        ({"ObjectId": "x", "MetaLockVersion": "one"}, "MetaLockVersion"),
    ],
)
def test_what_cannot_be_said_of_a_person_is_refused_by_name(desk, album, said, named):
    code, message = desk.refusal("UpdateFigureCluster", **WHERE, FigureCluster=json.dumps(said))
    assert code == "InvalidArgument"
    assert named in message


def test_people_are_merged_in_the_background_and_the_merge_is_undone(desk, album):
    anna, bert, carl = (album.person(name) for name in ("anna", "bert", "carl"))
    made = desk.call("CreateFigureClustersMergingTask", **WHERE, To=anna, Froms=json.dumps([bert, carl]))
    assert desk.catalog.clusters.total(album.dataset) == 3
    work(desk)
    task = desk.call("GetTask", ProjectName="family", TaskId=made.task_id, TaskType="FigureClustersMerging")
    assert (task.status, task.event_id) == ("Succeeded", made.event_id)
    [left] = desk.call("BatchGetFigureCluster", **WHERE, ObjectIds=[anna, bert, carl]).figure_clusters
    assert (left.object_id, left.face_count) == (anna, 9)
    [decision] = desk.call("ListDecisions", "vultus", **WHERE).decisions
    assert (decision.kind, decision.actor, decision.about["from"]) == ("merge", "root", [bert, carl])
    desk.call("UndoDecision", "vultus", **WHERE, DecisionId=decision.decision_id)
    assert len(desk.call("BatchGetFigureCluster", **WHERE, ObjectIds=[anna, bert, carl]).figure_clusters) == 3


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        ({}, "InvalidArgument", "One of From and Froms"),
        ({"From": "a", "Froms": ["b"]}, "InvalidArgument", "not both"),
        ({"From": "anna"}, "InvalidArgument", "another one"),
        ({"Froms": ["bert", "anna"]}, "InvalidArgument", "another one"),
        ({"Froms": ["nobody"]}, "ResourceNotFound", "nobody"),
        ({"From": "bert", "Tags": ["x"]}, "InvalidArgument", "Tags"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused_and_starts_nothing(desk, album, asked, code, said):
    known = {"anna": album.person("anna"), "bert": album.person("bert")}
    asked = {
        name: json.dumps([known.get(each, each) for each in value])
        if isinstance(value, list)
        else known.get(value, value)
        for name, value in asked.items()
    }
    refused, message = desk.refusal("CreateFigureClustersMergingTask", **WHERE, To=known["anna"], **asked)
    assert refused == code
    assert said in message
    assert desk.catalog.jobs.counts(kind="merge").queued == 0


def test_what_is_said_of_a_file_is_changed_without_indexing_it_again(desk, album):
    uri = album.add("oss://album/a.jpg")
    update(desk, uri, CustomId="7", CustomLabels={"a": 1}, Title="Quay")
    [file] = desk.call("GetFileMeta", **WHERE, URI=uri).files
    got = msgspec.json.decode(msgspec.json.encode(file), type=File)
    assert (got.custom_id, got.custom_labels, got.title, got.object_status) == ("7", {"a": 1}, "Quay", "Indexed")
    assert desk.catalog.jobs.counts().queued == 0
    update(desk, uri, CustomId="", CustomLabels={})
    [file] = desk.call("GetFileMeta", **WHERE, URI=uri).files
    got = msgspec.json.decode(msgspec.json.encode(file), type=File)
    assert (got.custom_id or None, got.custom_labels or None, got.title) == (None, None, "Quay")


def test_a_face_is_moved_through_its_file(desk, album):
    anna, bert = album.person("anna"), album.person("bert")
    uri = "oss://album/anna-0.jpg"
    update(desk, uri, Figures=placed(album, uri, bert))
    assert where(album, uri) == bert
    journal = desk.call("ListDecisions", "vultus", **WHERE).decisions
    update(desk, uri, Figures=placed(album, uri, bert))
    assert desk.call("ListDecisions", "vultus", **WHERE).decisions == journal, "nothing was decided anew"
    update(desk, uri, Figures=placed(album, uri, INDEPENDENT))
    assert where(album, uri) == INDEPENDENT
    assert len(desk.catalog.clusters.rejections(album.dataset.id)) == 1
    update(desk, uri, Figures=placed(album, uri, anna))
    update(desk, uri, Figures=placed(album, uri, UNAVAILABLE))
    assert where(album, uri) == UNAVAILABLE


@pytest.mark.parametrize(
    ("figure_change", "code", "said"),
    [
        ({"FigureClusterId": "Cluster-0"}, "ResourceNotFound", "Cluster-0"),
        ({"FigureId": "nobody"}, "ResourceNotFound", "figure nobody"),
        ({"FigureType": "hand"}, "InvalidArgument", "FigureType"),
        ({"FigureId": ""}, "InvalidArgument", "FigureId"),
        ({"FigureClusterId": ""}, "InvalidArgument", "FigureClusterId"),
    ],
)
def test_a_file_is_changed_as_a_whole_or_not_at_all(desk, album, figure_change, code, said):
    anna = album.person("anna")
    uri = "oss://album/anna-0.jpg"
    figures = [placed(album, uri, anna)[0] | figure_change]
    file = json.dumps({"URI": uri, "CustomId": "7", "Figures": figures})
    refused, message = desk.refusal("UpdateFileMeta", **WHERE, File=file)
    assert refused == code
    assert said in message
    [got] = desk.call("GetFileMeta", **WHERE, URI=uri).files
    assert "CustomId" not in msgspec.json.decode(msgspec.json.encode(got))


def test_many_files_are_changed_each_for_itself(desk, album):
    uris = [album.add(f"oss://album/{name}.jpg") for name in "ab"]
    files = [
        {"URI": uris[0], "CustomId": "1"},
        {"URI": "oss://album/none.jpg", "CustomId": "2"},
        {"URI": "oss://secret/none.jpg", "CustomId": "3"},
        {"URI": uris[1], "CustomLabels": {"a": "b"}},
    ]
    answer = desk.call("BatchUpdateFileMeta", **WHERE, Files=json.dumps(files)).files
    assert [each.uri for each in answer] == [file["URI"] for file in files]
    assert [each.success for each in answer] == [True, False, False, True]
    assert answer[1].message == "ResourceNotFound | The specified resource file is not found."


def test_a_face_that_is_not_a_person_leaves_and_comes_back_with_undo(desk, album):
    anna = album.person("anna")
    uri = "oss://album/anna-1.jpg"
    asked = {"FigureIds": [figure(album, uri)], "FigureClusterId": anna}
    desk.call("RejectFigures", "vultus", **WHERE, **asked)
    assert where(album, uri) == INDEPENDENT
    [decision] = desk.call("ListDecisions", "vultus", **WHERE).decisions
    desk.call("UndoDecision", "vultus", **WHERE, DecisionId=decision.decision_id)
    assert where(album, uri) == anna
    code, message = desk.refusal("UndoDecision", "vultus", **WHERE, DecisionId=decision.decision_id)
    assert (code, message) == ("Conflict.Decision", f"Decision {decision.decision_id} was undone before.")
    assert [each.kind for each in desk.call("ListDecisions", "vultus", **WHERE).decisions] == ["undo", "reject"]


def test_faces_are_moved_to_a_new_person(desk, album):
    anna = album.person("anna")
    uri = "oss://album/anna-1.jpg"
    made = desk.call("MoveFigures", "vultus", **WHERE, FigureIds=[figure(album, uri)]).figure_cluster_id
    assert made != anna
    assert where(album, uri) == made
    back = desk.call("MoveFigures", "vultus", **WHERE, FigureIds=[figure(album, uri)], FigureClusterId=anna)
    assert back.figure_cluster_id == anna
    assert desk.call("BatchGetFigureCluster", **WHERE, ObjectIds=[made]).figure_clusters == []


@pytest.mark.parametrize("state", ["ignored", "not-a-face"])
def test_faces_are_left_alone_and_taken_back(desk, album, state):
    album.person("anna")
    uri = "oss://album/anna-1.jpg"
    figure_ids = [figure(album, uri)]
    desk.call("IgnoreFigures", "vultus", **WHERE, FigureIds=figure_ids, State=state)
    assert face_of(album, uri) is None if state == "not-a-face" else where(album, uri) == INDEPENDENT
    desk.call("IgnoreFigures", "vultus", **WHERE, FigureIds=figure_ids, State="live")
    assert where(album, uri) == UNAVAILABLE


def test_ignored_people_have_a_list_of_their_own(desk, album):
    people = sorted(album.person(f"p{number}") for number in range(3))
    other = album.person("other")
    for each in people:
        desk.call("IgnoreFigureCluster", "vultus", **WHERE, ObjectId=each)
    listed = desk.call("QueryFigureClusters", **WHERE, WithTotalCount=True)
    assert ([each.object_id for each in listed.figure_clusters], listed.total_count) == ([other], 1)
    first = desk.call("ListIgnoredFigureClusters", "vultus", **WHERE, MaxResults=2)
    second = desk.call("ListIgnoredFigureClusters", "vultus", **WHERE, NextToken=first.next_token)
    assert [each.object_id for each in first.figure_clusters + second.figure_clusters] == people
    desk.call("IgnoreFigureCluster", "vultus", **WHERE, ObjectId=people[0], Ignored=False)
    assert len(desk.call("QueryFigureClusters", **WHERE).figure_clusters) == 2


def test_people_are_told_apart_until_they_are_merged(desk, album):
    anna, bert = album.person("anna"), album.person("bert")
    desk.call("DistinguishFigureClusters", "vultus", **WHERE, ObjectIds=[anna, bert])
    assert len(desk.catalog.clusters.distinctions(album.dataset.id)) == 1
    desk.call("MergeFigureClusters", "vultus", **WHERE, To=anna, Froms=[bert])
    assert desk.catalog.clusters.distinctions(album.dataset.id) == set()


def test_decisions_are_listed_in_pages_the_latest_first(desk, album):
    anna = album.person("anna")
    for number in range(5):
        name = json.dumps({"ObjectId": anna, "Name": f"Anna {number}"})
        desk.call("UpdateFigureCluster", **WHERE, FigureCluster=name)
    names, token = [], ""
    while True:
        page = desk.call("ListDecisions", "vultus", **WHERE, MaxResults=2, NextToken=token)
        names += [each.about["name"] for each in page.decisions]
        token = page.next_token
        if not token:
            break
    assert names == [f"Anna {number}" for number in (4, 3, 2, 1, 0)]


def test_a_task_is_cancelled_once(desk, album):
    made = desk.call("CreateFigureClusteringTask", **WHERE)
    asked = {"ProjectName": "family", "TaskId": made.task_id}
    desk.call("CancelTask", "vultus", **asked)
    task = desk.call("GetTask", **asked, TaskType="FaceClustering")
    assert (task.status, task.code, task.message) == ("Failed", "TaskCancelled", "The task was cancelled by root.")
    code, message = desk.refusal("CancelTask", "vultus", **asked)
    assert code == "InvalidArgument"
    assert "has ended" in message


def test_faces_that_are_unlike_are_split(desk, album):
    from tests.people.test_split import person

    first, centre = person(1, 8, 0.5)
    second, _ = person(2, 5, 0.5, towards=centre)
    both = album.grouped("two", [*first, *second], model=desk.service.settings.faces.profile)
    pinned = figure(album, "oss://album/two-12.jpg")
    desk.call("MoveFigures", "vultus", **WHERE, FigureIds=[pinned], FigureClusterId=both)
    [made] = desk.call("SplitFigureCluster", "vultus", **WHERE, ObjectId=both, Strictness=0.8).object_ids
    found = desk.call("BatchGetFigureCluster", **WHERE, ObjectIds=[both, made]).figure_clusters
    assert [each.face_count for each in found] == [9, 4]
    assert where(album, "oss://album/two-12.jpg") == both
    code, message = desk.refusal("SplitFigureCluster", "vultus", **WHERE, ObjectId=made)
    assert (code, "hold together" in message) == ("InvalidArgument", True)
    code, _ = desk.refusal("SplitFigureCluster", "vultus", **WHERE, ObjectId="Cluster-0")
    assert code == "ResourceNotFound"
