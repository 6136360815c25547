"""Tokens of sessions: a role taken on for a while, and all that has to be known of it, encrypted.

Nothing of a session is stored. Whoever has the master key can open its token, on every machine; when the master key
that made it is gone, the session has ended.
"""

import base64
import binascii
import secrets

import msgspec
from cryptography.exceptions import InvalidTag

from vultus.catalog.identifier import new_session_key_id, new_session_secret
from vultus.catalog.roles import RoleRow
from vultus.errors import ExpiredSecurityToken, InvalidSecurityToken, MalformedSecurityToken
from vultus.model import moment
from vultus.ram.master_keys import FINGERPRINT, MasterKeys

SESSION_KEY = "STS."  # how the ids of sessions' keys begin
LONGEST = 8192  # characters of a token; ours stay well below

_VERSION = b"\x01"
_NONCE = 12  # bytes
_HEAD = len(_VERSION) + FINGERPRINT
_BOUND_TO = b"vultus session token"


class SessionClaims(msgspec.Struct, frozen=True, array_like=True):
    """What a token says.

    Attributes:
        key_id: of the key that it belongs to.
        secret: of that key.
        role_id: 18 digits: a role that is deleted and made anew under its name is another one.
        session_name: given by who took the role on.
        policy: what the session may do of what the role may, a policy document; empty for all of it.
        assumed_by: ARN of who took the role on.
        expires: the moment of the end.
    """

    key_id: str
    secret: str
    role_id: str
    session_name: str
    policy: str
    assumed_by: str
    expires: int

    def __repr__(self) -> str:
        return f"SessionClaims(key_id={self.key_id!r}, role_id={self.role_id!r}, session_name={self.session_name!r})"


class Session(msgspec.Struct, frozen=True):
    """A session at its beginning, the only time that its secret is told.

    Attributes:
        role: which was taken on.
        claims: what is to be known of it.
        token: to be sent with every request, beside the signature.
    """

    role: RoleRow
    claims: SessionClaims
    token: str

    def __repr__(self) -> str:
        return f"Session({self.claims!r})"


_decoder = msgspec.msgpack.Decoder(SessionClaims)


class SessionTokens:
    """Makes and opens tokens; used from several threads.

    Args:
        keys: the master keys.
    """

    def __init__(self, keys: MasterKeys) -> None:
        self._keys = keys

    def issue(self, role: RoleRow, session_name: str, seconds: int, policy: str = "", assumed_by: str = "") -> Session:
        """Begin a session.

        Args:
            role: what is taken on.
            session_name: how the session is called.
            seconds: that it lasts.
            policy: what it may do of what the role may, a policy document; empty for all of it.
            assumed_by: ARN of who takes the role on.

        Raises:
            ConfigError: there is no master key, or it cannot be used.
        """
        claims = SessionClaims(
            key_id=new_session_key_id(),
            secret=new_session_secret(),
            role_id=role.role_id,
            session_name=session_name,
            policy=policy,
            assumed_by=assumed_by,
            expires=moment.now() + seconds * moment.SECOND,
        )
        key, nonce = self._keys.first(), secrets.token_bytes(_NONCE)
        head = _VERSION + key.fingerprint
        sealed = key.tokens.encrypt(nonce, msgspec.msgpack.encode(claims), _BOUND_TO + head)
        return Session(role, claims, base64.b64encode(head + nonce + sealed).decode())

    def open(self, token: str, key_id: str) -> SessionClaims:
        """Return what a token says.

        Args:
            token: as a request carries it.
            key_id: that the request says it is signed with.

        Raises:
            MalformedSecurityToken: it was not made here, or changed since, or the master key that made it is gone.
            InvalidSecurityToken: it belongs to another key.
            ExpiredSecurityToken: the session is over.
            ConfigError: the file with the master key cannot be used.
        """
        claims = self._decrypt(token)
        if claims.key_id != key_id:
            raise InvalidSecurityToken
        if claims.expires <= moment.now():
            raise ExpiredSecurityToken("Specified SecurityToken is expired.")
        return claims

    def _decrypt(self, token: str) -> SessionClaims:
        try:
            content = base64.b64decode(token, validate=True) if len(token) <= LONGEST else b""
            head, nonce, sealed = content[:_HEAD], content[_HEAD : _HEAD + _NONCE], content[_HEAD + _NONCE :]
            key = self._keys.find(head[len(_VERSION) :]) if head[: len(_VERSION)] == _VERSION else None
            if key is None:
                raise MalformedSecurityToken
            return _decoder.decode(key.tokens.decrypt(nonce, sealed, _BOUND_TO + head))
        except (binascii.Error, ValueError, InvalidTag):
            raise MalformedSecurityToken from None
