import json

import pytest

from tests.operations.office import READ, WRITE


def test_a_policy_is_made_told_of_and_deleted(office):
    made = office.call("CreatePolicy", PolicyName="read", PolicyDocument=READ, Description="Reads.").policy
    assert (made.policy_name, made.policy_type, made.default_version) == ("read", "Custom", "v1")
    assert not made.update_date
    answer = office.call("GetPolicy", PolicyType="Custom", PolicyName="read")
    assert (answer.policy.description, answer.policy.attachment_count) == ("Reads.", 0)
    assert answer.policy.policy_document == READ
    version = answer.default_policy_version
    assert (version.version_id, version.is_default_version, version.policy_document) == ("v1", True, READ)
    office.call("DeletePolicy", PolicyName="read")
    assert office.refusal("GetPolicy", PolicyType="Custom", PolicyName="read")[0] == "EntityNotExist.Policy"


def test_a_policy_is_described_anew(office):
    office.call("CreatePolicy", PolicyName="read", PolicyDocument=READ)
    changed = office.call("UpdatePolicyDescription", PolicyName="read", NewDescription="Reads.").policy
    assert (changed.policy_name, changed.description) == ("read", "Reads.")


def test_a_policy_of_the_system_is_told_of_and_not_changed(office):
    answer = office.call("GetPolicy", PolicyType="System", PolicyName="AliyunIMMReadOnlyAccess")
    assert json.loads(answer.policy.policy_document)["Statement"][0]["Action"] == ["imm:Get*", "imm:List*"]
    assert answer.policy.default_version == answer.default_policy_version.version_id
    for action, more in (
        ("DeletePolicy", {}),
        ("UpdatePolicyDescription", {"NewDescription": "x"}),
        ("CreatePolicyVersion", {"PolicyDocument": WRITE}),
    ):
        code, _ = office.refusal(action, PolicyName="AliyunIMMReadOnlyAccess", **more)
        assert code == "EntityNotExist.Policy"


def test_a_document_that_is_no_policy_is_refused(office):
    code, message = office.refusal("CreatePolicy", PolicyName="read", PolicyDocument='{"Version":"1"}')
    assert code == "MalformedPolicyDocument"
    assert message.endswith(".")


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"PolicyName": "a.b"}, "InvalidParameter.PolicyName.InvalidChars"),
        ({"PolicyName": "a" * 129}, "InvalidParameter.PolicyName.Length"),
        ({"Description": "x" * 1025}, "InvalidParameter.Description.Length"),
        ({"PolicyDocument": READ + " " * 6144}, "InvalidParameter.PolicyDocument.Length"),
        ({"Tag": [{"Key": "team"}]}, "InvalidArgument"),
    ],
)
def test_what_a_policy_cannot_be_is_said(office, parameters, code):
    assert office.refusal("CreatePolicy", **{"PolicyName": "a", "PolicyDocument": READ, **parameters})[0] == code


@pytest.mark.parametrize("name", ["AliyunIMMFullAccess", "aliyunimmfullaccess"])
def test_no_policy_is_called_as_one_of_the_system(office, name):
    assert office.refusal("CreatePolicy", PolicyName=name, PolicyDocument=READ)[0] == "EntityAlreadyExists.Policy"


def test_policies_are_listed_by_name_those_of_the_system_first(office):
    for name in ("write", "AAA", "read"):
        office.call("CreatePolicy", PolicyName=name, PolicyDocument=READ)
    office.call("CreateUser", UserName="alice")
    office.call("AttachPolicyToUser", PolicyType="Custom", PolicyName="read", UserName="alice")
    listed = [each for page in office.pages("ListPolicies", MaxItems=2) for each in page.policies.policy]
    kinds = [each.policy_type for each in listed]
    assert kinds == sorted(kinds, reverse=True)
    assert [each.policy_name for each in listed if each.policy_type == "Custom"] == ["AAA", "read", "write"]
    system = [each.policy_name for each in listed if each.policy_type == "System"]
    assert {"AliyunIMMFullAccess", "AliyunIMMReadOnlyAccess"} <= set(system)
    assert system == sorted(set(system))
    assert {each.policy_name: each.attachment_count for each in listed if each.attachment_count} == {"read": 1}


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize("kind", ["System", "Custom"])
def test_policies_of_one_type_are_listed_whatever_the_page(office, kind, size):
    for name in ("b", "a"):
        office.call("CreatePolicy", PolicyName=name, PolicyDocument=READ)
    pages = office.pages("ListPolicies", PolicyType=kind, MaxItems=size)
    listed = [each for page in pages for each in page.policies.policy]
    assert {each.policy_type for each in listed} == {kind}
    assert all(len(page.policies.policy) <= size for page in pages)
    assert [each.policy_name for each in listed] == sorted({each.policy_name for each in listed})
