"""RAM's pages: up to MaxItems rows, and a Marker that the next page starts from."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from msgspec import UNSET, Meta

from vultus.model.wire import Text
from vultus.operations.operation import Request, Response
from vultus.operations.paging import NameToken, cut, read_token

Row = TypeVar("Row")


class ListRequest(Request):
    """What every list may be asked."""

    marker: Text = UNSET
    max_items: Annotated[int, Meta(ge=1, le=1000)] = 100


class ListResponse(Response):
    """What every list tells of itself."""

    is_truncated: bool
    marker: Text = UNSET


def page(
    request: ListRequest, kind: type[NameToken], rows: Callable[[str, int], Sequence[Row]], name: Callable[[Row], str]
) -> tuple[Sequence[Row], Text]:
    """Return the rows of a page of a list by name, and the marker of the next one.

    Args:
        request: with the marker and how many rows.
        kind: of the marker; each list has one of its own.
        rows: behind a name, that many at most.
        name: of a row.

    Raises:
        InvalidArgument: the marker is none of this list.
    """
    marker = read_token(request.marker, kind, "Marker")
    found = rows(marker.name if marker else "", request.max_items + 1)
    return cut(found, request.max_items, lambda row: kind(name(row)))
