"""RPC requests: one path, and parameters wherever a client puts them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from vultus.api.headers import Headers
from vultus.errors import InvalidArgument, InvalidFormat, UnknownAction, UnsupportedMethod

MOST_PARAMETERS = 1000  # in the query, and in the body: the most that any operation has is under a hundred
PIECE = 2**16  # bytes of a parameter that are decoded at a time
FORMATS = {"": "JSON", "JSON": "JSON", "XML": "XML"}


@dataclass(frozen=True, slots=True)
class RpcRequest:
    """A request, not yet known to come from anybody.

    Attributes:
        method: GET or POST.
        headers: as they came.
        raw_query: the query as it came.
        query: parameters of it, decoded, in its order.
        parameters: those of the query and of the form body together.
        body: the bytes of the body.
    """

    method: str
    headers: Headers
    raw_query: bytes
    query: dict[str, str]
    parameters: dict[str, str]
    body: bytes


def parse(method: str, path: str, headers: Iterable[tuple[bytes, bytes]], query: bytes, body: bytes) -> RpcRequest:
    """Read a request.

    A body is a form whatever its Content-Type says: V1 does not sign that header, so nothing may depend on it.

    Raises:
        UnsupportedMethod: neither GET nor POST.
        UnknownAction: another path than ``/``.
        InvalidArgument: a parameter comes twice, or is no UTF-8.
    """
    if method not in ("GET", "POST"):
        raise UnsupportedMethod(f"The method {method} is not supported; use GET or POST.")
    if path not in ("/", ""):
        raise UnknownAction(path)
    in_query = _pairs(query)
    parameters = in_query
    if body:
        in_form = _pairs(body)
        for name in in_form.keys() & in_query.keys():
            raise InvalidArgument(f"The parameter {name} is both in the query and in the body.")
        parameters = in_query | in_form
    return RpcRequest(method, Headers(headers), query, in_query, parameters, body)


def answer_format(parameters: dict[str, str]) -> str:
    """Return the format that the caller wants, ``JSON`` or ``XML``.

    Raises:
        InvalidFormat: it is another.
    """
    wanted = parameters.get("Format", "")
    try:
        return FORMATS[wanted.upper()]
    except KeyError:
        raise InvalidFormat(f"Specified parameter Format is not valid: {wanted}; JSON and XML are.") from None


def _pairs(encoded: bytes) -> dict[str, str]:
    """Parameters of a query or a form: ``%XX`` is a byte, ``+`` a space, an absent ``=`` an empty value."""
    if encoded.count(b"&") >= MOST_PARAMETERS:
        raise InvalidArgument(f"The request holds more than {MOST_PARAMETERS} parameters.")
    parameters: dict[str, str] = {}
    for pair in encoded.split(b"&"):
        if not pair:
            continue
        raw_name, _, raw_value = pair.partition(b"=")
        name = _text(raw_name)
        if name in parameters:
            raise InvalidArgument(f"The parameter {name} is given twice.")
        parameters[name] = _text(raw_value)
    return parameters


def _text(encoded: bytes) -> str:
    if b"+" in encoded:
        encoded = encoded.replace(b"+", b" ")
    if b"%" in encoded:
        encoded = unquote_to_bytes(encoded) if len(encoded) <= PIECE else b"".join(_unquoted_pieces(encoded))
    try:
        return encoded.decode()
    except UnicodeDecodeError:
        raise InvalidArgument("A parameter is not UTF-8 text.") from None


def _unquoted_pieces(encoded: bytes) -> Iterator[bytes]:
    """Decode a long text piece by piece: the library needs some 250 bytes of memory for each ``%XX``."""
    start = 0
    while start < len(encoded):
        end = start + PIECE
        cut = encoded.rfind(b"%", end - 2, end)
        if cut >= 0:  # perhaps two characters of a ``%XX``, or one: they begin the next piece
            end = cut
        yield unquote_to_bytes(encoded[start:end])
        start = end
