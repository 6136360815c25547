import pytest

from tests.operations.office import allowing
from vultus.errors import EntityNotExist, MissingParameter, PermissionDenied, VultusError
from vultus.ram.principal import Principal


def statuses(office, **whose):
    listed = office.call("ListAccessKeys", **whose).access_keys.access_key
    return {each.access_key_id: each.status for each in listed}


def test_keys_are_made_switched_off_and_on_and_deleted(office):
    office.call("CreateUser", UserName="alice")
    made = office.call("CreateAccessKey", UserName="alice").access_key
    assert (made.status, len(made.access_key_secret)) == ("Active", 30)
    assert made.create_date.endswith("Z")
    which = {"UserName": "alice", "UserAccessKeyId": made.access_key_id}
    office.call("UpdateAccessKey", Status="Inactive", **which)
    assert statuses(office, UserName="alice") == {made.access_key_id: "Inactive"}
    office.call("UpdateAccessKey", Status="Active", **which)
    assert statuses(office, UserName="alice") == {made.access_key_id: "Active"}
    assert office.refusal("DeleteUser", UserName="alice")[0] == "DeleteConflict.User.AccessKey"
    office.call("DeleteAccessKey", **which)
    assert statuses(office, UserName="alice") == {}


def test_a_secret_is_told_once(office):
    office.call("CreateUser", UserName="alice")
    office.call("CreateAccessKey", UserName="alice")
    [listed] = office.call("ListAccessKeys", UserName="alice").access_keys.access_key
    assert not listed.access_key_secret


def test_a_user_has_two_keys_at_most(office):
    office.call("CreateUser", UserName="alice")
    for _ in range(2):
        office.call("CreateAccessKey", UserName="alice")
    assert office.refusal("CreateAccessKey", UserName="alice")[0] == "LimitExceeded.User.AccessKey"


def test_where_no_user_is_named_the_callers_keys_are_meant(office):
    alice = office.hire("alice", allowing("ram:*AccessKey*", "acs:ram:*:*:user/alice"))
    made = office.desk.call_as(alice, "CreateAccessKey", "ram").access_key
    assert list(statuses(office, UserName="alice")) == [alice.key_id, made.access_key_id]
    root = office.call("CreateAccessKey").access_key
    assert list(statuses(office)) == [root.access_key_id]
    assert root.access_key_id not in statuses(office, UserName="alice")


def test_a_user_may_have_the_right_to_their_own_keys_alone(office):
    alice = office.hire("alice", allowing("ram:*", "acs:ram:*:*:user/alice"))
    bob = office.hire("bob")
    for action, more in (("CreateAccessKey", {}), ("DeleteAccessKey", {"UserAccessKeyId": bob.key_id})):
        with pytest.raises(PermissionDenied):
            office.desk.call_as(alice, action, "ram", UserName="bob", **more)
    with pytest.raises(EntityNotExist, match=f"{bob.key_id} does not exist"):
        office.desk.call_as(alice, "DeleteAccessKey", "ram", UserAccessKeyId=bob.key_id)
    with pytest.raises(VultusError):  # an empty name is not that of the caller
        office.desk.call_as(alice, "CreateAccessKey", "ram", UserName="")


def test_a_session_has_no_keys_of_its_own(office):
    session = Principal(
        office.owner_id, "STS.x", "reader/anna", "Role", "1:anna", office.hire("a", allowing("*")).policies
    )
    with pytest.raises(MissingParameter, match="UserName"):
        office.desk.call_as(session, "CreateAccessKey", "ram")
    assert office.desk.call_as(session, "ListAccessKeys", "ram", UserName="a").access_keys.access_key


def test_the_last_active_key_of_the_root_stays(office):
    key = office.call("CreateAccessKey").access_key.access_key_id
    assert office.refusal("UpdateAccessKey", UserAccessKeyId=key, Status="Inactive")[0] == "ResourceInUse"
    assert office.refusal("DeleteAccessKey", UserAccessKeyId=key)[0] == "ResourceInUse"
    office.call("CreateAccessKey")
    office.call("DeleteAccessKey", UserAccessKeyId=key)


def test_it_is_told_when_a_key_was_last_used(office):
    alice = office.hire("alice")
    which = {"UserName": "alice", "UserAccessKeyId": alice.key_id}
    assert office.call("GetAccessKeyLastUsed", **which).access_key_last_used.last_used_date == ""
    office.desk.catalog.keys.use(alice.key_id, 1_700_000_000_999_999_999)
    assert office.call("GetAccessKeyLastUsed", **which).access_key_last_used.last_used_date == "2023-11-14T22:13:20Z"


@pytest.mark.parametrize(
    ("action", "parameters", "code"),
    [
        ("CreateAccessKey", {"UserName": "nobody"}, "EntityNotExist.User"),
        ("ListAccessKeys", {"UserName": "nobody"}, "EntityNotExist.User"),
        ("DeleteAccessKey", {"UserAccessKeyId": "LTAInothing"}, "EntityNotExist.User.AccessKey"),
        ("GetAccessKeyLastUsed", {"UserAccessKeyId": "LTAInothing"}, "EntityNotExist.User.AccessKey"),
        ("UpdateAccessKey", {"UserAccessKeyId": "LTAInothing", "Status": "Active"}, "EntityNotExist.User.AccessKey"),
        ("UpdateAccessKey", {"UserAccessKeyId": "LTAInothing", "Status": "Off"}, "InvalidArgument"),
        ("UpdateAccessKey", {"UserAccessKeyId": "LTAInothing"}, "MissingStatus"),
        ("DeleteAccessKey", {}, "MissingUserAccessKeyId"),
    ],
)
def test_what_is_not_there_is_said(office, action, parameters, code):
    assert office.refusal(action, **parameters)[0] == code
