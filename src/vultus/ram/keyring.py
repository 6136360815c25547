"""Access keys, as the API looks them up with every request."""

import re
import time
from dataclasses import dataclass

from vultus.catalog import Catalog
from vultus.ram.principal import Principal

#: Seconds for which a key is believed. A key that was switched off or deleted, by this or any other process, is
#: refused after that; asking the database each time would cost as much as the signature.
BELIEVED = 1.0

_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


@dataclass(frozen=True, slots=True)
class Key:
    """What is needed of a key to check a signature.

    Attributes:
        secret: of the key.
        active: whether it may be used.
        principal: who signs with it.
        until: of the monotonic clock, when it must be looked up anew.
    """

    secret: str
    active: bool
    principal: Principal
    until: float


class KeyRing:
    """Looks up keys; used from several threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._keys: dict[str, Key] = {}

    def find(self, key_id: str) -> Key | None:
        """Return a key, or None when there is no such key."""
        now = time.monotonic()
        key = self._keys.get(key_id)
        if key is None or key.until < now:
            key = self._look_up(key_id, now + BELIEVED)
        return key

    def _look_up(self, key_id: str, until: float) -> Key | None:
        row = self._catalog.keys.get(key_id) if _KEY_ID.fullmatch(key_id) else None
        if row is None:
            self._keys.pop(key_id, None)
            return None
        principal = Principal(self._catalog.account.get() or "", row.key_id, row.user)
        key = Key(row.secret, row.status == "Active", principal, until)
        self._keys[key_id] = key  # only keys that exist: what strangers ask for takes no room
        return key
