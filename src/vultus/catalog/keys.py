"""Access keys: what a caller signs requests with."""

from typing import Literal

import msgspec
from sqlalchemy import bindparam, delete, insert, select, update

from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.catalog.identifier import new_key_id, new_secret
from vultus.catalog.lookup import Lookup
from vultus.errors import ResourceNotFound
from vultus.model import moment

KeyStatus = Literal["Active", "Inactive"]


class KeyRow(msgspec.Struct, frozen=True):
    """An access key. The secret is stored as it is: a signature cannot be checked without it."""

    key_id: str
    secret: str
    user: str
    status: KeyStatus
    create_time: int

    def __repr__(self) -> str:
        return f"KeyRow(key_id={self.key_id!r}, user={self.user!r}, status={self.status!r})"


_keys = schema.access_keys.c
_COLUMNS = [_keys[name] for name in KeyRow.__struct_fields__]
_BY_KEY_ID = Lookup(lambda _: select(*_COLUMNS).where(_keys.key_id == bindparam("key_id")))


class Keys:
    """The access keys of the account."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, user: str = "root") -> KeyRow:
        """Make an active key for a user."""
        key = KeyRow(new_key_id(), new_secret(), user, "Active", moment.now())
        with self._database.writing() as connection:
            connection.execute(insert(schema.access_keys), msgspec.structs.asdict(key))
        return key

    def get(self, key_id: str) -> KeyRow | None:
        """Return a key, or None when there is no such key."""
        with self._database.snapshot() as snapshot:
            return next((KeyRow(*row) for row in _BY_KEY_ID.rows(snapshot, key_id=key_id)), None)

    def list(self, user: str | None = None, *, lock: bool = False) -> list[KeyRow]:
        """Return the keys of a user, or all, in the order they were made.

        Args:
            user: whose keys.
            lock: whether nobody else may change them before the transaction that is open ends.
        """
        found = select(*_COLUMNS).order_by(_keys.id)
        if user is not None:
            found = found.where(_keys.user == user)
        if lock:
            found = found.with_for_update()
        with self._database.reading() as connection:
            return [KeyRow(*row) for row in connection.execute(found)]

    def set_status(self, key_id: str, status: KeyStatus) -> None:
        """Switch a key on or off.

        Raises:
            ResourceNotFound: there is no such key.
        """
        with self._database.writing() as connection:
            changed = update(schema.access_keys).where(_keys.key_id == key_id).values(status=status)
            if not connection.execute(changed).rowcount:
                raise ResourceNotFound("access key")

    def delete(self, key_id: str) -> None:
        """Delete a key.

        Raises:
            ResourceNotFound: there is no such key.
        """
        with self._database.writing() as connection:
            if not connection.execute(delete(schema.access_keys).where(_keys.key_id == key_id)).rowcount:
                raise ResourceNotFound("access key")
