import json
import re
from typing import Any

import msgspec
import pytest

from tests.synthetic import face
from vultus.model import File, Label

WHERE = {"ProjectName": "family", "DatasetName": "photos"}
URI = "oss://album/2024/a.jpg"


@pytest.fixture(autouse=True)
def dataset(album):
    return album


def documents(answer) -> list[dict[str, Any]]:
    """The files of an answer, as a client decodes them."""
    return json.loads(msgspec.json.encode(answer))["Files"]


def file_meta(desk, uri: str = URI, **more: Any) -> dict[str, Any]:
    (document,) = documents(desk.call("GetFileMeta", **WHERE, URI=uri, **more))
    return document


def index(desk, file: dict[str, Any], **more: Any):
    return desk.call("IndexFileMeta", **WHERE, File=json.dumps(file), **more)


def test_a_file_that_is_handed_in_waits_and_can_be_read_at_once(desk):
    answer = index(desk, {"URI": URI})
    assert re.fullmatch(r"[0-9A-F]{3}-[0-9A-Za-z]{23}", answer.event_id)
    document = file_meta(desk)
    assert document["ObjectStatus"] == "Pending"
    assert document["URI"] == URI
    assert document["Filename"] == "2024/a.jpg"
    assert document["ObjectType"] == "file"
    assert re.fullmatch("[0-9a-f]{64}", document["ObjectId"])
    assert (document["ProjectName"], document["DatasetName"]) == ("family", "photos")
    assert desk.catalog.jobs.counts(kind="index").queued == 1


def test_handing_a_file_in_again_while_it_waits_makes_no_second_job(desk):
    index(desk, {"URI": URI})
    index(desk, {"URI": URI, "Title": "later"})
    assert desk.catalog.jobs.counts(kind="index").queued == 1
    assert file_meta(desk)["Title"] == "later"


def test_what_the_caller_says_of_a_file_is_shown(desk):
    said = {
        "URI": URI,
        "Title": "On the quay",
        "LatLong": "30.134390,120.074997",
        "ProduceTime": "2024-05-01T10:00:00+08:00",
        "CustomId": "photo-17",
        "CustomLabels": {"shelf": "3", "seen": True},
        "Labels": [{"LabelName": "Boat", "LabelConfidence": 0.5}],
        "Addresses": [{"Language": "en", "City": "Kiel"}],
        "Artist": "Ada",
    }
    index(desk, said)
    document = file_meta(desk)
    assert {name: document[name] for name in said} == said


def test_the_figures_of_an_indexed_file_are_counted_and_shown(desk, album):
    album.add(URI, [face(left=10), face(left=300)])
    document = file_meta(desk)
    assert document["ObjectStatus"] == "Indexed"
    assert document["FigureCount"] == len(document["Figures"]) == 2
    first = document["Figures"][0]
    assert first["FigureClusterId"] == "figure-cluster-id-unavailable"
    assert first["Boundary"] == {"Left": 10, "Top": 20, "Width": 120, "Height": 120}


def test_a_file_that_could_not_be_indexed_says_why(desk, album):
    album.fail(URI, "[InvalidArgument] File does not exist.")
    document = file_meta(desk)
    assert (document["ObjectStatus"], document["Reason"]) == ("Failed", "[InvalidArgument] File does not exist.")


def test_figures_that_a_caller_hands_in_with_a_file_are_not_taken(desk):
    index(desk, {"URI": URI, "Figures": [{"FigureId": "f", "FigureClusterId": "Cluster-1"}]})
    assert "Figures" not in file_meta(desk)


def test_a_batch_is_taken_in_whole_or_not_at_all(desk):
    good, bad = {"URI": URI}, {"URI": "oss://album/b.jpg", "MediaType": "song"}
    assert desk.refusal("BatchIndexFileMeta", **WHERE, Files=json.dumps([good, bad]))[0] == "InvalidArgument"
    assert documents(desk.call("BatchGetFileMeta", **WHERE, URIs=json.dumps([URI]))) == []
    desk.call("BatchIndexFileMeta", **WHERE, Files=json.dumps([good, {"URI": "oss://album/b.jpg"}]))
    assert desk.catalog.jobs.counts(kind="index").queued == 2


def test_a_batch_holds_at_most_100_files(desk):
    files = [{"URI": f"oss://album/{number}.jpg"} for number in range(101)]
    code, message = desk.refusal("BatchIndexFileMeta", **WHERE, Files=json.dumps(files))
    assert (code, message) == ("InvalidArgument", "Files must be a list of 1 to 100 InputFile; it holds 101.")
    desk.call("BatchIndexFileMeta", **WHERE, Files=json.dumps(files[:100]))


def test_a_dataset_takes_no_more_files_than_it_may(desk):
    desk.call("UpdateDataset", **WHERE, DatasetMaxFileCount="2")
    files = [{"URI": f"oss://album/{number}.jpg"} for number in range(3)]
    assert desk.refusal("BatchIndexFileMeta", **WHERE, Files=json.dumps(files))[0] == "LimitExceededError"
    desk.call("BatchIndexFileMeta", **WHERE, Files=json.dumps(files[:2]))


def test_a_dataset_that_holds_as_many_bytes_as_it_may_takes_no_new_file(desk, album):
    desk.call("UpdateDataset", **WHERE, DatasetMaxTotalFileSize="2000")
    for name in "ab":
        index(desk, {"URI": f"oss://album/{name}.jpg"})
        album.add(f"oss://album/{name}.jpg")
    code, message = desk.refusal("IndexFileMeta", **WHERE, File='{"URI":"oss://album/c.jpg"}')
    assert (code, message) == ("LimitExceededError", "The dataset photos holds files of 2000 bytes and may hold 2000.")
    index(desk, {"URI": "oss://album/a.jpg", "Title": "known already"})


def test_files_come_in_order_of_first_mention_and_unknown_ones_are_left_out(desk, album):
    for name in "abc":
        album.add(f"oss://album/{name}.jpg")
    asked = [f"oss://album/{name}.jpg" for name in "cxacb"]
    found = documents(desk.call("BatchGetFileMeta", **WHERE, URIs=json.dumps(asked)))
    assert [document["Filename"] for document in found] == ["c.jpg", "a.jpg", "b.jpg"]


def test_one_file_that_is_not_known_is_an_error(desk):
    said = ("ResourceNotFound", "The specified resource file is not found.")
    assert desk.refusal("GetFileMeta", **WHERE, URI=URI) == said


def test_only_the_fields_asked_for_come_back(desk, album):
    album.add(URI, [face()])
    assert file_meta(desk, WithFields='["Size", "Title", "ImageWidth"]') == {"Size": 1000, "ImageWidth": 640}
    assert file_meta(desk, WithFields="[]") == file_meta(desk)
    (narrow,) = documents(desk.call("BatchGetFileMeta", **WHERE, URIs=json.dumps([URI]), WithFields='["URI"]'))
    assert narrow == {"URI": URI}


@pytest.mark.parametrize("name", ["size", "Figures.FigureId", "Nothing", ""])
def test_a_field_that_files_do_not_have_is_refused(desk, album, name):
    album.add(URI)
    code, message = desk.refusal("GetFileMeta", **WHERE, URI=URI, WithFields=json.dumps([name]))
    assert code == "InvalidArgument"
    assert message == f"WithFields names {name!r}, which is no field of File."


def test_a_deleted_file_is_gone_and_deleting_it_again_is_no_error(desk, album):
    album.add(URI, [face()])
    for _ in range(2):
        desk.call("DeleteFileMeta", **WHERE, URI=URI)
    assert desk.refusal("GetFileMeta", **WHERE, URI=URI)[0] == "ResourceNotFound"


def test_a_person_goes_with_the_last_of_their_files(desk, album):
    anna = album.person("anna", photos=2)
    desk.call("DeleteFileMeta", **WHERE, URI="oss://album/anna-0.jpg")
    assert desk.call("GetFigureCluster", **WHERE, ObjectId=anna).figure_cluster.face_count == 1
    desk.call("BatchDeleteFileMeta", **WHERE, URIs='["oss://album/anna-1.jpg", "oss://album/nobody.jpg"]')
    assert desk.refusal("GetFigureCluster", **WHERE, ObjectId=anna)[0] == "ResourceNotFound"


def test_deleting_a_file_that_waits_takes_its_job_along(desk):
    index(desk, {"URI": URI})
    desk.call("DeleteFileMeta", **WHERE, URI=URI)
    assert desk.catalog.jobs.counts().queued == 0


@pytest.mark.parametrize(
    "uri",
    [
        "file:///etc/passwd",
        "http://example.com/a.jpg",
        "https://album.oss-cn-hangzhou.aliyuncs.com/a.jpg",
        "pds://domains/d/drives/1/files/2/revisions/3",
        "oss://album",
        "oss://album/",
        "oss:///a.jpg",
        "oss://album/../secret/a.jpg",
        "oss://album//a.jpg",
        "oss://album/a\n.jpg",
        "/etc/passwd",
        "album/a.jpg",
        "OSS://album/a.jpg",
    ],
)
@pytest.mark.parametrize("action", ["IndexFileMeta", "GetFileMeta", "DeleteFileMeta"])
def test_only_oss_uris_are_taken(desk, action, uri):
    parameters = {"File": json.dumps({"URI": uri})} if action == "IndexFileMeta" else {"URI": uri}
    code, message = desk.refusal(action, **WHERE, **parameters)
    assert code == "InvalidArgument"
    assert "URI" in message


def test_a_bucket_that_is_not_configured_is_refused(desk):
    code, message = desk.refusal("IndexFileMeta", **WHERE, File='{"URI":"oss://elsewhere/a.jpg"}')
    assert code == "InvalidArgument"
    assert "elsewhere" in message


def test_a_bucket_of_another_project_is_refused_and_nothing_is_kept(desk):
    code, _ = desk.refusal("IndexFileMeta", **WHERE, File='{"URI":"oss://secret/a.jpg"}')
    assert code in {"InvalidArgument", "NoPermission"}
    assert desk.catalog.jobs.counts().queued == 0


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"URI": None}, "URI"),
        ({"OSSURI": "oss://album/a.jpg"}, "OSSURI"),
        ({"MediaType": "picture"}, "MediaType"),
        ({"LatLong": "91,0"}, "LatLong"),
        ({"LatLong": "0,181"}, "LatLong"),
        ({"LatLong": "north"}, "LatLong"),
        ({"LatLong": "1e1,1"}, "LatLong"),
        ({"ProduceTime": "yesterday"}, "ProduceTime"),
        ({"ProduceTime": "2024-02-30T00:00:00Z"}, "ProduceTime"),
        ({"CustomId": "c" * 1025}, "CustomId"),
        ({"CustomLabels": {f"k{number}": "v" for number in range(101)}}, "CustomLabels"),
        ({"CustomLabels": {"a": ["b"]}}, "CustomLabels"),
        ({"CustomLabels": {"a": "b" * 1025}}, "CustomLabels"),
        ({"Labels": "boat"}, "Labels"),
        ({"Title": 7}, "Title"),
    ],
)
def test_what_cannot_be_used_of_a_file_is_refused_by_name(desk, said, names):
    code, message = desk.refusal("IndexFileMeta", **WHERE, File=json.dumps({"URI": URI, **said}))
    assert code == "InvalidArgument"
    assert names in message
    assert desk.catalog.jobs.counts().queued == 0


def test_a_hundred_custom_labels_are_carried(desk):
    labels = {f"k{number}": "v" for number in range(100)}
    index(desk, {"URI": URI, "CustomLabels": labels})
    assert file_meta(desk)["CustomLabels"] == labels


def test_what_a_notification_needs_is_kept_with_the_job(desk):
    notification = '{"MNS":{"TopicName":"no-such-topic"}}'
    answer = index(desk, {"URI": URI}, UserData='{"ID":"x"}', Notification=notification)
    job = desk.catalog.jobs.claim("test", ["index"], 60)
    assert job is not None
    assert job.payload == {
        "EventId": answer.event_id,
        "RequestId": answer.request_id,
        "UserData": '{"ID":"x"}',
        "Notification": {"MNS": {"TopicName": "no-such-topic"}},
    }


@pytest.mark.parametrize(("text", "taken"), [("x" * 2048, True), ("x" * 2049, False), ("é" * 1025, False)])
def test_user_data_has_at_most_2048_bytes(desk, text, taken):
    parameters = {**WHERE, "File": json.dumps({"URI": URI}), "UserData": text}
    if taken:
        desk.call("IndexFileMeta", **parameters)
    else:
        said = ("InvalidArgument", "UserData must be text of at most 2048 bytes.")
        assert desk.refusal("IndexFileMeta", **parameters) == said


@pytest.mark.parametrize("notification", ['{"MNS":"topic"}', '["topic"]', "topic"])
def test_a_malformed_notification_is_refused(desk, notification):
    code, message = desk.refusal(
        "IndexFileMeta", **WHERE, File='{"URI":"oss://album/a.jpg"}', Notification=notification
    )
    assert code == "InvalidArgument"
    assert "Notification" in message


def test_documents_decode_as_the_struct_that_is_promised(desk, album):
    album.add(URI, [face()], File(media_type="image", labels=[Label(label_name="Boat")]))
    answer = desk.call("GetFileMeta", **WHERE, URI=URI)
    decoded = msgspec.json.decode(msgspec.json.encode(answer), type=type(answer))
    assert decoded.files[0].labels == [Label(label_name="Boat")]
    assert decoded.files[0].figures[0].face_quality == 0.9
