import re

import pytest

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_a_user_is_made_told_of_changed_and_deleted(office):
    made = office.call("CreateUser", UserName="alice", DisplayName="Alice", Comments="She.").user
    assert (made.user_name, made.display_name, made.comments) == ("alice", "Alice", "She.")
    assert (made.email, made.mobile_phone) == ("", "")
    assert re.fullmatch(r"\d{18}", made.user_id)
    assert DATE.fullmatch(made.create_date)
    assert not made.update_date
    changed = office.call("UpdateUser", UserName="alice", NewUserName="alicia", NewComments="", NewEmail="a@b.c").user
    assert (changed.user_name, changed.display_name, changed.comments) == ("alicia", "Alice", "")
    assert (changed.user_id, changed.email) == (made.user_id, "a@b.c")
    assert office.call("GetUser", UserName="alicia").user == changed
    office.call("DeleteUser", UserName="alicia")
    assert office.refusal("GetUser", UserName="alicia")[0] == "EntityNotExist.User"


def test_names_that_differ_by_case_alone_are_the_same_but_are_found_as_written(office):
    office.call("CreateUser", UserName="alice")
    assert office.refusal("CreateUser", UserName="Alice")[0] == "EntityAlreadyExists.User"
    assert office.refusal("GetUser", UserName="Alice")[0] == "EntityNotExist.User"
    assert office.call("UpdateUser", UserName="alice", NewUserName="Alice").user.user_name == "Alice"


@pytest.mark.parametrize("name", ["root", "Root"])
def test_nobody_is_called_as_the_account_itself(office, name):
    office.call("CreateUser", UserName="alice")
    assert office.refusal("CreateUser", UserName=name)[0] == "EntityAlreadyExists.User"
    assert office.refusal("UpdateUser", UserName="alice", NewUserName=name)[0] == "EntityAlreadyExists.User"


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"UserName": "a" * 65}, "InvalidParameter.UserName.Length"),
        ({"UserName": "a b"}, "InvalidParameter.UserName.InvalidChars"),
        ({"UserName": "a/b"}, "InvalidParameter.UserName.InvalidChars"),
        ({"UserName": "a*"}, "InvalidParameter.UserName.InvalidChars"),
        ({"UserName": "é"}, "InvalidParameter.UserName.InvalidChars"),
        ({"UserName": "a\n"}, "InvalidParameter.UserName.InvalidChars"),
        ({"UserName": "a", "DisplayName": "x" * 129}, "InvalidParameter.DisplayName.Length"),
        ({"UserName": "a", "MobilePhone": "x" * 129}, "InvalidParameter.MobilePhone.Length"),
        ({"UserName": "a", "Email": "x" * 129}, "InvalidParameter.Email.Length"),
        ({"UserName": "a", "Comments": "x" * 129}, "InvalidParameter.Comments.Length"),
        ({"UserName": ""}, "MissingUserName"),
    ],
)
def test_what_a_user_cannot_be_called_is_said_by_ram_s_codes(office, parameters, code):
    told, message = office.refusal("CreateUser", **parameters)
    assert told == code
    assert message.endswith(".")


@pytest.mark.parametrize("field", ["UserName", "DisplayName", "MobilePhone", "Email", "Comments"])
def test_a_change_keeps_to_the_same_rules(office, field):
    office.call("CreateUser", UserName="alice")
    code, _ = office.refusal("UpdateUser", UserName="alice", **{f"New{field}": "x" * 129})
    assert code == f"InvalidParameter.New{field}.Length"


def test_an_empty_new_name_is_none(office):
    office.call("CreateUser", UserName="alice")
    assert office.refusal("UpdateUser", UserName="alice", NewUserName="")[0] == "InvalidParameter.NewUserName.Length"


def test_users_are_listed_by_name_page_by_page(office):
    for name in ("carla", "bob", "alice"):
        office.call("CreateUser", UserName=name)
    pages = office.pages("ListUsers", MaxItems=2)
    assert [[each.user_name for each in page.users.user] for page in pages] == [["alice", "bob"], ["carla"]]
    assert [page.is_truncated for page in pages] == [True, False]
    assert not pages[-1].marker


def test_a_list_begins_with_no_marker_and_goes_on_with_its_own_only(office):
    for name in ("a", "b"):
        office.call("CreateUser", UserName=name)
        office.call("CreateGroup", GroupName=name)
    marker = office.call("ListGroups", MaxItems=1).marker
    assert office.refusal("ListUsers", Marker=marker) == (
        "InvalidArgument",
        "Marker is not one that this list gave; leave it out to start anew.",
    )
    assert office.call("ListUsers", Marker="", MaxItems=1).is_truncated


@pytest.mark.parametrize("items", [0, 1001])
def test_a_page_holds_one_to_a_thousand(office, items):
    assert office.refusal("ListUsers", MaxItems=items)[0] == "InvalidArgument"
