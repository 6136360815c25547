"""Every operation through the official SDK over HTTP, signing as version 3 and as version 1."""

import re

import pytest
from alibabacloud_imm20200930 import models as sdk
from alibabacloud_tea_openapi.models import OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

from tests.conformance.operations.test_refusals import NO_DATASET, NO_PROJECT
from tests.synthetic import face
from vultus.jobs.merge_clusters import MergeClusters
from vultus.jobs.worker import Worker
from vultus.model import FigureCluster

URI = "oss://album/a.jpg"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")


def test_a_project_lives_from_creation_to_deletion(shop):
    tag = sdk.CreateProjectRequestTag(key="team", value="blue")
    made = shop.call("CreateProject", description="ours", tag=[tag], dataset_max_file_count=50).project
    assert (made.project_name, made.description, made.dataset_max_file_count) == (shop.project, "ours", 50)
    assert [(each.tag_key, each.tag_value) for each in made.tags] == [("team", "blue")]
    assert TIME.fullmatch(made.create_time)
    changed = shop.call("UpdateProject", description="theirs", template_id="Official:FaceManagement").project
    assert (changed.description, changed.dataset_max_file_count) == ("theirs", 50)
    got = shop.call("GetProject", with_statistics=True).project
    assert (got.description, got.template_id) == ("theirs", "Official:FaceManagement")
    assert (got.dataset_count, got.file_count, got.total_file_size) == (0, 0, 0)
    shop.call("DeleteProject")
    assert shop.refusal("GetProject") == NO_PROJECT


def test_projects_are_listed_in_pages(shop):
    names = [f"{shop.project}-{number}" for number in range(3)]
    for name in reversed(names):
        shop.call("CreateProject", project_name=name)
    first = shop.call("ListProjects", prefix=shop.project, max_results=2)
    second = shop.call("ListProjects", prefix=shop.project, max_results=2, next_token=first.next_token)
    assert [each.project_name for each in first.projects + second.projects] == names
    assert not second.next_token


def test_projects_are_listed_by_tag(shop):
    tag = sdk.CreateProjectRequestTag(key=shop.project, value="x")
    shop.call("CreateProject", tag=[tag])
    shop.call("CreateProject", project_name=f"{shop.project}-other")
    found = shop.call("ListProjects", tag=[sdk.ListProjectsRequestTag(key=shop.project)]).projects
    assert [each.project_name for each in found] == [shop.project]


def test_a_dataset_lives_from_creation_to_deletion(shop):
    shop.call("CreateProject")
    parameter = sdk.WorkflowParameter(name="a", value="b")
    made = shop.call("CreateDataset", dataset_name="photos", description="ours", workflow_parameters=[parameter])
    assert (made.dataset.dataset_name, made.dataset.description) == ("photos", "ours")
    changed = shop.call("UpdateDataset", dataset_name="photos", dataset_max_bind_count=2).dataset
    assert (changed.description, changed.dataset_max_bind_count) == ("ours", 2)
    got = shop.call("GetDataset", dataset_name="photos", with_statistics=True).dataset
    assert (got.file_count, got.total_file_size, got.bind_count) == (0, 0, 0)
    assert [each.dataset_name for each in shop.call("ListDatasets", prefix="ph").datasets] == ["photos"]
    shop.call("DeleteDataset", dataset_name="photos")
    assert shop.refusal("GetDataset", dataset_name="photos") == NO_DATASET


def test_datasets_are_listed_in_pages(shop):
    shop.call("CreateProject")
    for name in "cab":
        shop.call("CreateDataset", dataset_name=name)
    first = shop.call("ListDatasets", max_results=2)
    second = shop.call("ListDatasets", max_results=2, next_token=first.next_token)
    assert [each.dataset_name for each in first.datasets + second.datasets] == ["a", "b", "c"]
    assert not second.next_token


def test_what_exists_is_not_made_twice_and_what_is_used_is_not_deleted(shop, album):
    assert shop.refusal("CreateProject")[:2] == (400, "ResourceAlreadyExists")
    assert shop.refusal("CreateDataset", dataset_name="photos")[:2] == (400, "ResourceAlreadyExists")
    assert shop.refusal("DeleteProject")[:2] == (409, "ResourceInUse")
    album.add(URI)
    assert shop.refusal("DeleteDataset", dataset_name="photos")[:2] == (409, "ResourceInUse")


def test_a_file_is_handed_in_read_and_forgotten(shop, album):
    said = sdk.InputFile(uri=URI, title="Quay", custom_id="17", custom_labels={"a": "b"}, lat_long="54.3,10.1")
    notification = sdk.Notification(mns=sdk.MNS(topic_name="topic"))
    event = shop.call("IndexFileMeta", dataset_name="photos", file=said, notification=notification, user_data="x")
    assert re.fullmatch(r"[0-9A-F]{3}-[0-9A-Za-z]{23}", event.event_id)
    (file,) = shop.call("GetFileMeta", dataset_name="photos", uri=URI).files
    assert (file.object_status, file.title, file.custom_id, file.custom_labels) == ("Pending", "Quay", "17", {"a": "b"})
    assert (file.object_type, file.filename, file.lat_long) == ("file", "a.jpg", "54.3,10.1")
    shop.call("DeleteFileMeta", dataset_name="photos", uri=URI)
    assert shop.refusal("GetFileMeta", dataset_name="photos", uri=URI)[:2] == (400, "ResourceNotFound")
    shop.call("DeleteFileMeta", dataset_name="photos", uri=URI)


def test_files_are_handed_in_read_and_forgotten_in_batches(shop, album):
    uris = [f"oss://album/{name} ä+%.jpg" for name in "cab"]
    shop.call("BatchIndexFileMeta", dataset_name="photos", files=[sdk.InputFile(uri=uri) for uri in uris])
    found = shop.call("BatchGetFileMeta", dataset_name="photos", uris=[*uris, "oss://album/none.jpg", uris[0]])
    assert [file.uri for file in found.files] == uris
    shop.call("BatchDeleteFileMeta", dataset_name="photos", uris=uris[1:])
    found = shop.call("BatchGetFileMeta", dataset_name="photos", uris=uris)
    assert [file.uri for file in found.files] == uris[:1]


def test_an_indexed_file_carries_its_figures(shop, album):
    album.add(URI, [face(left=10), face(left=300)])
    (file,) = shop.call("GetFileMeta", dataset_name="photos", uri=URI).files
    assert (file.object_status, file.figure_count, file.image_width, file.size) == ("Indexed", 2, 640, 1000)
    assert [figure.boundary.left for figure in file.figures] == [10, 300]
    assert {figure.figure_cluster_id for figure in file.figures} == {"figure-cluster-id-unavailable"}


def test_only_the_fields_asked_for_come_back(shop, album):
    album.add(URI)
    shop.client.get_file_meta(
        sdk.GetFileMetaRequest(project_name=shop.project, dataset_name="photos", uri=URI, with_fields=["Size", "URI"])
    )
    assert shop.client.answer["body"]["Files"] == [{"Size": 1000, "URI": URI}]


def test_a_clustering_task_is_made_and_told_of(shop, album):
    asked = {"dataset_name": "photos", "tags": {"team": "blue"}, "user_data": "mine"}
    made = shop.call("CreateFigureClusteringTask", **asked)
    assert re.fullmatch("CreateFigureClusteringTask-[0-9a-f-]{36}", made.task_id)
    task = shop.call("GetTask", task_id=made.task_id, task_type="FaceClustering", request_definition=True)
    assert (task.status, task.progress, task.user_data, task.tags) == ("Running", 0, "mine", {"team": "blue"})
    assert (task.event_id, task.project_name) == (made.event_id, shop.project)
    assert '"DatasetName":"photos"' in task.task_request_definition
    assert task.end_time is None
    catalog = shop.server.service.catalog
    (row,) = catalog.tasks.running(album.dataset.id, "FaceClustering")
    catalog.tasks.advance([row], 40, "Evidence", 3, 9)
    assert shop.call("GetTask", task_id=made.task_id, task_type="FaceClustering").progress == 40
    assert not {"Phase", "Done", "Total", "Report"} & shop.client.answer["body"].keys(), "IMM has no such fields"
    assert shop.call("ListTasks").tasks[0].progress == 40
    catalog.tasks.finish(row, report="{}")
    ended = shop.call("GetTask", task_id=made.task_id, task_type="FaceClustering")
    assert (ended.status, ended.progress, ended.task_request_definition) == ("Succeeded", 100, None)
    assert TIME.fullmatch(ended.end_time)


def test_a_task_that_failed_says_why(shop, album):
    made = shop.call("CreateFigureClusteringTask", dataset_name="photos")
    catalog = shop.server.service.catalog
    (row,) = catalog.tasks.running(album.dataset.id, "FaceClustering")
    catalog.tasks.finish(row, code="InternalError", message="The workers that tried it died.")
    task = shop.call("GetTask", task_id=made.task_id, task_type="FaceClustering")
    assert (task.status, task.code, task.message) == ("Failed", "InternalError", "The workers that tried it died.")


def test_tasks_are_listed_in_pages_and_selected(shop, album):
    made = [
        shop.call("CreateFigureClusteringTask", dataset_name="photos", tags={"n": f"{number}"}).task_id
        for number in range(3)
    ]
    first = shop.call("ListTasks", sort="StartTime", max_results=2)
    assert first.max_results == "2"
    second = shop.call("ListTasks", sort="StartTime", max_results=2, next_token=first.next_token)
    assert [each.task_id for each in first.tasks + second.tasks] == made
    assert not second.next_token
    assert [each.task_id for each in shop.call("ListTasks", tag_selector="n=1").tasks] == [made[1]]
    assert shop.call("ListTasks", status="Succeeded").tasks == []
    assert len(shop.call("ListTasks", task_types=["FaceClustering"]).tasks) == 3
    early = sdk.TimeRange(end="2020-01-01T00:00:00+08:00")
    assert shop.call("ListTasks", start_time_range=early).tasks == []
    assert shop.call("ListTasks", end_time_range=sdk.TimeRange(start="2020-01-01T00:00:00Z")).tasks == []


def test_people_are_answered_in_order_of_first_mention(shop, album):
    anna, bert = album.person("anna", gender="female", age=30, age_sd=2.5), album.person("bert", photos=2)
    album.catalog.clusters.update(
        album.dataset, FigureCluster(object_id=anna, name="Anna", custom_id="3", custom_labels={"family": "yes"})
    )
    found = shop.call("BatchGetFigureCluster", dataset_name="photos", object_ids=[bert, anna, "Cluster-none", bert])
    assert [each.object_id for each in found.figure_clusters] == [bert, anna]
    first = found.figure_clusters[1]
    assert (first.name, first.custom_id, first.custom_labels) == ("Anna", "3", {"family": "yes"})
    assert (first.gender, first.face_count, first.image_count, first.video_count) == ("female", 3, 3, 0)
    assert (first.average_age, first.min_age, first.max_age, first.meta_lock_version) == (30.0, 30.0, 30.0, 1)
    assert first.cover.figures[0].figure_cluster_id == anna
    assert first.cover.figures[0].figure_cluster_confidence == 0.75
    assert found.figure_clusters[0].name is None


def test_a_person_is_named_and_given_a_cover(shop, album):
    anna = album.person("anna")
    (file,) = shop.call("GetFileMeta", dataset_name="photos", uri="oss://album/anna-2.jpg").files
    said = sdk.FigureCluster(object_id=anna, name="Anna ä+%", custom_labels={"a": "b"}, meta_lock_version=0)
    said.cover = sdk.File(figures=[sdk.Figure(figure_id=file.figures[0].figure_id)])
    shop.call("UpdateFigureCluster", dataset_name="photos", figure_cluster=said)
    cluster = shop.call("GetFigureCluster", dataset_name="photos", object_id=anna).figure_cluster
    assert (cluster.name, cluster.custom_labels, cluster.meta_lock_version) == ("Anna ä+%", {"a": "b"}, 1)
    assert cluster.cover.uri == "oss://album/anna-2.jpg"
    refused = shop.refusal("UpdateFigureCluster", dataset_name="photos", figure_cluster=said)
    assert refused == (409, "Conflict.MetaLockVersion", "MetaLockVersion is 1, not 0; nothing was changed.")
    gone = sdk.FigureCluster(object_id="Cluster-none", name="Nobody")
    assert shop.refusal("UpdateFigureCluster", dataset_name="photos", figure_cluster=gone)[1] == "ResourceNotFound"


@pytest.mark.parametrize("one", [True, False])
def test_people_are_merged_in_a_task(shop, album, one):
    anna, bert = album.person("anna"), album.person("bert")
    sources = {"from_": bert} if one else {"froms": [bert]}
    made = shop.call("CreateFigureClustersMergingTask", dataset_name="photos", to=anna, tags={"a": "b"}, **sources)
    assert re.fullmatch("CreateFigureClustersMergingTask-[0-9a-f-]{36}", made.task_id)
    service = shop.server.service
    handlers = {"merge": MergeClusters(service.catalog)}
    assert Worker("here:1", service.catalog, service.settings.jobs, handlers).step()
    task = shop.call("GetTask", task_id=made.task_id, task_type="FigureClustersMerging")
    assert (task.status, task.tags, task.event_id) == ("Succeeded", {"a": "b"}, made.event_id)
    found = shop.call("BatchGetFigureCluster", dataset_name="photos", object_ids=[anna, bert]).figure_clusters
    assert [(each.object_id, each.face_count, each.meta_lock_version) for each in found] == [(anna, 6, 1)]


def test_a_merge_names_one_source_or_several_and_not_both(shop, album):
    anna, bert = album.person("anna"), album.person("bert")
    for sources in ({}, {"from_": bert, "froms": [bert]}, {"froms": []}, {"from_": anna}):
        refused = shop.refusal("CreateFigureClustersMergingTask", dataset_name="photos", to=anna, **sources)
        assert refused[:2] == (400, "InvalidArgument")
    assert shop.refusal("CreateFigureClustersMergingTask", dataset_name="photos", froms=[bert])[1] == "MissingTo"


def test_a_face_is_moved_by_updating_its_file(shop, album):
    anna, bert = album.person("anna"), album.person("bert")
    uri = "oss://album/anna-1.jpg"
    (file,) = shop.call("GetFileMeta", dataset_name="photos", uri=uri).files
    places = [bert, "figure-cluster-id-independent", anna, "figure-cluster-id-unavailable"]
    for place in places:
        moved = sdk.InputFileFigures(figure_id=file.figures[0].figure_id, figure_cluster_id=place, figure_type="face")
        shop.call("UpdateFileMeta", dataset_name="photos", file=sdk.InputFile(uri=uri, custom_id="5", figures=[moved]))
        (now,) = shop.call("GetFileMeta", dataset_name="photos", uri=uri).files
        assert (now.figures[0].figure_cluster_id, now.custom_id) == (place, "5")


def test_files_are_updated_in_batches_each_for_itself(shop, album):
    album.add(URI)
    files = [sdk.InputFile(uri=URI, custom_labels={"a": "b"}), sdk.InputFile(uri="oss://album/none.jpg")]
    answer = shop.call("BatchUpdateFileMeta", dataset_name="photos", files=files).files
    assert [(each.uri, each.success) for each in answer] == [(URI, True), ("oss://album/none.jpg", False)]
    assert answer[1].message == "ResourceNotFound | The specified resource file is not found."
    (file,) = shop.call("GetFileMeta", dataset_name="photos", uri=URI).files
    assert file.custom_labels == {"a": "b"}
    labels = {f"l{number}": "v" for number in range(101)}
    too_many = [sdk.InputFile(uri=URI, custom_labels=labels)]
    (refused,) = shop.call("BatchUpdateFileMeta", dataset_name="photos", files=too_many).files
    assert not refused.success
    assert "at most 100" in refused.message


def test_one_person_is_answered(shop, album):
    anna = album.person("anna")
    cluster = shop.call("GetFigureCluster", dataset_name="photos", object_id=anna).figure_cluster
    assert (cluster.object_id, cluster.object_type, cluster.face_count) == (anna, "figure-cluster", 3)
    assert cluster.owner_id == shop.server.account.owner_id
    unknown = shop.refusal("GetFigureCluster", dataset_name="photos", object_id="Cluster-none")
    assert unknown == (400, "ResourceNotFound", "The specified resource figure cluster is not found.")


def test_people_are_queried_in_pages_with_filters_and_a_total(shop, album):
    people = [album.person(f"p{number}", photos=number + 1) for number in range(3)]
    first = shop.call(
        "QueryFigureClusters",
        dataset_name="photos",
        sort="FaceCount",
        order="desc",
        max_results=2,
        with_total_count=True,
    )
    assert first.total_count == 3
    second = shop.call(
        "QueryFigureClusters",
        dataset_name="photos",
        sort="FaceCount",
        order="desc",
        max_results=2,
        next_token=first.next_token,
    )
    found = [each.object_id for each in first.figure_clusters + second.figure_clusters]
    assert found == list(reversed(people))
    assert not second.next_token
    album.catalog.clusters.update(album.dataset, FigureCluster(object_id=people[1], custom_labels={"a": "b"}))
    labelled = shop.call("QueryFigureClusters", dataset_name="photos", custom_labels="a=b")
    assert [each.object_id for each in labelled.figure_clusters] == [people[1]]
    late = sdk.TimeRange(start="2999-01-01T00:00:00+08:00")
    assert shop.call("QueryFigureClusters", dataset_name="photos", create_time_range=late).figure_clusters == []


def test_our_own_operations_are_called_in_the_same_way(shop, album):
    album.fail(URI, "[InvalidArgument] The image is cut off.")
    query = {"ProjectName": shop.project, "DatasetName": "photos"}
    told = {"version": "2026-11-22", "protocol": "HTTP", "pathname": "/", "method": "POST", "auth_type": "AK"}
    told |= {"style": "RPC", "req_body_type": "formData", "body_type": "json"}
    answers = [
        shop.client.call_api(Params(action=action, **told), OpenApiRequest(query=query), RuntimeOptions())["body"]
        for action in ("GetProgress", "ListFailures", "ExplainFigures")
    ]
    assert answers[0]["Failed"] == 1
    assert answers[1]["Failures"] == [{"URI": URI, "Reason": "[InvalidArgument] The image is cut off."}]
    assert answers[2]["Figures"] == []
