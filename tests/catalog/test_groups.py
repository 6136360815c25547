import pytest

from vultus.catalog import groups
from vultus.errors import DeleteConflict, EntityAlreadyExists, EntityNotExist, QuotaExceeded


@pytest.fixture
def family(catalog):
    for name in ("anna", "bert", "carl"):
        catalog.users.create(name)
    return catalog.groups.create("family", comments="ours")


def test_a_group_is_made_and_changed(catalog, family):
    assert catalog.groups.get("family") == family
    assert (len(family.group_id), family.comments) == (18, "ours")
    changed = catalog.groups.update("family", "Family", comments="")
    assert (changed.group_id, changed.name, changed.comments) == (family.group_id, "Family", "")


def test_two_names_never_differ_by_case_alone(catalog, family):
    catalog.groups.create("friends")
    for act in (lambda: catalog.groups.create("FAMILY"), lambda: catalog.groups.update("friends", "Family")):
        with pytest.raises(EntityAlreadyExists) as refused:
            act()
        assert refused.value.code == "EntityAlreadyExists.Group"


def test_groups_are_listed_by_name_page_by_page(catalog):
    for name in ("c", "a", "b"):
        catalog.groups.create(name)
    assert [group.name for group in catalog.groups.page(limit=2)] == ["a", "b"]
    assert [group.name for group in catalog.groups.page(after="b")] == ["c"]


def test_members_are_listed_by_name_page_by_page(catalog, family):
    for name in ("carl", "anna", "bert"):
        catalog.groups.add("family", name)
    first = catalog.groups.members("family", limit=2)
    assert [member.user for member in first] == [catalog.users.get("anna"), catalog.users.get("bert")]
    assert first[0].join_time > family.create_time
    assert [member.user.name for member in catalog.groups.members("family", after="bert")] == ["carl"]


def test_a_user_leaves(catalog, family):
    catalog.groups.add("family", "anna")
    catalog.groups.remove("family", "anna")
    assert catalog.groups.members("family") == []
    with pytest.raises(EntityNotExist) as refused:
        catalog.groups.remove("family", "anna")
    assert refused.value.code == "EntityNotExist.User.Group"


def test_a_user_is_in_a_group_once(catalog, family):
    catalog.groups.add("family", "anna")
    with pytest.raises(EntityAlreadyExists) as refused:
        catalog.groups.add("family", "anna")
    assert refused.value.code == "EntityAlreadyExists.User.Group"


def test_a_user_is_in_so_many_groups_at_most(catalog, family):
    for number in range(groups.GROUPS_OF_A_USER):
        catalog.groups.create(f"group-{number}")
        catalog.groups.add(f"group-{number}", "anna")
    with pytest.raises(QuotaExceeded) as refused:
        catalog.groups.add("family", "anna")
    assert refused.value.code == "LimitExceeded.User.Group"
    names = [membership.group.name for membership in catalog.groups.of_user("anna")]
    assert names == [f"group-{number}" for number in range(groups.GROUPS_OF_A_USER)]


def test_a_group_that_has_something_stays(catalog, family):
    catalog.groups.add("family", "anna")
    catalog.attachments.attach("System", "AliyunIMMFullAccess", "Group", "family")
    with pytest.raises(DeleteConflict) as refused:
        catalog.groups.delete("family")
    assert refused.value.code == "DeleteConflict.Group.User"
    catalog.groups.remove("family", "anna")
    with pytest.raises(DeleteConflict) as refused:
        catalog.groups.delete("family")
    assert refused.value.code == "DeleteConflict.Group.Policy"
    catalog.attachments.detach("System", "AliyunIMMFullAccess", "Group", "family")
    catalog.groups.delete("family")
    assert catalog.groups.page() == []


def test_there_are_so_many_groups_at_most(catalog, monkeypatch):
    monkeypatch.setattr(groups, "LIMIT", 1)
    catalog.groups.create("family")
    with pytest.raises(QuotaExceeded) as refused:
        catalog.groups.create("friends")
    assert refused.value.code == "LimitExceeded.Group"


@pytest.mark.parametrize(
    ("act", "names", "code"),
    [
        ("get", ("nobody",), "EntityNotExist.Group"),
        ("update", ("nobody",), "EntityNotExist.Group"),
        ("delete", ("nobody",), "EntityNotExist.Group"),
        ("members", ("nobody",), "EntityNotExist.Group"),
        ("add", ("nobody", "anna"), "EntityNotExist.Group"),
        ("add", ("family", "nobody"), "EntityNotExist.User"),
        ("remove", ("family", "nobody"), "EntityNotExist.User"),
        ("of_user", ("nobody",), "EntityNotExist.User"),
    ],
)
def test_who_or_what_is_unknown_is_said(catalog, family, act, names, code):
    with pytest.raises(EntityNotExist, match="nobody") as refused:
        getattr(catalog.groups, act)(*names)
    assert refused.value.code == code
