import pytest

from tests.operations.office import READ, WRITE


@pytest.fixture
def policy(office):
    office.call("CreatePolicy", PolicyName="p", PolicyDocument=READ)
    return office


def versions(office):
    listed = office.call("ListPolicyVersions", PolicyType="Custom", PolicyName="p").policy_versions.policy_version
    return {each.version_id: each.is_default_version for each in listed}


def test_versions_are_made_chosen_and_deleted(policy):
    made = policy.call("CreatePolicyVersion", PolicyName="p", PolicyDocument=WRITE).policy_version
    assert (made.version_id, made.is_default_version, made.policy_document) == ("v2", False, WRITE)
    assert policy.call("GetPolicy", PolicyType="Custom", PolicyName="p").policy.policy_document == READ
    policy.call("SetDefaultPolicyVersion", PolicyName="p", VersionId="v2")
    assert policy.call("GetPolicy", PolicyType="Custom", PolicyName="p").policy.policy_document == WRITE
    assert versions(policy) == {"v2": True, "v1": False}
    policy.call("DeletePolicyVersion", PolicyName="p", VersionId="v1")
    assert versions(policy) == {"v2": True}
    assert policy.call("CreatePolicyVersion", PolicyName="p", PolicyDocument=READ).policy_version.version_id == "v3"


def test_a_version_can_count_at_once(policy):
    policy.call("CreatePolicyVersion", PolicyName="p", PolicyDocument=WRITE, SetAsDefault="True")
    assert versions(policy) == {"v2": True, "v1": False}
    found = policy.call("GetPolicyVersion", PolicyType="Custom", PolicyName="p", VersionId="v2").policy_version
    assert (found.policy_document, found.is_default_version) == (WRITE, True)


def test_the_oldest_that_does_not_count_makes_room_where_asked(policy):
    for _ in range(4):
        policy.call("CreatePolicyVersion", PolicyName="p", PolicyDocument=WRITE)
    assert policy.refusal("CreatePolicyVersion", PolicyName="p", PolicyDocument=WRITE)[0] == (
        "LimitExceeded.Policy.Version"
    )
    rotate = {"RotateStrategy": "DeleteOldestNonDefaultVersionWhenLimitExceeded"}
    policy.call("CreatePolicyVersion", PolicyName="p", PolicyDocument=READ, **rotate)
    assert list(versions(policy)) == ["v6", "v5", "v4", "v3", "v1"]


def test_a_policy_with_versions_is_deleted_as_a_whole_where_asked(policy):
    policy.call("CreatePolicyVersion", PolicyName="p", PolicyDocument=WRITE)
    assert policy.refusal("DeletePolicy", PolicyName="p")[0] == "DeleteConflict.Policy.Version"
    policy.call("DeletePolicy", PolicyName="p", CascadingDelete="true")


def test_what_is_not_there_or_must_stay_is_said(policy):
    assert policy.refusal("DeletePolicyVersion", PolicyName="p", VersionId="v1")[0] == (
        "DeleteConflict.Policy.Version.Default"
    )
    for action in ("DeletePolicyVersion", "SetDefaultPolicyVersion"):
        assert policy.refusal(action, PolicyName="p", VersionId="v9")[0] == "EntityNotExist.Policy.Version"
        assert policy.refusal(action, PolicyName="q", VersionId="v1")[0] == "EntityNotExist.Policy"
    assert policy.refusal("CreatePolicyVersion", PolicyName="p", PolicyDocument="[]")[0] == "MalformedPolicyDocument"


@pytest.mark.parametrize("version", ["1", "v", "V1", "v-1", "v1.0", "v1\n", "v٣", "v" + "9" * 30])
def test_a_version_is_a_v_and_a_number(policy, version):
    code, _ = policy.refusal("GetPolicyVersion", PolicyType="Custom", PolicyName="p", VersionId=version)
    assert code == "InvalidParameter.VersionId.Format"


def test_a_policy_of_the_system_has_the_version_that_counts(office):
    where = {"PolicyType": "System", "PolicyName": "AliyunIMMFullAccess"}
    [only] = office.call("ListPolicyVersions", **where).policy_versions.policy_version
    assert only.is_default_version
    assert office.call("GetPolicyVersion", VersionId=only.version_id, **where).policy_version == only
    assert office.refusal("GetPolicyVersion", VersionId="v99", **where)[0] == "EntityNotExist.Policy.Version"
