"""Memberships: who is in which group."""

from functools import partial

from msgspec import UNSET

from vultus.model.moment import to_second
from vultus.model.ram import Group, Groups, User, Users
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.paging import NameToken
from vultus.operations.ram.paging import ListRequest, ListResponse, page
from vultus.operations.resource import GROUP, USER


class MemberMarker(NameToken, frozen=True, tag="member"):
    """Where a page of members ended."""


class AddUserToGroupRequest(Request):
    user_name: str
    group_name: str


class AddUserToGroupResponse(Response):
    pass


@operation(level="create", resource=(USER, GROUP), product="ram")
def add_user_to_group(call: Call, request: AddUserToGroupRequest) -> AddUserToGroupResponse:
    """Put a user into a group, whose policies count for the user from then on."""
    call.catalog.groups.add(request.group_name, request.user_name)
    return AddUserToGroupResponse()


class RemoveUserFromGroupRequest(Request):
    user_name: str
    group_name: str


class RemoveUserFromGroupResponse(Response):
    pass


@operation(level="delete", resource=(USER, GROUP), product="ram")
def remove_user_from_group(call: Call, request: RemoveUserFromGroupRequest) -> RemoveUserFromGroupResponse:
    """Take a user out of a group."""
    call.catalog.groups.remove(request.group_name, request.user_name)
    return RemoveUserFromGroupResponse()


class ListGroupsForUserRequest(Request):
    user_name: str


class ListGroupsForUserResponse(Response):
    groups: Groups


@operation(level="list", resource=USER, product="ram")
def list_groups_for_user(call: Call, request: ListGroupsForUserRequest) -> ListGroupsForUserResponse:
    """List the groups that a user is in, by name."""
    joined = [
        Group(
            group_id=row.group.group_id,
            group_name=row.group.name,
            comments=row.group.comments,
            join_date=to_second(row.join_time),
        )
        for row in call.catalog.groups.of_user(request.user_name)
    ]
    return ListGroupsForUserResponse(groups=Groups(group=joined))


class ListUsersForGroupRequest(ListRequest):
    group_name: str


class ListUsersForGroupResponse(ListResponse):
    users: Users


@operation(level="list", resource=GROUP, product="ram")
def list_users_for_group(call: Call, request: ListUsersForGroupRequest) -> ListUsersForGroupResponse:
    """List the users in a group by name."""
    members = partial(call.catalog.groups.members, request.group_name)
    rows, following = page(request, MemberMarker, members, lambda row: row.user.name)
    users = [
        User(user_name=row.user.name, display_name=row.user.display_name, join_date=to_second(row.join_time))
        for row in rows
    ]
    return ListUsersForGroupResponse(users=Users(user=users), is_truncated=following is not UNSET, marker=following)
