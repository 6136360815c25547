"""Users: who has keys of their own."""

from msgspec import UNSET

from vultus.catalog.keys import ROOT
from vultus.catalog.users import UserRow
from vultus.errors import EntityAlreadyExists
from vultus.model.moment import to_second
from vultus.model.ram import User, Users
from vultus.model.wire import Unset
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.paging import NameToken
from vultus.operations.ram.paging import ListRequest, ListResponse, page
from vultus.operations.ram.rules import NAME, SHORT, Name, Short
from vultus.operations.resource import USER, USERS


class UserMarker(NameToken, frozen=True, tag="user"):
    """Where a page of users ended."""


class CreateUserRequest(Request):
    user_name: Name
    display_name: Short = UNSET
    mobile_phone: Short = UNSET
    email: Short = UNSET
    comments: Short = UNSET

    def __post_init__(self) -> None:
        """Check what a type cannot say."""
        check_name("UserName", self.user_name)
        SHORT.check("DisplayName", self.display_name)
        SHORT.check("MobilePhone", self.mobile_phone)
        SHORT.check("Email", self.email)
        SHORT.check("Comments", self.comments)


class CreateUserResponse(Response):
    user: User


@operation(level="create", resource=USERS, product="ram")
def create_user(call: Call, request: CreateUserRequest) -> CreateUserResponse:
    """Make a user, who may do nothing and has no keys.

    Names that differ by case alone are the same, and `root` is the account itself.
    """
    made = user(call.catalog.users.create(request.user_name, **request.given("user_name")))
    made.update_date = UNSET
    return CreateUserResponse(user=made)


class GetUserRequest(Request):
    user_name: str


class GetUserResponse(Response):
    user: User


@operation(level="get", resource=USER, product="ram")
def get_user(call: Call, request: GetUserRequest) -> GetUserResponse:
    """Return a user."""
    return GetUserResponse(user=user(call.catalog.users.get(request.user_name)))


class UpdateUserRequest(Request):
    user_name: str
    new_user_name: Name | Unset = UNSET
    new_display_name: Short = UNSET
    new_mobile_phone: Short = UNSET
    new_email: Short = UNSET
    new_comments: Short = UNSET

    def __post_init__(self) -> None:
        """Check what a type cannot say."""
        if isinstance(self.new_user_name, str):
            check_name("NewUserName", self.new_user_name)
        SHORT.check("NewDisplayName", self.new_display_name)
        SHORT.check("NewMobilePhone", self.new_mobile_phone)
        SHORT.check("NewEmail", self.new_email)
        SHORT.check("NewComments", self.new_comments)


class UpdateUserResponse(Response):
    user: User


@operation(level="update", resource=USER, product="ram")
def update_user(call: Call, request: UpdateUserRequest) -> UpdateUserResponse:
    """Change what is given of a user and leave the rest; an empty text clears it.

    Keys, groups and policies stay with a user whose name changes.
    """
    fields = {name.removeprefix("new_"): value for name, value in request.given("user_name", "new_user_name").items()}
    new_name = request.new_user_name or None
    return UpdateUserResponse(user=user(call.catalog.users.update(request.user_name, new_name, **fields)))


class DeleteUserRequest(Request):
    user_name: str


class DeleteUserResponse(Response):
    pass


@operation(level="delete", resource=USER, product="ram")
def delete_user(call: Call, request: DeleteUserRequest) -> DeleteUserResponse:
    """Delete a user who has neither keys nor policies and is in no group."""
    call.catalog.users.delete(request.user_name)
    return DeleteUserResponse()


class ListUsersRequest(ListRequest):
    pass


class ListUsersResponse(ListResponse):
    users: Users


@operation(level="list", resource=USERS, product="ram")
def list_users(call: Call, request: ListUsersRequest) -> ListUsersResponse:
    """List the users by name."""
    rows, following = page(request, UserMarker, call.catalog.users.page, lambda row: row.name)
    return ListUsersResponse(
        users=Users(user=[user(row) for row in rows]), is_truncated=following is not UNSET, marker=following
    )


def check_name(parameter: str, name: str) -> None:
    """See to it that a user may be called so.

    Raises:
        InvalidParameter: the name is too long, or holds what it may not.
        EntityAlreadyExists: it is that of the account itself.
    """
    NAME.check(parameter, name)
    if name.lower() == ROOT:
        raise EntityAlreadyExists("User", f"{name} is the account itself; no user is called so.")


def user(row: UserRow) -> User:
    """Return a user as the API tells of it."""
    return User(
        user_id=row.user_id,
        user_name=row.name,
        display_name=row.display_name,
        mobile_phone=row.mobile_phone,
        email=row.email,
        comments=row.comments,
        create_date=to_second(row.create_time),
        update_date=to_second(row.update_time),
    )
