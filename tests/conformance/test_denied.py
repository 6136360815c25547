"""What no policy allows, asked for on a real server and denied."""

import pytest

from tests.conformance.raw import call_v1, call_v3, expect
from tests.conformance.staff import Caller, Staff, policy
from tests.synthetic import SyntheticAlbum
from vultus.operations.dispatch import operations
from vultus.operations.operation import VERSIONS


@pytest.fixture(scope="module")
def albums(server):
    """Two projects with a dataset each."""
    return [SyntheticAlbum.make(server.service.catalog, name) for name in ("family", "work")]


def test_a_policy_for_one_dataset_opens_no_other(server, albums):
    family, work = albums
    server.service.catalog.datasets.create(family.dataset.project_id, "secret")
    _, key = Staff(server).user(policy("Allow", "imm:*", resource="acs:imm:*:*:project/family/dataset/photos"))
    user = Caller(server.endpoint, key)
    assert call_v3(user, "GetDataset", **family.where).status == 200
    expect(call_v3(user, "GetDataset", **family.where | {"DatasetName": "secret"}), 403, "NoPermission")
    expect(call_v3(user, "GetDataset", **family.where | {"DatasetName": "photos/../secret"}), 403, "NoPermission")
    expect(call_v3(user, "GetDataset", **work.where), 403, "NoPermission")
    expect(call_v3(user, "GetProject", ProjectName="family"), 403, "NoPermission")
    expect(call_v3(user, "ListProjects"), 403, "NoPermission")


@pytest.mark.parametrize(
    "name", ["*", "fam*", "famil?", "family/dataset/photos", "family/dataset/photos/x", "../family"]
)
def test_a_name_is_no_pattern_and_no_path(server, albums, name):
    _, key = Staff(server).user(policy("Allow", "imm:*", resource="acs:imm:*:*:project/family/dataset/photos"))
    user = Caller(server.endpoint, key)
    expect(call_v3(user, "GetDataset", ProjectName=name, DatasetName="photos"), 403, "NoPermission")


def test_what_does_not_exist_is_no_different_for_who_may_not_see_it(server, albums):
    _, key = Staff(server).user(policy("Allow", "imm:GetProject", resource="acs:imm:*:*:project/family"))
    user = Caller(server.endpoint, key)
    answers = [call_v3(user, "GetDataset", ProjectName=name, DatasetName="photos") for name in ("work", "nobodys")]
    assert {(reply.status, reply.code) for reply in answers} == {(403, "NoPermission")}


def test_a_denial_outweighs_what_is_allowed(server, albums):
    allowed, denied = policy("Allow", "*"), policy("Deny", "imm:GetDataset")
    _, key = Staff(server).user(allowed, denied)
    user = Caller(server.endpoint, key)
    assert call_v3(user, "GetProject", ProjectName="family").status == 200
    reply = call_v3(user, "GetDataset", **albums[0].where)
    expect(reply, 403, "NoPermission")
    assert reply.json["AccessDeniedDetail"]["NoPermissionType"] == "ExplicitDeny"


def test_a_user_without_policies_may_do_nothing_but_learn_who_they_are(server):
    _, key = Staff(server).user()
    user = Caller(server.endpoint, key)
    for operation in operations().values():
        given = {each.wire: "x" if each.text else "1" for each in operation.reader.parameters if each.required}
        given |= {each.wire: "[]" for each in operation.reader.parameters if each.required and each.structured}
        version = VERSIONS[operation.product]
        reply = call_v1(user, operation.name, Version=version, **given)
        if operation.resources:
            assert reply.status in (400, 403), reply.body
            assert reply.code == "NoPermission" or reply.code.startswith("Invalid"), reply.body
        else:
            assert reply.status == 200
