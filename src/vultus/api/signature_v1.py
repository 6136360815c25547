"""Signature version 1.0 of Alibaba Cloud: HMAC-SHA1 over every parameter."""

from base64 import b64encode
from collections.abc import Mapping
from hmac import digest

from vultus.api.rpc import RpcRequest
from vultus.api.signature import Signed, canonical_query, encode, parse_time
from vultus.errors import IncompleteSignature, InvalidSignatureMethod, MissingParameter


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
        string_to_sign=string_to_sign(request.method, parameters),
        signature=_public(parameters, "Signature"),
        sign=sign,
    )


def string_to_sign(method: str, parameters: Mapping[str, str]) -> str:
    """Return what is signed: the method and all parameters but the signature itself."""
    signed = {name: value for name, value in parameters.items() if name != "Signature"}
    return f"{method}&%2F&{encode(canonical_query(signed))}"


def sign(secret: str, text: str) -> str:
    """Return the signature of a string to sign."""
    return b64encode(digest(f"{secret}&".encode(), text.encode(), "sha1")).decode()


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
