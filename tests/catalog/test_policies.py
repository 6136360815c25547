import pytest

from vultus.catalog import policies
from vultus.errors import DeleteConflict, EntityAlreadyExists, EntityNotExist, QuotaExceeded


@pytest.fixture
def policy(catalog):
    return catalog.policies.create("read-photos", "first", "reads")


def test_a_policy_is_made_with_a_version_that_counts(catalog, policy):
    assert catalog.policies.get("read-photos") == policy
    assert (policy.description, policy.default_version, policy.document) == ("reads", 1, "first")
    [version] = catalog.policies.versions("read-photos")
    assert (version.version, version.document, version.is_default) == (1, "first", True)


def test_two_names_never_differ_by_case_alone(catalog, policy):
    with pytest.raises(EntityAlreadyExists) as refused:
        catalog.policies.create("Read-Photos", "{}")
    assert refused.value.code == "EntityAlreadyExists.Policy"


def test_policies_are_listed_by_name_page_by_page(catalog):
    for name in ("c", "a", "b"):
        catalog.policies.create(name, name)
    assert [(each.name, each.document) for each in catalog.policies.page(limit=2)] == [("a", "a"), ("b", "b")]
    assert [each.name for each in catalog.policies.page(after="b")] == ["c"]


def test_a_new_version_counts_when_it_is_said_so(catalog, policy):
    second = catalog.policies.add_version("read-photos", "second")
    assert (second.version, second.is_default) == (2, False)
    assert catalog.policies.get("read-photos").document == "first"
    third = catalog.policies.add_version("read-photos", "third", default=True)
    assert (third.version, third.is_default) == (3, True)
    assert catalog.policies.get("read-photos").document == "third"
    assert [(each.version, each.is_default) for each in catalog.policies.versions("read-photos")] == [
        (3, True),
        (2, False),
        (1, False),
    ]


def test_an_older_version_counts_again(catalog, policy):
    catalog.policies.add_version("read-photos", "second", default=True)
    catalog.policies.set_default_version("read-photos", 1)
    found = catalog.policies.get("read-photos")
    assert (found.default_version, found.document) == (1, "first")
    assert found.update_time > policy.update_time


def test_there_are_five_versions_at_most_and_the_oldest_makes_room_where_it_is_said_so(catalog, policy):
    for number in range(2, 6):
        catalog.policies.add_version("read-photos", f"{number}")
    with pytest.raises(QuotaExceeded) as refused:
        catalog.policies.add_version("read-photos", "6")
    assert refused.value.code == "LimitExceeded.Policy.Version"
    assert catalog.policies.add_version("read-photos", "6", rotate=True).version == 6
    assert [each.version for each in catalog.policies.versions("read-photos")] == [6, 5, 4, 3, 1]


def test_a_number_is_not_given_twice(catalog, policy):
    catalog.policies.add_version("read-photos", "second")
    catalog.policies.delete_version("read-photos", 2)
    assert catalog.policies.add_version("read-photos", "third").version == 3


def test_the_version_that_counts_stays(catalog, policy):
    with pytest.raises(DeleteConflict) as refused:
        catalog.policies.delete_version("read-photos", 1)
    assert refused.value.code == "DeleteConflict.Policy.Version.Default"


def test_a_policy_is_described_anew(catalog, policy):
    assert catalog.policies.describe("read-photos", "").description == ""


@pytest.mark.parametrize("kind", ["User", "Group", "Role"])
def test_a_policy_that_somebody_has_stays(catalog, policy, kind):
    catalog.users.create("x")
    catalog.groups.create("x")
    catalog.roles.create("x", "{}")
    catalog.attachments.attach("Custom", "read-photos", kind, "x")
    with pytest.raises(DeleteConflict) as refused:
        catalog.policies.delete("read-photos")
    assert refused.value.code == f"DeleteConflict.Policy.{kind}"
    catalog.attachments.detach("Custom", "read-photos", kind, "x")
    catalog.policies.delete("read-photos")
    assert catalog.policies.page() == []


def test_versions_go_with_their_policy_only_when_it_is_said_so(catalog, policy):
    catalog.policies.add_version("read-photos", "second")
    with pytest.raises(DeleteConflict) as refused:
        catalog.policies.delete("read-photos")
    assert refused.value.code == "DeleteConflict.Policy.Version"
    catalog.policies.delete("read-photos", with_versions=True)
    assert catalog.policies.page() == []


def test_there_are_so_many_policies_at_most(catalog, policy, monkeypatch):
    monkeypatch.setattr(policies, "LIMIT", 1)
    with pytest.raises(QuotaExceeded) as refused:
        catalog.policies.create("another", "{}")
    assert refused.value.code == "LimitExceeded.Policy"


@pytest.mark.parametrize(
    ("act", "arguments", "code"),
    [
        ("get", ("nobody",), "EntityNotExist.Policy"),
        ("delete", ("nobody",), "EntityNotExist.Policy"),
        ("describe", ("nobody", ""), "EntityNotExist.Policy"),
        ("versions", ("nobody",), "EntityNotExist.Policy"),
        ("add_version", ("nobody", "{}"), "EntityNotExist.Policy"),
        ("version", ("read-photos", 9), "EntityNotExist.Policy.Version"),
        ("set_default_version", ("read-photos", 9), "EntityNotExist.Policy.Version"),
        ("delete_version", ("read-photos", 9), "EntityNotExist.Policy.Version"),
    ],
)
def test_what_is_unknown_is_said(catalog, policy, act, arguments, code):
    with pytest.raises(EntityNotExist) as refused:
        getattr(catalog.policies, act)(*arguments)
    assert refused.value.code == code
