import json

import pytest

from vultus.errors import PermissionDenied
from vultus.ram.authorisation import authorise
from vultus.ram.policy import Policy
from vultus.ram.principal import Principal

OWNER = "1234567890123456"
ALBUM = f"acs:imm:local:{OWNER}:project/family/dataset/photos"


def policy(effect: str, action: str, resource: str = "*") -> Policy:
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return Policy.parse(json.dumps({"Version": "1", "Statement": [statement]}))


def anna(*policies: Policy) -> Principal:
    return Principal(OWNER, "LTAI", "anna", "User", "201234567890123456", policies)


def refusal(principal: Principal, *resources: str) -> PermissionDenied:
    with pytest.raises(PermissionDenied) as refused:
        authorise(principal, "imm:GetFigureCluster", resources or [ALBUM], {})
    return refused.value


def test_the_root_of_the_account_may_do_everything():
    authorise(Principal(OWNER), "imm:DeleteProject", [ALBUM], {})


def test_who_has_no_policy_may_do_nothing_and_is_told_so():
    refused = refusal(anna())
    assert (refused.code, refused.status) == ("NoPermission", 403)
    assert refused.message == (
        f"User not authorized to operate on the specified API: imm:GetFigureCluster on {ALBUM}; no policy allows it."
    )
    assert refused.detail is not None
    assert refused.detail.no_permission_type == "ImplicitDeny"
    assert refused.detail.policy_type == "AccountLevelIdentityBasedPolicy"


def test_the_detail_names_who_was_denied_what():
    detail = refusal(anna()).detail
    assert detail is not None
    assert detail.auth_action == "imm:GetFigureCluster"
    assert (detail.auth_principal_type, detail.auth_principal_owner_id) == ("SubUser", OWNER)
    assert detail.auth_principal_display_name == "201234567890123456"


def test_a_denial_that_is_written_is_told_from_one_that_is_not():
    refused = refusal(anna(policy("Allow", "*"), policy("Deny", "imm:Get*")))
    assert refused.detail is not None
    assert refused.detail.no_permission_type == "ExplicitDeny"
    assert refused.message.endswith("a policy denies it.")


def test_the_policy_of_a_session_is_named_when_it_is_what_denies():
    session = Principal(
        OWNER, "STS.x", "reader/laptop", "Role", "301234567890123456:laptop",
        (policy("Allow", "*"),), policy("Allow", "imm:List*"),
    )  # fmt: skip
    detail = refusal(session).detail
    assert detail is not None
    assert (detail.auth_principal_type, detail.policy_type) == ("AssumedRoleUser", "SessionPolicy")
    assert detail.auth_principal_display_name == "reader:laptop"


def test_the_action_must_be_allowed_on_every_resource():
    caller = anna(policy("Allow", "imm:*", ALBUM))
    authorise(caller, "imm:GetFigureCluster", [ALBUM], {})
    assert "project/other" in refusal(caller, ALBUM, f"acs:imm:local:{OWNER}:project/other").message


PROJECT = f"acs:imm:local:{OWNER}:project/family"


def in_session(session: Policy, *of_role: Policy) -> Principal:
    return Principal(OWNER, "STS.x", "reader/laptop", "Role", "301234567890123456:laptop", of_role, session)


@pytest.mark.parametrize("denied", [PROJECT, ALBUM])
@pytest.mark.parametrize("named", [PROJECT, ALBUM])
def test_no_session_gets_around_what_its_role_is_denied_where_a_project_covers_its_datasets(denied, named):
    caller = in_session(policy("Allow", "imm:*", named), policy("Allow", "*"), policy("Deny", "imm:*", denied))
    with pytest.raises(PermissionDenied, match="a policy denies it"):
        authorise(caller, "imm:GetFigureCluster", [ALBUM], {}, project_covers_datasets=True)


@pytest.mark.parametrize(("of_session", "of_role"), [(PROJECT, ALBUM), (ALBUM, PROJECT), (PROJECT, PROJECT)])
def test_session_and_role_may_name_the_project_or_the_dataset_where_one_covers_the_other(of_session, of_role):
    caller = in_session(policy("Allow", "imm:*", of_session), policy("Allow", "imm:*", of_role))
    authorise(caller, "imm:GetFigureCluster", [ALBUM], {}, project_covers_datasets=True)
    assert refusal(caller).code == "NoPermission"
