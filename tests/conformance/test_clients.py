"""Every client does everything that there is to do with faces and people, each in its own way on the wire."""

from itertools import count

import pytest

from tests.conformance.clients import CLIENTS, AnyClient, Refused
from tests.conformance.running import serve, settings_in
from tests.conformance.staff import Staff, policy
from tests.synthetic import SyntheticAlbum, face
from vultus.jobs.merge_clusters import MergeClusters
from vultus.jobs.worker import Worker

NAME = "Anna ä+%~*&=/ \"'日本"  # what has to be encoded, and what need not be
URI = "oss://album/anna-1.jpg"
#: How they call an error that is the caller's.
KINDS = {"ClientException", "TeaException", "ServerException", "ClientError", "NoPermissionError"}
_numbers = count()


class Client:
    """A client at work in a dataset of its own."""

    def __init__(self, client: AnyClient, album: SyntheticAlbum) -> None:
        self._client = client
        self.album = album

    def call(self, action, **parameters):
        """Call an operation of the dataset; return what is answered beside the request id."""
        where = {"ProjectName": self.album.dataset.project_name}
        if action not in ("GetTask", "ListTasks"):
            where["DatasetName"] = self.album.dataset.name
        answer = self._client.call(action, **where, **parameters)
        assert answer.pop("RequestId")
        return answer

    def refusal(self, action, **parameters):
        """The error that a call ends with."""
        with pytest.raises(Refused) as raised:
            self.call(action, **parameters)
        return raised.value

    def file(self, uri=URI):
        (file,) = self.call("GetFileMeta", URI=uri)["Files"]
        return file


@pytest.fixture(params=CLIENTS)
def make_client(request):
    return CLIENTS[request.param]


@pytest.fixture
def album(server):
    return SyntheticAlbum.make(server.service.catalog, f"project-{next(_numbers)}")


@pytest.fixture
def client(make_client, server, album):
    return Client(make_client(server), album)


@pytest.fixture
def anna(client):
    return client.album.person("anna", gender="female", age=30, age_sd=2.5)


@pytest.fixture
def bert(client):
    return client.album.person("bert", photos=2)


def test_people_are_answered_by_their_ids(client, anna, bert):
    people = client.call("BatchGetFigureCluster", ObjectIds=[bert, anna, "Cluster-none", bert])["FigureClusters"]
    assert [person["ObjectId"] for person in people] == [bert, anna]
    assert (people[1]["FaceCount"], people[1]["Gender"], people[1]["AverageAge"]) == (3, "female", 30)
    assert people[1]["Cover"]["Figures"][0]["FigureClusterId"] == anna


def test_one_person_is_answered(client, anna):
    person = client.call("GetFigureCluster", ObjectId=anna)["FigureCluster"]
    assert (person["ObjectId"], person["ImageCount"], person["MetaLockVersion"]) == (anna, 3, 0)


def test_people_are_listed_in_pages_of_a_span_of_time(client, anna, bert):
    asked = {"Sort": "FaceCount", "Order": "desc", "MaxResults": 1, "WithTotalCount": True}
    asked["CreateTimeRange"] = {"Start": "2020-01-01T00:00:00+08:00", "End": "2999-01-01T00:00:00Z"}
    first = client.call("QueryFigureClusters", **asked)
    second = client.call("QueryFigureClusters", **asked, NextToken=first["NextToken"])
    assert [page["FigureClusters"][0]["ObjectId"] for page in (first, second)] == [anna, bert]
    assert first["TotalCount"] == 2
    assert not second.get("NextToken")


def test_a_person_is_named_labelled_and_given_a_cover(client, anna):
    cover = client.file()["Figures"][0]["FigureId"]
    said = {"ObjectId": anna, "Name": NAME, "CustomLabels": {"family": NAME}, "MetaLockVersion": 0}
    client.call("UpdateFigureCluster", FigureCluster={**said, "Cover": {"Figures": [{"FigureId": cover}]}})
    person = client.call("GetFigureCluster", ObjectId=anna)["FigureCluster"]
    assert (person["Name"], person["CustomLabels"], person["MetaLockVersion"]) == (NAME, {"family": NAME}, 1)
    assert person["Cover"]["URI"] == URI


def test_faces_are_grouped_in_a_task(client):
    told = {"Notification": {"MNS": {"TopicName": "faces"}}, "Tags": {"team": NAME}, "UserData": NAME}
    made = client.call("CreateFigureClusteringTask", **told)
    task = client.call("GetTask", TaskId=made["TaskId"], TaskType="FaceClustering", RequestDefinition=True)
    assert (task["Status"], task["EventId"]) == ("Running", made["EventId"])
    assert (task["Tags"], task["UserData"]) == ({"team": NAME}, NAME)
    assert '"TopicName":"faces"' in task["TaskRequestDefinition"]
    listed = client.call("ListTasks", TaskTypes=["FaceClustering"], MaxResults=10)["Tasks"]
    assert [each["TaskId"] for each in listed] == [made["TaskId"]]


def test_people_are_merged_in_a_task(client, anna, bert, server):
    made = client.call("CreateFigureClustersMergingTask", To=anna, Froms=[bert])
    service = server.service
    assert Worker("here:1", service.catalog, service.settings.jobs, {"merge": MergeClusters(service.catalog)}).step()
    task = client.call("GetTask", TaskId=made["TaskId"], TaskType="FigureClustersMerging")
    assert (task["Status"], task["Progress"]) == ("Succeeded", 100)
    people = client.call("BatchGetFigureCluster", ObjectIds=[anna, bert])["FigureClusters"]
    assert [(person["ObjectId"], person["FaceCount"]) for person in people] == [(anna, 5)]


def test_a_file_is_handed_in_read_and_forgotten(client):
    uri = "oss://album/ä+%~*&=/日本.jpg"
    assert client.call("IndexFileMeta", File={"URI": uri, "CustomLabels": {"a": NAME}})["EventId"]
    file = client.file(uri)
    assert (file["URI"], file["ObjectStatus"], file["CustomLabels"]) == (uri, "Pending", {"a": NAME})
    client.call("DeleteFileMeta", URI=uri)
    assert client.call("BatchGetFileMeta", URIs=[uri])["Files"] == []


def test_files_are_handed_in_read_and_forgotten_in_batches(client):
    uris = [f"oss://album/{name}.jpg" for name in "cab"]
    assert client.call("BatchIndexFileMeta", Files=[{"URI": uri} for uri in uris], UserData=NAME)["EventId"]
    asked = {"URIs": [*uris, uris[0]], "WithFields": ["URI", "ObjectStatus"]}
    found = client.call("BatchGetFileMeta", **asked)["Files"]
    said = [{name: value for name, value in file.items() if value} for file in found]  # SDKs put empty lists in
    assert said == [{"URI": uri, "ObjectStatus": "Pending"} for uri in uris]
    client.call("BatchDeleteFileMeta", URIs=uris[1:])
    assert [file["URI"] for file in client.call("BatchGetFileMeta", **asked)["Files"]] == uris[:1]


def test_a_face_is_moved_by_updating_its_file(client, anna, bert):
    moved = {"FigureId": client.file()["Figures"][0]["FigureId"], "FigureClusterId": bert, "FigureType": "face"}
    client.call("UpdateFileMeta", File={"URI": URI, "CustomId": NAME, "Figures": [moved]})
    file = client.file()
    assert (file["Figures"][0]["FigureClusterId"], file["CustomId"]) == (bert, NAME)


def test_files_are_updated_in_batches_each_for_itself(client):
    client.album.add(URI, [face()])
    files = [{"URI": URI, "CustomLabels": {"a": NAME}}, {"URI": "oss://album/none.jpg"}]
    told = client.call("BatchUpdateFileMeta", Files=files)["Files"]
    assert [(each["URI"], each["Success"]) for each in told] == [(URI, True), ("oss://album/none.jpg", False)]
    assert client.file()["CustomLabels"] == {"a": NAME}


def test_the_dataset_is_described_counted_and_emptied_before_it_goes(client):
    changed = client.call("UpdateDataset", Description=NAME, DatasetMaxFileCount=50)["Dataset"]
    assert (changed["Description"], changed["DatasetMaxFileCount"]) == (NAME, 50)
    assert client.call("GetDataset", WithStatistics=True)["Dataset"]["FileCount"] == 0
    assert client.call("DeleteDataset") == {}


# What they make of a refusal


@pytest.fixture(scope="module")
def reader(server):
    """The key of a user who may read what IMM's own read-only policy lets them."""
    staff = Staff(server)
    name, key = staff.user(policy("Deny", "imm:GetProject"))
    staff.call("AttachPolicyToUser", UserName=name, PolicyType="System", PolicyName="AliyunIMMReadOnlyAccess")
    return key


def test_a_user_who_may_not_is_told_why(make_client, server, album, reader):
    client = Client(make_client(server, key=reader), album)
    anna = album.person("anna")
    assert client.call("GetFigureCluster", ObjectId=anna)["FigureCluster"]["ObjectId"] == anna
    denied = client.refusal("BatchGetFigureCluster", ObjectIds=[anna])
    assert (denied.status, denied.code) == (403, "NoPermission")
    assert denied.kind in KINDS
    assert "imm:BatchGetFigureCluster" in denied.message
    if denied.kind != "ServerException":  # which has no room for it
        assert denied.detail["AuthAction"] == "imm:BatchGetFigureCluster"
        assert denied.detail["NoPermissionType"] == "ImplicitDeny"
        assert denied.detail["AuthPrincipalType"] == "SubUser"
        assert client.refusal("GetProject").detail["NoPermissionType"] == "ExplicitDeny"


@pytest.fixture(scope="module")
def session(server):
    """What a session signs with: the role may do all that is IMM's, the session only read."""
    return Staff(server).session(policy("Allow", "imm:*"), policy("Allow", "imm:*Get*"))


def test_a_session_does_what_both_its_role_and_its_own_policy_allow(make_client, server, album, session):
    client = Client(make_client(server, key=session, token=session.token), album)
    anna = album.person("anna")
    people = client.call("BatchGetFigureCluster", ObjectIds=[anna])["FigureClusters"]
    assert [person["ObjectId"] for person in people] == [anna]
    denied = client.refusal("UpdateFigureCluster", FigureCluster={"ObjectId": anna, "Name": NAME})
    assert (denied.status, denied.code) == (403, "NoPermission")
    if denied.kind != "ServerException":
        assert (denied.detail["AuthPrincipalType"], denied.detail["PolicyType"]) == ("AssumedRoleUser", "SessionPolicy")


def test_the_key_of_a_session_is_nothing_without_its_token(make_client, server, album, session):
    alone = Client(make_client(server, key=session), album).refusal("ListTasks")
    assert (alone.status, alone.code) == (400, "MissingSecurityToken")
    changed = Client(make_client(server, key=session, token=session.token[:-8] + "AAAAAAA="), album)
    assert changed.refusal("ListTasks").code == "InvalidSecurityToken.Malformed"
    borrowed = Client(make_client(server, token=session.token), album).refusal("ListTasks")
    assert borrowed.code == "InvalidSecurityToken.MismatchWithAccessKey"


@pytest.fixture(scope="module")
def strict_server(tmp_path_factory):
    """A server that answers one request for a project in a hundred seconds."""
    settings = settings_in(tmp_path_factory.mktemp("strict"))
    settings.limits.project_queries_per_second = 0.01
    with serve(settings) as running:
        yield running


def test_who_asks_too_often_is_told_to_wait(make_client, strict_server):
    album = SyntheticAlbum.make(strict_server.service.catalog, f"project-{next(_numbers)}")
    client = Client(make_client(strict_server), album)
    refused = None
    for _ in range(3):
        try:
            client.call("GetDataset")
        except Refused as error:
            refused = error
    assert refused is not None
    assert (refused.status, refused.code) == (400, "Throttling.User")
    assert refused.kind in KINDS | {"ThrottlingException", "ThrottlingError", "Throttling.UserError"}
