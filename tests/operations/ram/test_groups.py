import pytest


def test_a_group_is_made_told_of_changed_and_deleted(office):
    made = office.call("CreateGroup", GroupName="staff", Comments="All of us.").group
    assert (made.group_name, made.comments) == ("staff", "All of us.")
    assert not made.update_date
    changed = office.call("UpdateGroup", GroupName="staff", NewGroupName="crew").group
    assert (changed.group_name, changed.comments, changed.group_id) == ("crew", "All of us.", made.group_id)
    assert office.call("UpdateGroup", GroupName="crew", NewComments="").group.comments == ""
    assert office.call("GetGroup", GroupName="crew").group.group_id == made.group_id
    office.call("DeleteGroup", GroupName="crew")
    assert office.refusal("GetGroup", GroupName="crew")[0] == "EntityNotExist.Group"


def test_names_that_differ_by_case_alone_are_the_same(office):
    office.call("CreateGroup", GroupName="staff")
    assert office.refusal("CreateGroup", GroupName="Staff")[0] == "EntityAlreadyExists.Group"


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"GroupName": "a b"}, "InvalidParameter.GroupName.InvalidChars"),
        ({"GroupName": "a" * 65}, "InvalidParameter.GroupName.Length"),
        ({"GroupName": "a", "Comments": "x" * 129}, "InvalidParameter.Comments.Length"),
    ],
)
def test_what_a_group_cannot_be_called_is_said(office, parameters, code):
    assert office.refusal("CreateGroup", **parameters)[0] == code


def test_groups_are_listed_by_name_page_by_page(office):
    for name in ("c", "b", "a"):
        office.call("CreateGroup", GroupName=name)
    pages = office.pages("ListGroups", MaxItems=2)
    assert [[each.group_name for each in page.groups.group] for page in pages] == [["a", "b"], ["c"]]
