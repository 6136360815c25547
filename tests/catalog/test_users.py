import pytest

from vultus.catalog import users
from vultus.errors import DeleteConflict, EntityAlreadyExists, EntityNotExist, QuotaExceeded


def test_a_user_is_made_with_what_is_said_of_them(catalog):
    made = catalog.users.create("anna.b@c-d_e", display_name="Anna", comments="a", mobile_phone="86-1", email="a@b")
    assert catalog.users.get("anna.b@c-d_e") == made
    assert (made.display_name, made.comments, made.mobile_phone, made.email) == ("Anna", "a", "86-1", "a@b")
    assert made.user_id.isdigit()
    assert len(made.user_id) == 18
    assert catalog.users.by_id(made.user_id) == made


def test_two_names_never_differ_by_case_alone_and_are_found_as_they_are_written(catalog):
    catalog.users.create("Anna")
    with pytest.raises(EntityAlreadyExists, match="user anna") as refused:
        catalog.users.create("anna")
    assert (refused.value.code, refused.value.status) == ("EntityAlreadyExists.User", 409)
    with pytest.raises(EntityNotExist, match="user anna") as refused:
        catalog.users.get("anna")
    assert (refused.value.code, refused.value.status) == ("EntityNotExist.User", 404)


def test_users_are_listed_by_name_page_by_page(catalog):
    for name in ("carl", "Zoe", "anna", "bert"):
        catalog.users.create(name)
    first = catalog.users.page(limit=3)
    assert [user.name for user in first] == ["Zoe", "anna", "bert"]
    assert [user.name for user in catalog.users.page(after=first[-1].name)] == ["carl"]


def test_a_user_is_changed_where_something_is_given(catalog):
    made = catalog.users.create("anna", display_name="Anna", email="a@b")
    changed = catalog.users.update("anna", "Anna", email="")
    assert (changed.name, changed.display_name, changed.email) == ("Anna", "Anna", "")
    assert changed.user_id == made.user_id
    assert changed.update_time > made.update_time
    with pytest.raises(EntityNotExist):
        catalog.users.get("anna")


def test_a_user_takes_nobodys_name(catalog):
    catalog.users.create("anna")
    catalog.users.create("bert")
    with pytest.raises(EntityAlreadyExists):
        catalog.users.update("bert", "ANNA")
    assert catalog.users.get("bert")


def test_a_user_who_has_something_stays(catalog):
    user = catalog.users.create("anna")
    catalog.groups.create("family")
    catalog.groups.add("family", "anna")
    catalog.keys.add("LTAIa", "sealed", user.id)
    catalog.attachments.attach("System", "AliyunIMMFullAccess", "User", "anna")
    for code, let_go in (
        ("DeleteConflict.User.Group", lambda: catalog.groups.remove("family", "anna")),
        ("DeleteConflict.User.AccessKey", lambda: catalog.keys.delete("LTAIa")),
        (
            "DeleteConflict.User.Policy",
            lambda: catalog.attachments.detach("System", "AliyunIMMFullAccess", "User", "anna"),
        ),
    ):
        with pytest.raises(DeleteConflict, match="anna still") as refused:
            catalog.users.delete("anna")
        assert (refused.value.code, refused.value.status) == (code, 409)
        let_go()
    catalog.users.delete("anna")
    assert catalog.users.page() == []


def test_a_user_made_anew_is_another_one(catalog):
    first = catalog.users.create("anna")
    catalog.users.delete("anna")
    second = catalog.users.create("anna")
    assert second.id != first.id
    assert second.user_id != first.user_id


def test_there_are_so_many_users_at_most(catalog, monkeypatch):
    monkeypatch.setattr(users, "LIMIT", 1)
    catalog.users.create("anna")
    with pytest.raises(QuotaExceeded) as refused:
        catalog.users.create("bert")
    assert (refused.value.code, refused.value.status) == ("LimitExceeded.User", 409)


@pytest.mark.parametrize("act", ["get", "update", "delete", "by_id"])
def test_an_unknown_user_is_said(catalog, act):
    with pytest.raises(EntityNotExist, match="nobody"):
        getattr(catalog.users, act)("nobody")
