"""Pages: how many rows a caller gets, and the opaque token that the next page starts from."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

import msgspec
from msgspec import UNSET, Meta

from vultus.errors import InvalidArgument
from vultus.model.wire import Text, Unset
from vultus.operations.parameters import plain

Row = TypeVar("Row")
AnyToken = TypeVar("AnyToken", bound="Token")
AnyPlace = TypeVar("AnyPlace", bound="PlaceToken")

#: 0 to 200 rows of a list; 0 stands for the default.
ListLength = Annotated[int, Meta(ge=0, le=200)] | Unset
DEFAULT_LENGTH = 100

#: A whole number that a database column holds.
Stored = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]


class Token(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Where a page ended. Subclasses carry a tag, so that the token of one list is none of another."""


class PlaceToken(Token, frozen=True):
    """Where a list that a caller sorts ended: its order, and the last row's place in it."""

    sort: str
    order: str
    value: Stored | str
    row: Stored


class RowToken(Token, frozen=True):
    """Where a list in the order of rows ended."""

    row: Stored


class NameToken(Token, frozen=True, tag="name"):
    """Where a list that is ordered by name ended."""

    name: str


def length_of(asked: int | Unset) -> int:
    """How many rows a page holds."""
    return DEFAULT_LENGTH if asked is UNSET or asked == 0 else int(asked)


def write_token(token: Token) -> str:
    """Return the text that a caller hands back; callers must not read anything into it."""
    return base64.urlsafe_b64encode(msgspec.json.encode(token)).decode().rstrip("=")


def read_token(text: Text, kind: type[AnyToken], parameter: str = "NextToken") -> AnyToken | None:
    """Return what ``write_token`` wrote; None for the first page.

    Args:
        text: of the caller.
        kind: of the token.
        parameter: that carries it.

    Raises:
        InvalidArgument: the text is no token of this list.
    """
    if text is UNSET or text == "":
        return None
    refused = InvalidArgument(f"{parameter} is not one that this list gave; leave it out to start anew.")
    try:
        padded = str(text).encode("ascii") + b"=" * (-len(str(text)) % 4)
        token = msgspec.json.decode(base64.b64decode(padded, altchars=b"-_", validate=True), type=kind)
        plain(msgspec.to_builtins(token))
    except (UnicodeError, binascii.Error, msgspec.DecodeError, RecursionError):
        raise refused from None
    if write_token(token) != text:
        raise refused
    return token


def read_place(text: Text, kind: type[AnyPlace], sort: str, order: str) -> AnyPlace | None:
    """As ``read_token``, for a list in the order that the caller asks for now.

    Raises:
        InvalidArgument: the text is no token of this list, or of another order.
    """
    token = read_token(text, kind)
    if token is not None and (token.sort, token.order) != (sort, order):
        raise InvalidArgument("NextToken was given for another Sort or Order; leave it out to start anew.")
    return token


def cut(rows: Sequence[Row], length: int, mark: Callable[[Row], Token]) -> tuple[Sequence[Row], Text]:
    """Cut what was read, one row more than asked for, to a page.

    Returns:
        the rows of the page, and the token of the next one when there are more.
    """
    if len(rows) <= length:
        return rows, UNSET
    page = rows[:length]
    return page, write_token(mark(page[-1]))
