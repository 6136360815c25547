"""Signature version 1.0 of Alibaba Cloud: HMAC-SHA1 over every parameter."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from hmac import new

from vultus.api.rpc import RpcRequest
from vultus.api.signature import Signed, canonical_query, encode, parse_time
from vultus.errors import IncompleteSignature, InvalidSignatureMethod, MissingParameter

SHORT = 2**12  # characters of parameters that are encoded all at once: fastest for the many short requests
PIECE = 2**14  # characters of a longer request that are encoded at a time; they become twenty times as many at most

#: For each byte of a text, what encoding the text twice makes of it.
_ENCODED_TWICE = [encode(encode(chr(code))) if code < 128 else f"%25{code:02X}" for code in range(256)]


def read_v1(request: RpcRequest) -> Signed:
    """Read a request that is signed by its parameters.

    Only parameters count: no header is signed, so none is looked at.

    Raises:
        MissingParameter: a public parameter is absent.
        IncompleteSignature: nothing in the request is a signature.
        InvalidSignatureMethod: it is another than HMAC-SHA1, version 1.0.
        InvalidTimestamp: the time cannot be read.
    """
    parameters = request.parameters
    if not parameters.get("Signature") and not parameters.get("AccessKeyId"):
        raise IncompleteSignature(
            "The request is not signed: it has neither an Authorization header (ACS3-HMAC-SHA256)"
            " nor the parameters AccessKeyId and Signature (HMAC-SHA1)."
        )
    _check_method(parameters)
    return Signed(
        key_id=_public(parameters, "AccessKeyId"),
        action=_public(parameters, "Action"),
        version=_public(parameters, "Version"),
        time=parse_time(_public(parameters, "Timestamp")),
        nonce=_public(parameters, "SignatureNonce"),
        security_token=parameters.get("SecurityToken", ""),
        string_to_sign=partial(string_to_sign, request.method, parameters),
        signature=_public(parameters, "Signature"),
        sign=sign,
    )


def string_to_sign(method: str, parameters: Mapping[str, str]) -> Iterator[str]:
    """Yield what is signed: the method and all parameters but the signature itself.

    It comes in pieces, for it can be five times as long as the body of the request.
    """
    signed = {name: value for name, value in parameters.items() if name != "Signature"}
    if sum(map(len, signed)) + sum(map(len, signed.values())) <= SHORT:
        yield f"{method}&%2F&{encode(canonical_query(signed))}"
        return
    yield f"{method}&%2F&"
    for position, name in enumerate(sorted(signed)):
        yield "%26" if position else ""
        yield from _encode_twice(name)
        yield "%3D"
        yield from _encode_twice(signed[name])


def sign(secret: str, pieces: Iterable[str]) -> str:
    """Return the signature of a string to sign that comes in pieces."""
    mac = new(f"{secret}&".encode(), digestmod="sha1")
    for piece in pieces:
        mac.update(piece.encode())
    return b64encode(mac.digest()).decode()


def _encode_twice(text: str) -> Iterator[str]:
    for start in range(0, len(text), PIECE):
        yield "".join(map(_ENCODED_TWICE.__getitem__, text[start : start + PIECE].encode()))


def _check_method(parameters: Mapping[str, str]) -> None:
    for name, known in (("SignatureMethod", "HMAC-SHA1"), ("SignatureVersion", "1.0")):
        if _public(parameters, name) != known:
            raise InvalidSignatureMethod(f"Specified parameter {name} is not valid: only {known} is known here.")
    if parameters.get("SignatureType"):  # older clients send an empty one
        raise InvalidSignatureMethod("Specified parameter SignatureType is not valid: only access keys are known here.")


def _public(parameters: Mapping[str, str], name: str) -> str:
    value = parameters.get(name)
    if not value:
        raise MissingParameter(name)
    return value
