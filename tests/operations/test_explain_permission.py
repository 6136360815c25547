import json

import pytest

from vultus.errors import VultusError

READ = {"Effect": "Allow", "Action": ["imm:Get*", "imm:Query*"], "Resource": "*"}
NEVER = {"Effect": "Deny", "NotAction": "imm:Get*", "Resource": "acs:imm:*:*:project/secret*"}
HOME = {
    "Effect": "Allow",
    "Action": "imm:Create*",
    "Resource": "*",
    "Condition": {"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}},
}
FAMILY, SECRET = "acs:imm:local:1:project/family", "acs:imm:local:1:project/secret"


@pytest.fixture
def anna(desk):
    """A user with a policy of three statements; the id of a key of hers."""
    desk.catalog.account.ensure()
    user = desk.catalog.users.create("anna")
    desk.catalog.policies.create("Album", json.dumps({"Version": "1", "Statement": [READ, NEVER, HOME]}))
    desk.catalog.attachments.attach("Custom", "Album", "User", "anna")
    return desk.catalog.keys.add("LTAI5tExplained", "encrypted", user.id).key_id


def ask(desk, operation, resource, **more):
    return desk.call("ExplainPermission", "vultus", Operation=operation, Resource=resource, **more)


def test_the_statement_that_allows_is_shown(desk, anna):
    told = ask(desk, "imm:GetProject", FAMILY, UserName="anna")
    assert (told.allowed, told.reason) == (True, "Allow")
    assert (told.policy_type, told.policy_name, told.statement.number) == ("Custom", "Album", 1)
    assert told.statement.action == ["imm:Get*", "imm:Query*"]
    assert told.principal == f"acs:ram::{desk.owner}:user/anna"


def test_the_statement_that_denies_is_shown(desk, anna):
    told = ask(desk, "imm:QueryFigureClusters", SECRET, UserAccessKeyId=anna)
    assert (told.allowed, told.reason, told.statement.number) == (False, "ExplicitDeny", 2)
    assert told.statement.not_action == ["imm:Get*"]


def test_where_no_statement_applies_none_is_shown(desk, anna):
    told = ask(desk, "imm:DeleteProject", FAMILY, UserAccessKeyId=anna)
    assert (told.allowed, told.reason) == (False, "ImplicitDeny")
    assert not told.statement


def test_conditions_are_shown_and_see_what_is_asked_for(desk, anna):
    assert not ask(desk, "imm:CreateProject", FAMILY, UserName="anna").allowed
    told = ask(desk, "imm:CreateProject", FAMILY, UserName="anna", SourceIp="10.1.2.3")
    assert told.allowed
    assert told.statement.condition == {"IpAddress": {"acs:SourceIp": ["10.0.0.0/8"]}}


def test_the_root_may_do_everything(desk):
    desk.catalog.account.ensure()
    key = desk.catalog.keys.add("LTAI5tRoot", "encrypted").key_id
    told = ask(desk, "imm:DeleteProject", FAMILY, UserAccessKeyId=key)
    assert (told.allowed, told.reason, told.principal) == (True, "Root", f"acs:ram::{desk.owner}:root")


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ({"UserAccessKeyId": "LTAInone"}, "InvalidAccessKeyId.NotFound"),
        ({"UserName": "nobody"}, "EntityNotExist.User"),
        ({}, "InvalidArgument"),
        ({"UserAccessKeyId": "a", "UserName": "b"}, "InvalidArgument"),
    ],
)
def test_who_is_not_there_is_named(desk, who, code):
    with pytest.raises(VultusError) as refused:
        ask(desk, "imm:GetProject", FAMILY, **who)
    assert refused.value.code == code
