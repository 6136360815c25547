"""Callers by name: for whoever acts as them on this machine, and for telling what they may do."""

from vultus.catalog import Catalog
from vultus.errors import UnknownAccessKey
from vultus.ram.permissions import Permissions
from vultus.ram.principal import Principal


def user_named(catalog: Catalog, name: str, key_id: str = "") -> Principal:
    """Return a user as it would be known by a signature.

    Args:
        catalog: where users are.
        name: of the user.
        key_id: that it is to have signed with.

    Raises:
        EntityNotExist: there is no such user.
    """
    row = catalog.users.get(name)
    owner = catalog.account.get() or ""
    return Principal(owner, key_id, row.name, "User", row.user_id, Permissions(catalog).of_user(row.id))


def owner_of_key(catalog: Catalog, key_id: str) -> Principal:
    """Return who signs with a key, whether it is active or not.

    Raises:
        UnknownAccessKey: there is no such key.
    """
    row = catalog.keys.get(key_id)
    if row is None:
        raise UnknownAccessKey
    if not row.user_row:
        return Principal(catalog.account.get() or "", key_id)
    return user_named(catalog, row.user, key_id)
