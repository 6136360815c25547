"""What every operation refuses, told through the official SDK over HTTP, signing as version 3 and as version 1."""

import pytest
from alibabacloud_imm20200930 import models as sdk

URI = "oss://album/a.jpg"
NO_PROJECT = (400, "ResourceNotFound", "The specified resource project is not found.")
NO_DATASET = (400, "ResourceNotFound", "The specified resource dataset is not found.")

IN_A_DATASET = {
    "GetDataset": {},
    "UpdateDataset": {},
    "DeleteDataset": {},
    "IndexFileMeta": {"file": sdk.InputFile(uri=URI)},
    "BatchIndexFileMeta": {"files": [sdk.InputFile(uri=URI)]},
    "GetFileMeta": {"uri": URI},
    "BatchGetFileMeta": {"uris": [URI]},
    "DeleteFileMeta": {"uri": URI},
    "BatchDeleteFileMeta": {"uris": [URI]},
    "CreateFigureClusteringTask": {},
    "GetFigureCluster": {"object_id": "Cluster-1"},
    "BatchGetFigureCluster": {"object_ids": ["Cluster-1"]},
    "QueryFigureClusters": {},
}
IN_A_PROJECT = {
    "GetProject": {},
    "UpdateProject": {},
    "DeleteProject": {},
    "CreateDataset": {"dataset_name": "photos"},
    "ListDatasets": {},
    "GetTask": {"task_id": "t", "task_type": "FaceClustering"},
    "ListTasks": {},
    "DetectImageFaces": {"source_uri": URI},
    "CompareImageFaces": {"source": sdk.CompareImageFacesRequestSource(uri1=URI, uri2=URI)},
}


@pytest.mark.parametrize("action", IN_A_DATASET | IN_A_PROJECT)
def test_an_unknown_project_is_not_found(shop, action):
    dataset = {"dataset_name": "photos"} if action in IN_A_DATASET else {}
    assert shop.refusal(action, **dataset, **(IN_A_DATASET | IN_A_PROJECT)[action]) == NO_PROJECT


@pytest.mark.parametrize("action", IN_A_DATASET)
def test_an_unknown_dataset_is_not_found(shop, album, action):
    assert shop.refusal(action, dataset_name="nothing", **IN_A_DATASET[action]) == NO_DATASET


@pytest.mark.parametrize("action", IN_A_DATASET)
def test_each_mandatory_parameter_is_missed_by_name(shop, album, action):
    assert shop.refusal(action, **IN_A_DATASET[action])[:2] == (400, "MissingDatasetName")
    assert shop.refusal(action, dataset_name="photos", project_name=None, **IN_A_DATASET[action])[1] == (
        "MissingProjectName"
    )
    if IN_A_DATASET[action]:
        (parameter,) = IN_A_DATASET[action]
        missing = {"uri": "MissingURI", "uris": "MissingURIs"}.get(parameter)
        missing = missing or "Missing" + "".join(word.capitalize() for word in parameter.split("_"))
        assert shop.refusal(action, dataset_name="photos")[:2] == (400, missing)


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("BatchGetFigureCluster", {"object_ids": ["c"] * 101}),
        ("BatchGetFigureCluster", {"object_ids": []}),
        ("BatchGetFileMeta", {"uris": [URI] * 101}),
        ("BatchDeleteFileMeta", {"uris": [URI] * 101}),
        ("BatchIndexFileMeta", {"files": [sdk.InputFile(uri=URI)] * 101}),
        ("IndexFileMeta", {"file": sdk.InputFile(uri="file:///etc/passwd")}),
        ("IndexFileMeta", {"file": sdk.InputFile(uri="http://example.com/a.jpg")}),
        ("IndexFileMeta", {"file": sdk.InputFile(uri="oss://elsewhere/a.jpg")}),
        ("IndexFileMeta", {"file": sdk.InputFile(uri=URI), "user_data": "x" * 2049}),
        ("GetFileMeta", {"uri": URI, "with_fields": ["Nothing"]}),
        ("QueryFigureClusters", {"max_results": 101}),
        ("QueryFigureClusters", {"sort": "Name"}),
        ("QueryFigureClusters", {"next_token": "nonsense"}),
        ("CreateDataset", {"dataset_name": "no spaces"}),
        ("CreateFigureClusteringTask", {"user_data": "é" * 1025}),
    ],
)
def test_what_cannot_be_used_is_an_invalid_argument(shop, album, action, fields):
    status, code, message = shop.refusal(action, **{"dataset_name": "photos", **fields})
    assert (status, code) == (400, "InvalidArgument")
    assert message.endswith(".")


def test_an_unknown_task_is_not_found(shop, album):
    made = shop.call("CreateFigureClusteringTask", dataset_name="photos")
    no_task = (400, "ResourceNotFound", "The specified resource task is not found.")
    assert shop.refusal("GetTask", task_id="nothing", task_type="FaceClustering") == no_task
    assert shop.refusal("GetTask", task_id=made.task_id, task_type="MediaConvert") == no_task


@pytest.mark.parametrize("action", ["SimpleQuery", "CreateStory", "ListRegions", "DetectImageBodies"])
def test_an_operation_of_imm_that_is_not_offered_says_so(shop, action):
    status, code, message = shop.refusal(action)
    assert (status, code) == (501, "UnsupportedOperation")
    assert action in message
