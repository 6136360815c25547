import pytest


@pytest.fixture
def staff(office):
    for name in ("bob", "alice", "carla"):
        office.call("CreateUser", UserName=name, DisplayName=name.capitalize())
    office.call("CreateGroup", GroupName="staff", Comments="All of us.")
    return office


def test_users_join_and_leave_groups(staff):
    for name in ("bob", "alice", "carla"):
        staff.call("AddUserToGroup", UserName=name, GroupName="staff")
    pages = staff.pages("ListUsersForGroup", GroupName="staff", MaxItems=2)
    listed = [(each.user_name, each.display_name, bool(each.join_date)) for page in pages for each in page.users.user]
    assert listed == [("alice", "Alice", True), ("bob", "Bob", True), ("carla", "Carla", True)]
    [group] = staff.call("ListGroupsForUser", UserName="bob").groups.group
    assert (group.group_name, group.comments, bool(group.join_date)) == ("staff", "All of us.", True)
    staff.call("RemoveUserFromGroup", UserName="bob", GroupName="staff")
    assert staff.call("ListGroupsForUser", UserName="bob").groups.group == []


def test_what_does_not_fit_is_said_by_ram_s_codes(staff):
    staff.call("AddUserToGroup", UserName="bob", GroupName="staff")
    codes = {
        "twice": staff.refusal("AddUserToGroup", UserName="bob", GroupName="staff")[0],
        "nobody": staff.refusal("AddUserToGroup", UserName="otto", GroupName="staff")[0],
        "nowhere": staff.refusal("AddUserToGroup", UserName="bob", GroupName="crew")[0],
        "outside": staff.refusal("RemoveUserFromGroup", UserName="alice", GroupName="staff")[0],
        "member": staff.refusal("DeleteUser", UserName="bob")[0],
        "members": staff.refusal("DeleteGroup", GroupName="staff")[0],
        "list": staff.refusal("ListUsersForGroup", GroupName="crew")[0],
    }
    assert codes == {
        "twice": "EntityAlreadyExists.User.Group",
        "nobody": "EntityNotExist.User",
        "nowhere": "EntityNotExist.Group",
        "outside": "EntityNotExist.User.Group",
        "member": "DeleteConflict.User.Group",
        "members": "DeleteConflict.Group.User",
        "list": "EntityNotExist.Group",
    }
