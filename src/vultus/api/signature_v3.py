"""Signature version 3 of Alibaba Cloud: ACS3-HMAC-SHA256 over query, headers and body."""

import re
from collections.abc import Iterable
from functools import partial
from hashlib import sha256
from hmac import digest

from vultus.api.headers import Headers
from vultus.api.rpc import RpcRequest
from vultus.api.signature import Signed, canonical_query, is_canonical, parse_time
from vultus.errors import IncompleteSignature, InvalidSignatureMethod

ALGORITHM = "ACS3-HMAC-SHA256"

#: The headers that say what is asked for, when, and of whom. One that were not signed could be changed on the way.
MUST_BE_SIGNED = (
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
)

_AUTHORIZATION = re.compile(r"(\S+) +Credential=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([^,\s]+)")


def read_v3(request: RpcRequest, authorization: str) -> Signed:
    """Read a request that is signed by its Authorization header.

    Raises:
        IncompleteSignature: the header cannot be read, or a header that counts is absent, repeated or not signed.
        InvalidSignatureMethod: it is another algorithm.
        InvalidTimestamp: the time cannot be read.
    """
    algorithm, _, _ = authorization.partition(" ")
    if algorithm != ALGORITHM:
        raise InvalidSignatureMethod(f"The signature algorithm {algorithm} is not known here; use {ALGORITHM}.")
    parts = _AUTHORIZATION.fullmatch(authorization)
    if parts is None:
        raise IncompleteSignature(
            f"The Authorization header cannot be read; write {ALGORITHM} Credential=..,SignedHeaders=a;b,Signature=.."
        )
    _, key_id, names, signature = parts.groups()
    values = _signed_values(request.headers, names.split(";"))
    if values["x-acs-content-sha256"] != sha256(request.body).hexdigest():
        raise IncompleteSignature("The header x-acs-content-sha256 is not the SHA-256 of the body.")
    return Signed(
        key_id=key_id,
        action=values["x-acs-action"],
        version=values["x-acs-version"],
        time=parse_time(values["x-acs-date"]),
        nonce=values["x-acs-signature-nonce"],
        security_token=values.get("x-acs-security-token", ""),
        string_to_sign=partial(string_to_sign, request, values, names),
        signature=signature,
        sign=sign,
    )


def string_to_sign(request: RpcRequest, values: dict[str, str], names: str) -> tuple[str]:
    """Return what is signed, in one piece: the algorithm and the hash of the canonical request.

    Args:
        request: of it the method, the query and the body.
        values: of the signed headers, by name.
        names: of the signed headers, joined by ``;`` as the client did.
    """
    raw, query = request.raw_query, request.query
    lines = [request.method, "/", raw.decode() if is_canonical(raw, query) else canonical_query(query)]
    lines += [f"{name}:{values[name]}" for name in sorted(values)]
    lines += ["", names, values["x-acs-content-sha256"]]
    canonical_request = "\n".join(lines)
    return (f"{ALGORITHM}\n{sha256(canonical_request.encode()).hexdigest()}",)


def sign(secret: str, pieces: Iterable[str]) -> str:
    """Return the signature of a string to sign that comes in pieces."""
    return digest(secret.encode(), "".join(pieces).encode(), "sha256").hex()


def _signed_values(headers: Headers, names: Iterable[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name in names:
        value = headers.get(name)
        if value is None:
            raise IncompleteSignature(f"The header {name} is in SignedHeaders, but not once in the request.")
        values[name] = value
    for name in MUST_BE_SIGNED:
        if not values.get(name):
            raise IncompleteSignature(f"The header {name} must be there and be signed.")
    return values
