"""Who sent a request: the key that signed it, at its time, for the first time."""

import time

from vultus.api.rpc import RpcRequest
from vultus.api.signature import Signed
from vultus.api.signature_v1 import read_v1
from vultus.api.signature_v3 import read_v3
from vultus.api.tokens import refuse_tokens
from vultus.errors import (
    ExpiredTimestamp,
    InactiveAccessKey,
    IncompleteSignature,
    InvalidSecurityToken,
    MissingSecurityToken,
    NonceUsed,
    SignatureDoesNotMatch,
    UnknownAccessKey,
)
from vultus.ram.keyring import Key, KeyRing
from vultus.ram.nonces import Nonces
from vultus.ram.principal import Principal
from vultus.ram.session_tokens import SESSION_KEY

WINDOW = 15 * 60  # seconds that the time of a request may be off ours, either way


def read_signature(request: RpcRequest) -> Signed:
    """Return what a request claims and how it proves it, by whichever signature it carries.

    Raises:
        VultusError: the signature is incomplete, or of a kind that is not known here.
    """
    if "authorization" not in request.headers:
        if "Signature" not in request.parameters:
            refuse_tokens(request)
        return read_v1(request)
    authorization = request.headers.get("authorization")
    if authorization is None:
        raise IncompleteSignature("The Authorization header is there more than once.")
    return read_v3(request, authorization)


class Authenticator:
    """Checks signatures.

    Args:
        keys: the access keys.
        nonces: those seen before.
    """

    def __init__(self, keys: KeyRing, nonces: Nonces) -> None:
        self._keys = keys
        self._nonces = nonces

    def authenticate(self, signed: Signed) -> Principal:
        """Return who signed a request.

        What costs little is looked at first, for nobody is known yet. The nonce is taken last, once the signature is
        proven: nobody else can use up a caller's nonces.

        Raises:
            ExpiredTimestamp: it was signed too long ago, or in the future.
            UnknownAccessKey, InactiveAccessKey: the key cannot be used.
            InvalidSecurityToken: it came with a token that is not of its session, or is of none.
            MissingSecurityToken, MalformedSecurityToken, ExpiredSecurityToken: it is a session's, without a token that
                is good.
            SignatureDoesNotMatch: the key's secret does not give this signature.
            NonceUsed: the request was seen before.
        """
        now = time.time()
        if abs(now - signed.time) > WINDOW:
            raise ExpiredTimestamp("Specified time stamp is more than 15 minutes from the time of this server.")
        of_session = signed.key_id.startswith(SESSION_KEY)
        key = self._session_key(signed) if of_session else self._lasting_key(signed)
        if not signed.proven(key.secret):
            raise SignatureDoesNotMatch(signed.string_to_show())
        # A request can come up to a window early and be repeated until a window late.
        if not self._nonces.claim(signed.key_id, signed.nonce, now, 2 * WINDOW):
            raise NonceUsed
        if not of_session:
            self._keys.note_use(signed.key_id)
        return key.principal

    def _lasting_key(self, signed: Signed) -> Key:
        key = self._keys.find(signed.key_id)
        if key is None:
            raise UnknownAccessKey
        if not key.active:
            raise InactiveAccessKey
        if signed.security_token:
            raise InvalidSecurityToken
        return key

    def _session_key(self, signed: Signed) -> Key:
        if not signed.security_token:
            raise MissingSecurityToken
        return self._keys.find_session(signed.key_id, signed.security_token)
