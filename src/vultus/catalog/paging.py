"""Pages of long lists. A page begins where the one before ended, so rows that come or go meanwhile shift nothing."""

from typing import Any, Literal

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Select, literal, tuple_

from vultus.errors import InvalidArgument

Order = Literal["asc", "desc"]
Range = tuple[int | None, int | None]  # first and last moment, both included; None for no bound

_LARGEST = 2**63 - 1  # that a column holds


class PageKey(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended: the value sorted by, and the row."""

    value: str | int
    id: int


def in_pages(
    query: Select[*tuple[Any, ...]],
    column: ColumnElement[Any],
    row: ColumnElement[int],
    order: Order,
    after: PageKey | None,
) -> Select[*tuple[Any, ...]]:
    """Sort a query by a column, then by row, and begin where the page before ended.

    Raises:
        InvalidArgument: ``after`` is of another sort.
    """
    if after is not None:
        if not isinstance(after.value, column.type.python_type):
            raise InvalidArgument("NextToken does not belong to this Sort.")
        value = literal(after.value) if isinstance(after.value, str) else _number(after.value)
        place = tuple_(value, _number(after.id))
        key = tuple_(column, row)
        query = query.where(key > place if order == "asc" else key < place)
    if order == "asc":
        return query.order_by(column.asc(), row.asc())
    return query.order_by(column.desc(), row.desc())


def within(column: ColumnElement[Any], bounds: Range | None) -> list[ColumnElement[bool]]:
    """Return the conditions that a moment lies within bounds."""
    first, last = bounds or (None, None)
    conditions: list[ColumnElement[bool]] = []
    if first is not None:
        conditions.append(column >= _clamp(first))
    if last is not None:
        conditions.append(column <= _clamp(last))
    return conditions


def _number(number: int) -> ColumnElement[int]:
    return literal(_clamp(number), BigInteger)


def _clamp(number: int) -> int:
    """Bring a number that a caller sent into the range of a column."""
    return max(-_LARGEST, min(number, _LARGEST))
