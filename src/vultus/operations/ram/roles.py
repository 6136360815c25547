"""Roles: what others may become for a while."""

from typing import Annotated

from msgspec import UNSET, Meta

from vultus.catalog.roles import SESSION_DURATION, RoleRow
from vultus.model.moment import to_second
from vultus.model.ram import Role, Roles
from vultus.model.wire import Text, Unset
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.paging import NameToken
from vultus.operations.ram.paging import ListRequest, ListResponse, page
from vultus.operations.ram.rules import LONG, ROLE_NAME, Long, NoTags, RoleName
from vultus.operations.resource import ROLE, ROLES
from vultus.ram.trust import Trust

#: Seconds that a session may last at most (RAM's own).
SessionDuration = Annotated[int, Meta(ge=3600, le=43200)]


class RoleMarker(NameToken, frozen=True, tag="role"):
    """Where a page of roles ended."""


class CreateRoleRequest(Request):
    role_name: RoleName
    assume_role_policy_document: str
    description: Long = UNSET
    max_session_duration: SessionDuration = SESSION_DURATION
    tag: NoTags = []

    def __post_init__(self) -> None:
        """Check what a type cannot say."""
        ROLE_NAME.check("RoleName", self.role_name)
        LONG.check("Description", self.description)


class CreateRoleResponse(Response):
    role: Role


@operation(level="create", resource=ROLES, product="ram")
def create_role(call: Call, request: CreateRoleRequest) -> CreateRoleResponse:
    """Make a role, which may do nothing.

    AssumeRolePolicyDocument is its trust policy: it says who may take the role on, with sts:AssumeRole.
    """
    Trust.parse(request.assume_role_policy_document)
    row = call.catalog.roles.create(
        request.role_name,
        request.assume_role_policy_document,
        request.description or "",
        request.max_session_duration,
    )
    made = role(call, row)
    made.update_date = UNSET
    return CreateRoleResponse(role=made)


class GetRoleRequest(Request):
    role_name: str


class GetRoleResponse(Response):
    role: Role


@operation(level="get", resource=ROLE, product="ram")
def get_role(call: Call, request: GetRoleRequest) -> GetRoleResponse:
    """Return a role with its trust policy."""
    return GetRoleResponse(role=role(call, call.catalog.roles.get(request.role_name)))


class UpdateRoleRequest(Request):
    role_name: str
    new_assume_role_policy_document: Text = UNSET
    new_description: Long = UNSET
    new_max_session_duration: SessionDuration | Unset = UNSET

    def __post_init__(self) -> None:
        """Check what a type cannot say."""
        LONG.check("NewDescription", self.new_description)


class UpdateRoleResponse(Response):
    role: Role


@operation(level="update", resource=ROLE, product="ram")
def update_role(call: Call, request: UpdateRoleRequest) -> UpdateRoleResponse:
    """Change what is given of a role and leave the rest; an empty description clears it.

    Sessions that have begun go on, even where the new trust policy would not let them begin.
    """
    if isinstance(request.new_assume_role_policy_document, str):
        Trust.parse(request.new_assume_role_policy_document)
    names = {"new_assume_role_policy_document": "trust_document"}
    fields = {names.get(name, name.removeprefix("new_")): value for name, value in request.given("role_name").items()}
    return UpdateRoleResponse(role=role(call, call.catalog.roles.update(request.role_name, **fields)))


class DeleteRoleRequest(Request):
    role_name: str


class DeleteRoleResponse(Response):
    pass


@operation(level="delete", resource=ROLE, product="ram")
def delete_role(call: Call, request: DeleteRoleRequest) -> DeleteRoleResponse:
    """Delete a role that has no policies. Its sessions end with it."""
    call.catalog.roles.delete(request.role_name)
    return DeleteRoleResponse()


class ListRolesRequest(ListRequest):
    tag: NoTags = []


class ListRolesResponse(ListResponse):
    roles: Roles


@operation(level="list", resource=ROLES, product="ram")
def list_roles(call: Call, request: ListRolesRequest) -> ListRolesResponse:
    """List the roles by name, without their trust policies."""
    rows, following = page(request, RoleMarker, call.catalog.roles.page, lambda row: row.name)
    listed = [role(call, row) for row in rows]
    for each in listed:
        each.assume_role_policy_document = UNSET
    return ListRolesResponse(roles=Roles(role=listed), is_truncated=following is not UNSET, marker=following)


def role(call: Call, row: RoleRow) -> Role:
    """Return a role as the API tells of it."""
    return Role(
        role_id=row.role_id,
        role_name=row.name,
        arn=role_arn(call.principal.owner_id, row.name),
        description=row.description,
        assume_role_policy_document=row.trust_document,
        max_session_duration=row.max_session_duration,
        create_date=to_second(row.create_time),
        update_date=to_second(row.update_time),
    )


def role_arn(owner_id: str, name: str) -> str:
    """Return what sts:AssumeRole calls a role."""
    return f"acs:ram::{owner_id}:role/{name}"
