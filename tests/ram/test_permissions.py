import json
import logging

import pytest

from vultus.ram.permissions import Permissions, read_policy
from vultus.ram.system_policies import SYSTEM_POLICIES


def document(*actions, effect="Allow"):
    return json.dumps({"Version": "1", "Statement": [{"Effect": effect, "Action": list(actions), "Resource": "*"}]})


@pytest.fixture
def permissions(catalog):
    return Permissions(catalog)


@pytest.fixture
def anna(catalog):
    catalog.policies.create("own", document("imm:Get*"))
    return catalog.users.create("anna")


def names(policies):
    return [(policy.kind, policy.name) for policy in policies]


def test_a_user_has_policies_of_its_own_and_of_its_groups(catalog, permissions, anna):
    assert permissions.of_user(anna.id) == ()
    catalog.groups.create("family")
    catalog.groups.add("family", "anna")
    catalog.attachments.attach("Custom", "own", "User", "anna")
    catalog.attachments.attach("System", "AliyunIMMReadOnlyAccess", "Group", "family")
    assert names(permissions.of_user(anna.id)) == [("Custom", "own"), ("System", "AliyunIMMReadOnlyAccess")]


def test_a_role_has_policies(catalog, permissions, anna):
    role = catalog.roles.create("reader", "{}")
    catalog.attachments.attach("Custom", "own", "Role", "reader")
    name, policies = permissions.of_role(role.role_id)
    assert (name, names(policies)) == ("reader", [("Custom", "own")])
    assert permissions.of_role("0" * 18) is None


def test_a_policy_is_read_once_for_as_long_as_it_says_the_same(catalog, permissions, anna):
    catalog.attachments.attach("Custom", "own", "User", "anna")
    [first] = permissions.of_user(anna.id)
    assert permissions.of_user(anna.id)[0] is first
    catalog.policies.add_version("own", document("imm:List*"), default=True)
    [second] = permissions.of_user(anna.id)
    assert second.statements[0].actions == ("imm:List*",)
    assert read_policy(document("imm:Get*"), "own") is first


def test_whoever_has_a_policy_that_cannot_be_read_may_do_nothing(catalog, permissions, anna, caplog):
    catalog.policies.create("broken", "{")
    catalog.attachments.attach("Custom", "own", "User", "anna")
    catalog.attachments.attach("Custom", "broken", "User", "anna")
    with caplog.at_level(logging.ERROR):
        assert permissions.of_user(anna.id) == ()
    assert "Whoever has the policy broken may do nothing" in caplog.text


def test_a_policy_of_the_system_that_is_not_known_here_allows_nothing(catalog, permissions, anna):
    catalog.attachments.attach("System", "OfANewerVersion", "User", "anna")
    catalog.attachments.attach("System", "AliyunIMMFullAccess", "User", "anna")
    assert permissions.of_user(anna.id) == (SYSTEM_POLICIES["AliyunIMMFullAccess"].policy,)


def test_a_policy_that_somebody_wrote_is_never_one_of_the_system(catalog, permissions, anna):
    catalog.policies.create("AdministratorAccess", document("imm:Get*"))
    catalog.attachments.attach("Custom", "AdministratorAccess", "User", "anna")
    [policy] = permissions.of_user(anna.id)
    assert (policy.kind, policy.statements[0].actions) == ("Custom", ("imm:Get*",))
