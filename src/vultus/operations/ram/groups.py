"""Groups: users who share policies."""

from msgspec import UNSET

from vultus.catalog.groups import GroupRow
from vultus.model.moment import to_second
from vultus.model.ram import Group, Groups
from vultus.model.wire import Unset
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.paging import NameToken
from vultus.operations.ram.paging import ListRequest, ListResponse, page
from vultus.operations.ram.rules import NAME, SHORT, Name, Short
from vultus.operations.resource import GROUP, GROUPS


class GroupMarker(NameToken, frozen=True, tag="group"):
    """Where a page of groups ended."""


class CreateGroupRequest(Request):
    group_name: Name
    comments: Short = UNSET

    def __post_init__(self) -> None:
        """Check what a type cannot say."""
        NAME.check("GroupName", self.group_name)
        SHORT.check("Comments", self.comments)


class CreateGroupResponse(Response):
    group: Group


@operation(level="create", resource=GROUPS, product="ram")
def create_group(call: Call, request: CreateGroupRequest) -> CreateGroupResponse:
    """Make a group, which nobody is in.

    Names that differ by case alone are the same.
    """
    made = group(call.catalog.groups.create(request.group_name, **request.given("group_name")))
    made.update_date = UNSET
    return CreateGroupResponse(group=made)


class GetGroupRequest(Request):
    group_name: str


class GetGroupResponse(Response):
    group: Group


@operation(level="get", resource=GROUP, product="ram")
def get_group(call: Call, request: GetGroupRequest) -> GetGroupResponse:
    """Return a group."""
    return GetGroupResponse(group=group(call.catalog.groups.get(request.group_name)))


class UpdateGroupRequest(Request):
    group_name: str
    new_group_name: Name | Unset = UNSET
    new_comments: Short = UNSET

    def __post_init__(self) -> None:
        """Check what a type cannot say."""
        NAME.check("NewGroupName", self.new_group_name)
        SHORT.check("NewComments", self.new_comments)


class UpdateGroupResponse(Response):
    group: Group


@operation(level="update", resource=GROUP, product="ram")
def update_group(call: Call, request: UpdateGroupRequest) -> UpdateGroupResponse:
    """Change what is given of a group and leave the rest; empty comments clear them.

    Members and policies stay with a group whose name changes.
    """
    fields = {"comments": request.new_comments} if isinstance(request.new_comments, str) else {}
    new_name = request.new_group_name or None
    return UpdateGroupResponse(group=group(call.catalog.groups.update(request.group_name, new_name, **fields)))


class DeleteGroupRequest(Request):
    group_name: str


class DeleteGroupResponse(Response):
    pass


@operation(level="delete", resource=GROUP, product="ram")
def delete_group(call: Call, request: DeleteGroupRequest) -> DeleteGroupResponse:
    """Delete a group that has neither members nor policies."""
    call.catalog.groups.delete(request.group_name)
    return DeleteGroupResponse()


class ListGroupsRequest(ListRequest):
    pass


class ListGroupsResponse(ListResponse):
    groups: Groups


@operation(level="list", resource=GROUPS, product="ram")
def list_groups(call: Call, request: ListGroupsRequest) -> ListGroupsResponse:
    """List the groups by name."""
    rows, following = page(request, GroupMarker, call.catalog.groups.page, lambda row: row.name)
    return ListGroupsResponse(
        groups=Groups(group=[group(row) for row in rows]), is_truncated=following is not UNSET, marker=following
    )


def group(row: GroupRow) -> Group:
    """Return a group as the API tells of it."""
    return Group(
        group_id=row.group_id,
        group_name=row.name,
        comments=row.comments,
        create_date=to_second(row.create_time),
        update_date=to_second(row.update_time),
    )
