import pytest

from vultus.catalog import roles
from vultus.errors import DeleteConflict, EntityAlreadyExists, EntityNotExist, QuotaExceeded


def test_a_role_is_made_and_changed(catalog):
    made = catalog.roles.create("reader", "{}", "reads", 7200)
    assert catalog.roles.get("reader") == catalog.roles.by_id(made.role_id) == made
    assert (made.trust_document, made.description, made.max_session_duration) == ("{}", "reads", 7200)
    changed = catalog.roles.update("reader", trust_document='{"Version":"1"}', max_session_duration=3600)
    assert (changed.trust_document, changed.description) == ('{"Version":"1"}', "reads")
    assert (changed.role_id, changed.max_session_duration) == (made.role_id, 3600)


def test_a_session_lasts_an_hour_unless_it_is_said_otherwise(catalog):
    assert catalog.roles.create("reader", "{}").max_session_duration == 3600


def test_two_names_never_differ_by_case_alone(catalog):
    catalog.roles.create("reader", "{}")
    with pytest.raises(EntityAlreadyExists) as refused:
        catalog.roles.create("Reader", "{}")
    assert refused.value.code == "EntityAlreadyExists.Role"
    with pytest.raises(EntityNotExist):
        catalog.roles.get("Reader")


def test_roles_are_listed_by_name_page_by_page(catalog):
    for name in ("c", "a", "b"):
        catalog.roles.create(name, "{}")
    assert [role.name for role in catalog.roles.page(limit=2)] == ["a", "b"]
    assert [role.name for role in catalog.roles.page(after="b")] == ["c"]


def test_a_role_that_has_policies_stays(catalog):
    catalog.roles.create("reader", "{}")
    catalog.attachments.attach("System", "AliyunIMMReadOnlyAccess", "Role", "reader")
    with pytest.raises(DeleteConflict) as refused:
        catalog.roles.delete("reader")
    assert refused.value.code == "DeleteConflict.Role.Policy"
    catalog.attachments.detach("System", "AliyunIMMReadOnlyAccess", "Role", "reader")
    catalog.roles.delete("reader")
    assert catalog.roles.page() == []


def test_there_are_so_many_roles_at_most(catalog, monkeypatch):
    monkeypatch.setattr(roles, "LIMIT", 1)
    catalog.roles.create("reader", "{}")
    with pytest.raises(QuotaExceeded) as refused:
        catalog.roles.create("writer", "{}")
    assert refused.value.code == "LimitExceeded.Role"


@pytest.mark.parametrize("act", ["get", "update", "delete", "by_id"])
def test_an_unknown_role_is_said(catalog, act):
    with pytest.raises(EntityNotExist, match="nobody") as refused:
        getattr(catalog.roles, act)("nobody")
    assert refused.value.code == "EntityNotExist.Role"
