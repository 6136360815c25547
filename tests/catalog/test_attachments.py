import pytest

from vultus.catalog import attachments
from vultus.errors import EntityAlreadyExists, EntityNotExist, QuotaExceeded

KINDS = ["User", "Group", "Role"]


@pytest.fixture(autouse=True)
def everybody(catalog):
    """A user, a group, a role and a policy, all of the same name."""
    catalog.users.create("x", display_name="X", comments="user")
    catalog.groups.create("x", comments="group")
    catalog.roles.create("x", "{}", "role")
    catalog.policies.create("x", "{}", "policy")


@pytest.mark.parametrize("kind", KINDS)
def test_a_policy_is_given_and_taken(catalog, kind):
    catalog.attachments.attach("System", "AliyunIMMFullAccess", kind, "x")
    catalog.attachments.attach("Custom", "x", kind, "x")
    catalog.policies.add_version("x", "{}", default=True)
    custom, system = catalog.attachments.of(kind, "x")
    assert (custom.policy_type, custom.policy_name, custom.description, custom.default_version) == (
        ("Custom", "x", "policy", 2)
    )
    assert (system.policy_type, system.policy_name, system.description, system.default_version) == (
        ("System", "AliyunIMMFullAccess", "", 0)
    )
    catalog.attachments.detach("System", "AliyunIMMFullAccess", kind, "x")
    assert catalog.attachments.of(kind, "x") == [custom]
    for other in KINDS:
        if other != kind:
            assert catalog.attachments.of(other, "x") == []


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_has_a_policy_twice(catalog, kind):
    for policy_type, name in (("Custom", "x"), ("System", "AliyunIMMFullAccess")):
        catalog.attachments.attach(policy_type, name, kind, "x")
        with pytest.raises(EntityAlreadyExists) as refused:
            catalog.attachments.attach(policy_type, name, kind, "x")
        assert refused.value.code == f"EntityAlreadyExists.{kind}.Policy"


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_so_many_policies_of_a_type_at_most(catalog, kind, monkeypatch):
    monkeypatch.setattr(attachments, "LIMITS", {"System": 1, "Custom": 1})
    catalog.attachments.attach("System", "first", kind, "x")
    catalog.attachments.attach("Custom", "x", kind, "x")
    with pytest.raises(QuotaExceeded) as refused:
        catalog.attachments.attach("System", "second", kind, "x")
    assert refused.value.code == f"LimitExceeded.{kind}.Policy"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_unknown_is_said(catalog, kind):
    for act, arguments, code in (
        ("attach", ("Custom", "x", kind, "nobody"), f"EntityNotExist.{kind}"),
        ("attach", ("Custom", "nobody", kind, "x"), "EntityNotExist.Policy"),
        ("detach", ("Custom", "x", kind, "x"), f"EntityNotExist.{kind}.Policy"),
        ("detach", ("Custom", "x", kind, "nobody"), f"EntityNotExist.{kind}"),
        ("of", (kind, "nobody"), f"EntityNotExist.{kind}"),
    ):
        with pytest.raises(EntityNotExist) as refused:
            getattr(catalog.attachments, act)(*arguments)
        assert refused.value.code == code


def test_who_has_a_policy_is_listed_by_kind_and_name(catalog):
    catalog.users.create("a")
    for kind, name in (("User", "x"), ("User", "a"), ("Group", "x"), ("Role", "x")):
        catalog.attachments.attach("Custom", "x", kind, name)
    found = catalog.attachments.holders("Custom", "x")
    assert [(each.kind, each.name, each.display_name, each.comments, each.description) for each in found] == [
        ("Group", "x", "", "group", ""),
        ("Role", "x", "", "", "role"),
        ("User", "a", "", "", ""),
        ("User", "x", "X", "user", ""),
    ]
    assert [each.id for each in found] == [
        catalog.groups.get("x").group_id,
        catalog.roles.get("x").role_id,
        catalog.users.get("a").user_id,
        catalog.users.get("x").user_id,
    ]
    assert catalog.attachments.holders("System", "x") == []


def test_who_has_a_policy_is_counted(catalog):
    for kind in KINDS:
        catalog.attachments.attach("Custom", "x", kind, "x")
    catalog.attachments.attach("System", "x", "User", "x")
    assert catalog.attachments.counts("Custom") == {"x": 3}
    assert catalog.attachments.counts("System") == {"x": 1}


def test_a_policy_of_the_system_and_one_of_the_same_name_are_two(catalog):
    catalog.attachments.attach("System", "x", "User", "x")
    catalog.attachments.attach("Custom", "x", "User", "x")
    catalog.attachments.detach("System", "x", "User", "x")
    assert [each.policy_type for each in catalog.attachments.of("User", "x")] == ["Custom"]
