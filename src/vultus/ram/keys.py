"""Access keys, as their owner manages them."""

from collections.abc import Sequence

from vultus.catalog import Catalog
from vultus.catalog.keys import KeyRow
from vultus.errors import ResourceInUse, ResourceNotFound


class Keys:
    """The access keys of the account's root."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def list(self) -> list[KeyRow]:
        """Return the keys in the order they were made."""
        return self._catalog.keys.list()

    def create(self) -> KeyRow:
        """Make a key, which is active at once."""
        return self._catalog.keys.create()

    def activate(self, key_id: str) -> None:
        """Switch a key on.

        Raises:
            ResourceNotFound: there is no such key.
        """
        with self._catalog.transaction():
            self._find(key_id)
            self._catalog.keys.set_status(key_id, "Active")

    def deactivate(self, key_id: str) -> None:
        """Switch a key off. Every server refuses it within a second (``KeyRing``).

        Raises:
            ResourceNotFound: there is no such key.
            ResourceInUse: it is the last active one.
        """
        with self._catalog.transaction():
            self._keep_another(key_id)
            self._catalog.keys.set_status(key_id, "Inactive")

    def delete(self, key_id: str) -> None:
        """Delete a key. Every server refuses it within a second (``KeyRing``).

        Raises:
            ResourceNotFound: there is no such key.
            ResourceInUse: it is the last active one.
        """
        with self._catalog.transaction():
            self._keep_another(key_id)
            self._catalog.keys.delete(key_id)

    def _find(self, key_id: str) -> Sequence[KeyRow]:
        """Return all keys of root, locked, once it is clear that this one is among them."""
        keys = self._catalog.keys.list(lock=True)
        if all(key.key_id != key_id for key in keys):
            raise ResourceNotFound("access key")
        return keys

    def _keep_another(self, key_id: str) -> None:
        """See to it that the account is not locked out."""
        others = [key for key in self._find(key_id) if key.key_id != key_id]
        if all(key.status != "Active" for key in others):
            raise ResourceInUse(f"{key_id} is the last active key of the account; create or enable another one first.")
