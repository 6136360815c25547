import pytest

from tests.operations.office import READ

HOLDERS = ["User", "Group", "Role"]


@pytest.fixture
def staff(office):
    office.call("CreateUser", UserName="anna", DisplayName="Anna")
    office.call("CreateGroup", GroupName="anna", Comments="Friends of Anna.")
    office.call("CreateRole", RoleName="anna", AssumeRolePolicyDocument=office.trusting(), Description="As Anna.")
    office.call("CreatePolicy", PolicyName="read", PolicyDocument=READ, Description="Reads.")
    return office


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize(("kind", "name"), [("Custom", "read"), ("System", "AliyunIMMFullAccess")])
def test_policies_are_attached_and_detached(staff, holder, kind, name):
    whose, policy = {f"{holder}Name": "anna"}, {"PolicyType": kind, "PolicyName": name}
    staff.call(f"AttachPolicyTo{holder}", **whose, **policy)
    [listed] = staff.call(f"ListPoliciesFor{holder}", **whose).policies.policy
    told = staff.call("GetPolicy", **policy).policy
    assert (listed.policy_type, listed.policy_name) == (kind, name)
    assert (listed.description, listed.default_version) == (told.description, told.default_version)
    assert listed.attach_date
    assert told.attachment_count == 1
    assert staff.refusal(f"AttachPolicyTo{holder}", **whose, **policy)[0] == f"EntityAlreadyExists.{holder}.Policy"
    assert staff.refusal(f"Delete{holder}", **whose)[0] == f"DeleteConflict.{holder}.Policy"
    staff.call(f"DetachPolicyFrom{holder}", **whose, **policy)
    assert staff.call(f"ListPoliciesFor{holder}", **whose).policies.policy == []
    assert staff.refusal(f"DetachPolicyFrom{holder}", **whose, **policy)[0] == f"EntityNotExist.{holder}.Policy"


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_policy_that_somebody_has_is_not_deleted(staff, holder):
    staff.call(f"AttachPolicyTo{holder}", **{f"{holder}Name": "anna"}, PolicyType="Custom", PolicyName="read")
    assert staff.refusal("DeletePolicy", PolicyName="read")[0] == f"DeleteConflict.Policy.{holder}"


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("kind", ["System", "Custom"])
def test_what_is_not_there_is_said(staff, holder, kind):
    policy = {"PolicyType": kind, "PolicyName": "nothing"}
    assert staff.refusal(f"AttachPolicyTo{holder}", **{f"{holder}Name": "anna"}, **policy)[0] == (
        "EntityNotExist.Policy"
    )
    assert staff.refusal("ListEntitiesForPolicy", **policy)[0] == "EntityNotExist.Policy"
    code, _ = staff.refusal(f"ListPoliciesFor{holder}", **{f"{holder}Name": "nobody"})
    assert code == f"EntityNotExist.{holder}"


def test_a_policy_for_a_resource_group_alone_is_refused_since_there_are_none(staff):
    code, message = staff.refusal(
        "AttachPolicyToUser", UserName="anna", PolicyType="Custom", PolicyName="read", ResourceGroupId="rg-1"
    )
    assert (code, "Vultus knows no resource groups" in message) == ("InvalidArgument", True)
    assert staff.call("ListPoliciesForUser", UserName="anna").policies.policy == []


def test_everybody_who_has_a_policy_is_listed(staff):
    for holder in HOLDERS:
        staff.call(f"AttachPolicyTo{holder}", **{f"{holder}Name": "anna"}, PolicyType="Custom", PolicyName="read")
    listed = staff.call("ListEntitiesForPolicy", PolicyType="Custom", PolicyName="read")
    [user], [group], [role] = listed.users.user, listed.groups.group, listed.roles.role
    assert (user.user_name, user.display_name, len(user.user_id)) == ("anna", "Anna", 18)
    assert (group.group_name, group.comments) == ("anna", "Friends of Anna.")
    assert (role.role_name, role.description) == ("anna", "As Anna.")
    assert role.arn == f"acs:ram::{staff.owner_id}:role/anna"
    assert all(each.attach_date for each in (user, group, role))
