"""Access keys, as their owner manages them."""

from collections.abc import Sequence

import msgspec

from vultus.catalog import Catalog
from vultus.catalog.identifier import new_key_id, new_secret
from vultus.catalog.keys import KeyRow
from vultus.catalog.users import UserRow
from vultus.errors import EntityNotExist, QuotaExceeded, ResourceInUse
from vultus.ram.cipher import Cipher

KEYS_OF_A_USER = 2  # (RAM's own)


class NewKey(msgspec.Struct, frozen=True):
    """A key at its making, the only time that its secret is told."""

    key_id: str
    secret: str
    create_time: int

    def __repr__(self) -> str:
        return f"NewKey(key_id={self.key_id!r})"


class Keys:
    """The access keys of the account's root, or of one of its users.

    Args:
        catalog: they are kept in.
        cipher: encrypts their secrets.
        user: whose keys; None for the root.
    """

    def __init__(self, catalog: Catalog, cipher: Cipher, user: UserRow | None = None) -> None:
        self._catalog = catalog
        self._cipher = cipher
        self._user = user
        self._row = None if user is None else user.id

    def list(self) -> list[KeyRow]:
        """Return the keys in the order they were made."""
        return self._catalog.keys.list(self._row)

    def create(self) -> NewKey:
        """Make a key, which is active at once.

        Raises:
            EntityNotExist: the user is gone.
            QuotaExceeded: the user has as many as may be; the root may have any number.
        """
        key_id, secret = new_key_id(), new_secret()
        with self._catalog.transaction():
            self._catalog.account.lock()  # no other master key may take over before the secret is stored
            if self._user is not None:
                self._catalog.users.get(self._user.name, lock=True)
                if len(self.list()) >= KEYS_OF_A_USER:
                    raise QuotaExceeded(
                        "User.AccessKey",
                        f"The user {self._user.name} has {KEYS_OF_A_USER} access keys, as many as may be.",
                    )
            row = self._catalog.keys.add(key_id, self._cipher.seal(key_id, secret), self._row)
        return NewKey(key_id, secret, row.create_time)

    def get(self, key_id: str) -> KeyRow:
        """Return a key.

        Raises:
            EntityNotExist: there is no such key.
        """
        return _one(self.list(), key_id)

    def activate(self, key_id: str) -> None:
        """Switch a key on.

        Raises:
            EntityNotExist: there is no such key.
        """
        with self._catalog.transaction():
            _one(self._locked(), key_id)
            self._catalog.keys.set_status(key_id, "Active")

    def deactivate(self, key_id: str) -> None:
        """Switch a key off. Every server refuses it within a second (``KeyRing``).

        Raises:
            EntityNotExist: there is no such key.
            ResourceInUse: it is the root's last active one.
        """
        with self._catalog.transaction():
            self._keep_another(key_id)
            self._catalog.keys.set_status(key_id, "Inactive")

    def delete(self, key_id: str) -> None:
        """Delete a key. Every server refuses it within a second (``KeyRing``).

        Raises:
            EntityNotExist: there is no such key.
            ResourceInUse: it is the root's last active one.
        """
        with self._catalog.transaction():
            self._keep_another(key_id)
            self._catalog.keys.delete(key_id)

    def _locked(self) -> Sequence[KeyRow]:
        return self._catalog.keys.list(self._row, lock=True)

    def _keep_another(self, key_id: str) -> None:
        """See to it that the account is not locked out."""
        keys = self._locked()
        _one(keys, key_id)
        if self._user is None and all(key.status != "Active" for key in keys if key.key_id != key_id):
            raise ResourceInUse(f"{key_id} is the last active key of the account; create or enable another one first.")


def _one(keys: Sequence[KeyRow], key_id: str) -> KeyRow:
    """Return the key of that id among some; nobody reaches into the keys of somebody else."""
    for key in keys:
        if key.key_id == key_id:
            return key
    raise EntityNotExist("User.AccessKey", f"The access key {key_id} does not exist.")
