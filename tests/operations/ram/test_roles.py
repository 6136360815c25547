import json

import pytest


def test_a_role_is_made_told_of_changed_and_deleted(office):
    trust = office.trusting("user/alice")
    made = office.call("CreateRole", RoleName="reader", AssumeRolePolicyDocument=trust, Description="Reads.").role
    assert (made.role_name, made.description, made.max_session_duration) == ("reader", "Reads.", 3600)
    assert made.arn == f"acs:ram::{office.owner_id}:role/reader"
    assert made.assume_role_policy_document == trust
    assert not made.update_date
    office.call("UpdateRole", RoleName="reader", NewDescription="", NewMaxSessionDuration=43200)
    changed = office.call("UpdateRole", RoleName="reader", NewAssumeRolePolicyDocument=office.trusting()).role
    assert (changed.description, changed.max_session_duration) == ("", 43200)
    assert json.loads(changed.assume_role_policy_document) == json.loads(office.trusting())
    assert office.call("GetRole", RoleName="reader").role == changed
    office.call("DeleteRole", RoleName="reader")
    assert office.refusal("GetRole", RoleName="reader")[0] == "EntityNotExist.Role"


def test_a_document_that_trusts_nobody_is_refused_and_changes_nothing(office):
    wrong = office.trusting().replace("sts:AssumeRole", "imm:GetProject")
    assert office.refusal("CreateRole", RoleName="reader", AssumeRolePolicyDocument=wrong)[0] == (
        "MalformedPolicyDocument"
    )
    office.call("CreateRole", RoleName="reader", AssumeRolePolicyDocument=office.trusting())
    code, _ = office.refusal("UpdateRole", RoleName="reader", NewAssumeRolePolicyDocument=wrong)
    assert code == "MalformedPolicyDocument"
    assert office.call("GetRole", RoleName="reader").role.assume_role_policy_document == office.trusting()


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"RoleName": "a_b"}, "InvalidParameter.RoleName.InvalidChars"),
        ({"RoleName": "a" * 65}, "InvalidParameter.RoleName.Length"),
        ({"Description": "x" * 1025}, "InvalidParameter.Description.Length"),
        ({"MaxSessionDuration": 3599}, "InvalidArgument"),
        ({"MaxSessionDuration": 43201}, "InvalidArgument"),
        ({"AssumeRolePolicyDocument": "{}"}, "MalformedPolicyDocument"),
        ({"AssumeRolePolicyDocument": ""}, "MissingAssumeRolePolicyDocument"),
        ({"Tag": '[{"Key":"team","Value":"blue"}]'}, "InvalidArgument"),
    ],
)
def test_what_a_role_cannot_be_is_said(office, parameters, code):
    given = {"RoleName": "a", "AssumeRolePolicyDocument": office.trusting(), **parameters}
    assert office.refusal("CreateRole", **given)[0] == code


def test_tags_are_refused_not_passed_over(office):
    _, message = office.refusal(
        "CreateRole", RoleName="a", AssumeRolePolicyDocument=office.trusting(), Tag=[{"Key": "team"}]
    )
    assert "Vultus keeps no tags" in message


def test_roles_are_listed_by_name_without_their_trust_policies(office):
    for name in ("c", "b", "a"):
        office.call("CreateRole", RoleName=name, AssumeRolePolicyDocument=office.trusting())
    pages = office.pages("ListRoles", MaxItems=2)
    assert [[each.role_name for each in page.roles.role] for page in pages] == [["a", "b"], ["c"]]
    assert not any(each.assume_role_policy_document for page in pages for each in page.roles.role)
