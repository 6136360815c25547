"""Access keys: what a caller signs requests with."""

from collections.abc import Mapping
from typing import Literal

import msgspec
from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.catalog.lookup import Lookup
from vultus.errors import EntityNotExist
from vultus.model import moment

KeyStatus = Literal["Active", "Inactive"]
ROOT = "root"


class KeyRow(msgspec.Struct, frozen=True):
    """An access key.

    Attributes:
        key_id: its public half.
        secret: its other half, encrypted (``ram/cipher.py``).
        user: the name of the user; ``root`` for the keys of the root.
        user_row: row of the user; None for the keys of the root.
        user_id: 18 digits; empty for the keys of the root.
        status: whether it may be used.
        create_time: since when.
        last_used_time: when it was last used; None for never. It may be some minutes behind.
    """

    key_id: str
    secret: str
    user: str
    user_row: int | None
    user_id: str
    status: KeyStatus
    create_time: int
    last_used_time: int | None

    def __repr__(self) -> str:
        return f"KeyRow(key_id={self.key_id!r}, user={self.user!r}, status={self.status!r})"


_keys, _users = schema.access_keys.c, schema.users.c
_ROWS = select(
    _keys.key_id,
    _keys.secret,
    func.coalesce(_users.name, ROOT),
    _keys.user_id,
    func.coalesce(_users.user_id, ""),
    _keys.status,
    _keys.create_time,
    _keys.last_used_time,
).join_from(schema.access_keys, schema.users, isouter=True)
_BY_KEY_ID = Lookup(lambda _: _ROWS.where(_keys.key_id == bindparam("key_id")))


class Keys:
    """The access keys of the account."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key_id: str, secret: str, user_row: int | None = None) -> KeyRow:
        """Keep a new key, active, for a user or for the root.

        Args:
            key_id: its public half.
            secret: its other half, encrypted.
            user_row: the user; None for the root.
        """
        row = {"key_id": key_id, "secret": secret, "user_id": user_row, "status": "Active"}
        with self._database.writing() as connection:
            connection.execute(insert(schema.access_keys), {**row, "create_time": moment.now()})
            found = self.get(key_id)
        assert found is not None
        return found

    def get(self, key_id: str) -> KeyRow | None:
        """Return a key, or None when there is no such key."""
        with self._database.snapshot() as snapshot:
            return next((KeyRow(*row) for row in _BY_KEY_ID.rows(snapshot, key_id=key_id)), None)

    def list(self, user_row: int | None = None, *, lock: bool = False) -> list[KeyRow]:
        """Return the keys of a user, or of the root, in the order they were made.

        Args:
            user_row: whose keys; None for the root.
            lock: whether nobody else may change them before the transaction that is open ends.
        """
        found = _ROWS.where(_keys.user_id.is_not_distinct_from(user_row)).order_by(_keys.id)
        if lock:
            found = found.with_for_update(of=schema.access_keys)
        with self._database.reading() as connection:
            return [KeyRow(*row) for row in connection.execute(found)]

    def secrets(self, apart_from: str = "") -> dict[str, str]:
        """Return the encrypted secrets by key id, in the order the keys were made.

        Args:
            apart_from: how secrets begin that are left out; empty for none.
        """
        found = select(_keys.key_id, _keys.secret).order_by(_keys.id)
        if apart_from:
            found = found.where(func.substr(_keys.secret, 1, len(apart_from)) != apart_from)
        with self._database.reading() as connection:
            return {row.key_id: row.secret for row in connection.execute(found)}

    def replace_secrets(self, secrets: Mapping[str, str]) -> None:
        """Put other encrypted secrets, by key id, in the place of those that are kept.

        Give them in the order the keys were made, in which others lock them, too.
        """
        if secrets:
            changed = update(schema.access_keys).where(_keys.key_id == bindparam("of")).values(secret=bindparam("to"))
            with self._database.writing() as connection:
                connection.execute(changed, [{"of": key_id, "to": secret} for key_id, secret in secrets.items()])

    def use(self, key_id: str, used: int) -> None:
        """Write down when a key was used, unless a later use is; a key that is gone is passed over."""
        earlier = or_(_keys.last_used_time.is_(None), _keys.last_used_time < used)
        changed = update(schema.access_keys).where(_keys.key_id == key_id, earlier).values(last_used_time=used)
        with self._database.writing() as connection:
            connection.execute(changed)

    def set_status(self, key_id: str, status: KeyStatus) -> None:
        """Switch a key on or off.

        Raises:
            EntityNotExist: there is no such key.
        """
        with self._database.writing() as connection:
            changed = update(schema.access_keys).where(_keys.key_id == key_id).values(status=status)
            if not connection.execute(changed).rowcount:
                raise _absent(key_id)

    def delete(self, key_id: str) -> None:
        """Delete a key.

        Raises:
            EntityNotExist: there is no such key.
        """
        with self._database.writing() as connection:
            if not connection.execute(delete(schema.access_keys).where(_keys.key_id == key_id)).rowcount:
                raise _absent(key_id)


def _absent(key_id: str) -> EntityNotExist:
    return EntityNotExist("User.AccessKey", f"The access key {key_id} does not exist.")
