"""Access keys: what users sign requests with."""

from msgspec import UNSET

from vultus.catalog.users import UserRow
from vultus.errors import MissingParameter
from vultus.model.moment import to_second
from vultus.model.ram import AccessKey, AccessKeyLastUsed, AccessKeys, KeyStatus
from vultus.model.wire import Text
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.resource import USER
from vultus.ram.keys import Keys


class KeysRequest(Request):
    """Whose keys: the caller's own, where no user is named."""

    user_name: Text = UNSET


class CreateAccessKeyRequest(KeysRequest):
    pass


class CreateAccessKeyResponse(Response):
    access_key: AccessKey


@operation(level="create", resource=USER, product="ram")
def create_access_key(call: Call, request: CreateAccessKeyRequest) -> CreateAccessKeyResponse:
    """Make a key for a user, or for the caller where none is named, and tell its secret, this once.

    A user has two keys at most.
    """
    made = _keys(call, request).create()
    return CreateAccessKeyResponse(
        access_key=AccessKey(
            access_key_id=made.key_id,
            access_key_secret=made.secret,
            status="Active",
            create_date=to_second(made.create_time),
        )
    )


class UpdateAccessKeyRequest(KeysRequest):
    user_access_key_id: str
    status: KeyStatus


class UpdateAccessKeyResponse(Response):
    pass


@operation(level="update", resource=USER, product="ram")
def update_access_key(call: Call, request: UpdateAccessKeyRequest) -> UpdateAccessKeyResponse:
    """Switch a key on or off; every server heeds it within a second.

    The last active key of the account's root stays on.
    """
    keys = _keys(call, request)
    if request.status == "Active":
        keys.activate(request.user_access_key_id)
    else:
        keys.deactivate(request.user_access_key_id)
    return UpdateAccessKeyResponse()


class DeleteAccessKeyRequest(KeysRequest):
    user_access_key_id: str


class DeleteAccessKeyResponse(Response):
    pass


@operation(level="delete", resource=USER, product="ram")
def delete_access_key(call: Call, request: DeleteAccessKeyRequest) -> DeleteAccessKeyResponse:
    """Delete a key; every server heeds it within a second. The last active key of the account's root stays."""
    _keys(call, request).delete(request.user_access_key_id)
    return DeleteAccessKeyResponse()


class ListAccessKeysRequest(KeysRequest):
    pass


class ListAccessKeysResponse(Response):
    access_keys: AccessKeys


@operation(level="list", resource=USER, product="ram")
def list_access_keys(call: Call, request: ListAccessKeysRequest) -> ListAccessKeysResponse:
    """List the keys of a user, or of the caller, in the order they were made; secrets are not told again."""
    listed = [
        AccessKey(access_key_id=row.key_id, status=row.status, create_date=to_second(row.create_time))
        for row in _keys(call, request).list()
    ]
    return ListAccessKeysResponse(access_keys=AccessKeys(access_key=listed))


class GetAccessKeyLastUsedRequest(KeysRequest):
    user_access_key_id: str


class GetAccessKeyLastUsedResponse(Response):
    access_key_last_used: AccessKeyLastUsed


@operation(level="get", resource=USER, product="ram")
def get_access_key_last_used(call: Call, request: GetAccessKeyLastUsedRequest) -> GetAccessKeyLastUsedResponse:
    """Tell when a key was last used, some minutes late; it is empty for a key that never was."""
    used = _keys(call, request).get(request.user_access_key_id).last_used_time
    return GetAccessKeyLastUsedResponse(
        access_key_last_used=AccessKeyLastUsed(last_used_date="" if used is None else to_second(used))
    )


def _keys(call: Call, request: KeysRequest) -> Keys:
    """Return the keys that a request is about.

    Raises:
        EntityNotExist: there is no such user.
        MissingParameter: a session has no keys of its own, so it has to say whose are meant.
    """
    return Keys(call.catalog, call.service.cipher, _owner(call, request))


def _owner(call: Call, request: KeysRequest) -> UserRow | None:
    caller = call.principal
    if isinstance(request.user_name, str):
        return call.catalog.users.get(request.user_name)
    if caller.kind == "Role":
        raise MissingParameter("UserName")
    return call.catalog.users.by_id(caller.id) if caller.kind == "User" else None
