"""Queries on the way of every request: compiled once, and run by the driver itself.

SQLAlchemy builds them; it is only left out when they run, where it would cost several times what the database does.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import ARRAY, ColumnElement, LargeBinary, Select, bindparam, func, make_url, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from vultus.catalog.database import Snapshot

_SQLITE = make_url("sqlite://").get_dialect()()
_POSTGRESQL = make_url("postgresql+psycopg://").get_dialect()()

OneOf = Callable[[ColumnElement[Any], str], ColumnElement[bool]]


class UTF8(FunctionElement[bytes]):
    """The bytes of a text, which goes out as it is: decoding and encoding it again takes longer than reading it."""

    type = LargeBinary()
    inherit_cache = True


@compiles(UTF8, "sqlite")
def _cast(element: UTF8, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS BLOB)"


@compiles(UTF8, "postgresql")
def _convert(element: UTF8, compiler: SQLCompiler, **options: Any) -> str:
    return f"convert_to({compiler.process(element.clauses, **options)}, 'UTF8')"


class Lookup:
    """A query with named parameters. A parameter may be a list: the text of the query is the same for any length.

    Attributes:
        on_sqlite: its text for SQLite.
        on_postgresql: its text for PostgreSQL.
    """

    def __init__(self, query: Callable[[OneOf], Select[*tuple[Any, ...]]]) -> None:
        """Compile a query.

        Args:
            query: makes it, given the condition that a column is one of the values of a list.
        """
        on_sqlite = query(_one_of_json).compile(dialect=_SQLITE)
        on_postgresql = query(_one_of_array).compile(dialect=_POSTGRESQL)
        self.on_sqlite, self.on_postgresql = str(on_sqlite), str(on_postgresql)
        self._order = list(on_sqlite.positiontup or [])
        self._constants = {name: value for name, value in on_postgresql.params.items() if value is not None}

    def rows(self, snapshot: Snapshot, **parameters: str | int | list[str] | list[int]) -> list[tuple[Any, ...]]:
        """Run the query and return its rows as the driver has them: on SQLite, booleans are 0 and 1."""
        given = {**self._constants, **parameters}
        if snapshot.is_sqlite:
            cursor = snapshot.driver.execute(self.on_sqlite, [_sqlite_value(given[name]) for name in self._order])
        else:
            cursor = snapshot.driver.execute(self.on_postgresql, given)
        return list(cursor.fetchall())


def _one_of_json(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column.in_(select(func.json_each(bindparam(name)).table_valued("value").c.value))


def _one_of_array(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column == func.any(bindparam(name, type_=ARRAY(column.type)))


def _sqlite_value(value: str | int | list[str] | list[int]) -> str | int:
    return msgspec.json.encode(value).decode() if isinstance(value, list) else value
