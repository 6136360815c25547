"""Access keys, as the API looks them up with every request."""

import re
import time
from dataclasses import dataclass

from vultus.catalog import Catalog
from vultus.catalog.keys import KeyRow
from vultus.errors import ExpiredSecurityToken
from vultus.ram.cipher import Cipher
from vultus.ram.last_used import LastUsed
from vultus.ram.permissions import Permissions, read_session_policy
from vultus.ram.policy import Policy
from vultus.ram.principal import Principal
from vultus.ram.session_tokens import SessionTokens

#: Seconds for which a key, and what its owner may do, is believed. A key that was switched off or deleted, or a policy
#: that was taken away, by this or any other process, counts no more after that; asking the database each time would
#: cost as much as the signature.
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


@dataclass(frozen=True, slots=True)
class _Role:
    name: str
    policies: tuple[Policy, ...]
    until: float


class KeyRing:
    """Looks up keys; used from several threads.

    Args:
        catalog: keys and policies are kept in.
        cipher: decrypts the secrets of keys.
        tokens: opens those of sessions.
    """

    def __init__(self, catalog: Catalog, cipher: Cipher, tokens: SessionTokens) -> None:
        self._catalog = catalog
        self._cipher = cipher
        self._tokens = tokens
        self._permissions = Permissions(catalog)
        self._keys: dict[str, Key] = {}
        self._roles: dict[str, _Role] = {}
        self._last_used = LastUsed(catalog)
        self._owner = ""

    def find(self, key_id: str) -> Key | None:
        """Return a lasting key, or None when there is no such key.

        Raises:
            ServiceUnavailable: the database is out of reach, or its secrets are encrypted with another master key.
        """
        now = time.monotonic()
        key = self._keys.get(key_id)
        if key is None or key.until < now:
            key = self._look_up(key_id, now + BELIEVED)
        return key

    def find_session(self, key_id: str, token: str) -> Key:
        """Return the key of a session.

        Raises:
            MalformedSecurityToken: the token was not made here, or changed since.
            InvalidSecurityToken: it belongs to another key.
            ExpiredSecurityToken: the session is over, or its role is gone.
        """
        claims = self._tokens.open(token, key_id)
        now = time.monotonic()
        role = self._roles.get(claims.role_id)
        if role is None or role.until < now:
            role = self._look_up_role(claims.role_id, now + BELIEVED)
        principal = Principal(
            owner_id=self._owner_id(),
            key_id=key_id,
            user=f"{role.name}/{claims.session_name}",
            kind="Role",
            id=f"{claims.role_id}:{claims.session_name}",
            policies=role.policies,
            session_policy=read_session_policy(claims.policy) if claims.policy else None,
        )
        return Key(claims.secret, True, principal, role.until)

    def note_use(self, key_id: str) -> None:
        """Remember that a request was signed with a lasting key."""
        self._last_used.note(key_id)

    def close(self) -> None:
        """Write down when keys were last used."""
        self._last_used.close()

    def _look_up(self, key_id: str, until: float) -> Key | None:
        row = self._catalog.keys.get(key_id) if _KEY_ID.fullmatch(key_id) else None
        if row is None:
            self._keys.pop(key_id, None)
            return None
        secret = self._cipher.open(key_id, row.secret)
        key = Key(secret, row.status == "Active", self._principal(row), until)
        self._keys[key_id] = key  # only keys that exist: what strangers ask for takes no room
        return key

    def _principal(self, row: KeyRow) -> Principal:
        if row.user_row is None:
            return Principal(self._owner_id(), row.key_id)
        policies = self._permissions.of_user(row.user_row)
        return Principal(self._owner_id(), row.key_id, row.user, "User", row.user_id, policies)

    def _look_up_role(self, role_id: str, until: float) -> _Role:
        found = self._permissions.of_role(role_id)
        if found is None:
            self._roles.pop(role_id, None)
            raise ExpiredSecurityToken("The role of this session does not exist any more.")
        role = self._roles[role_id] = _Role(*found, until)
        return role

    def _owner_id(self) -> str:
        self._owner = self._owner or self._catalog.account.get() or ""
        return self._owner
