"""Answers: their bodies, in JSON or XML, and their headers."""

from dataclasses import dataclass
from uuid import uuid4

import msgspec
from msgspec import UNSET

from vultus.api.xml import encode_xml
from vultus.errors import AccessDeniedDetail, PermissionDenied, VultusError
from vultus.model.wire import Unset, Wire

#: Where the codes that IMM and its gateway share with us are explained.
RECOMMEND = "https://api.aliyun.com/troubleshoot?q={code}&product=imm"

#: Characters of a message: some repeat what the caller sent, which can be millions.
LONGEST_MESSAGE = 2**14

# The SDKs read XML only when the content type is exactly this.
_CONTENT_TYPES = {"JSON": b"application/json;charset=utf-8", "XML": b"text/xml;charset=utf-8"}

_encoder = msgspec.json.Encoder()


class ErrorBody(Wire):
    """What a caller learns of an error."""

    request_id: str
    host_id: str
    code: str
    message: str
    recommend: str
    access_denied_detail: AccessDeniedDetail | Unset = UNSET


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is ready to be sent.

    Attributes:
        status: of HTTP.
        headers: as ASGI has them.
        body: bytes of the body.
    """

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def new_request_id() -> str:
    """Return an id for a request: an upper-case UUID."""
    return str(uuid4()).upper()


def success(response: Wire, name: str, request_id: str, form: str) -> Answer:
    """Return the answer of an operation.

    Args:
        response: of the operation.
        name: of the operation, which names the root of XML.
        request_id: of the request.
        form: ``JSON`` or ``XML``.
    """
    return _answer(200, _encode(response, f"{name}Response", form), request_id, form)


def failure(error: VultusError, request_id: str, host: str, form: str) -> Answer:
    """Return the answer to a request that failed.

    Args:
        error: why.
        request_id: of the request.
        host: that the caller addressed.
        form: ``JSON`` or ``XML``.
    """
    body = ErrorBody(
        request_id=request_id,
        host_id=host,
        code=error.code,
        message=_shortened(error.message),
        recommend=RECOMMEND.format(code=error.code),
        access_denied_detail=(isinstance(error, PermissionDenied) and error.detail) or UNSET,
    )
    answer = _answer(error.status, _encode(body, "Error", form), request_id, form)
    if error.retry_after:
        answer.headers.append((b"x-acs-retry-after", b"%d" % error.retry_after))
    return answer


def _shortened(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]}..."


def _encode(body: Wire, root: str, form: str) -> bytes:
    encoded = _encoder.encode(body)
    return encoded if form == "JSON" else encode_xml(root, msgspec.json.decode(encoded))


def _answer(status: int, body: bytes, request_id: str, form: str) -> Answer:
    headers = [
        (b"content-type", _CONTENT_TYPES[form]),
        (b"content-length", b"%d" % len(body)),
        (b"x-acs-request-id", request_id.encode()),
    ]
    return Answer(status, headers, body)
