import pytest

from vultus.catalog.grants import Grant


@pytest.fixture
def anna(catalog):
    catalog.policies.create("own", "own document")
    catalog.policies.create("shared", "shared document")
    catalog.groups.create("family")
    return catalog.users.create("anna")


def test_a_user_has_its_own_policies_and_those_of_its_groups(catalog, anna):
    catalog.attachments.attach("Custom", "own", "User", "anna")
    catalog.attachments.attach("Custom", "shared", "Group", "family")
    catalog.attachments.attach("System", "AliyunIMMFullAccess", "Group", "family")
    assert catalog.grants.of_user(anna.id) == [Grant("Custom", "own", "own document")]
    catalog.groups.add("family", "anna")
    assert catalog.grants.of_user(anna.id) == [
        Grant("Custom", "own", "own document"),
        Grant("Custom", "shared", "shared document"),
        Grant("System", "AliyunIMMFullAccess", ""),
    ]


def test_a_policy_that_a_user_has_in_two_ways_counts_once(catalog, anna):
    catalog.groups.add("family", "anna")
    for kind, name in (("User", "anna"), ("Group", "family")):
        catalog.attachments.attach("Custom", "own", kind, name)
    assert catalog.grants.of_user(anna.id) == [Grant("Custom", "own", "own document")]


def test_the_default_version_counts(catalog, anna):
    catalog.attachments.attach("Custom", "own", "User", "anna")
    catalog.policies.add_version("own", "second document")
    assert catalog.grants.of_user(anna.id) == [Grant("Custom", "own", "own document")]
    catalog.policies.set_default_version("own", 2)
    assert catalog.grants.of_user(anna.id) == [Grant("Custom", "own", "second document")]


def test_a_role_has_its_own_policies_and_is_known_by_its_id(catalog, anna):
    role = catalog.roles.create("reader", "{}")
    assert catalog.grants.of_role(role.role_id) == ("reader", [])
    catalog.attachments.attach("Custom", "own", "Role", "reader")
    assert catalog.grants.of_role(role.role_id) == ("reader", [Grant("Custom", "own", "own document")])
    catalog.attachments.detach("Custom", "own", "Role", "reader")
    catalog.roles.delete("reader")
    catalog.roles.create("reader", "{}")
    assert catalog.grants.of_role(role.role_id) is None
