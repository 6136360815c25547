"""What the columns of all tables have in common.

Tables say ``sqlite_autoincrement``: an id is never given twice, so that an id held by someone else names nothing rather
than another row once its own is gone.
"""

from typing import TypeVar

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, MetaData, Text, false
from sqlalchemy.types import TypeEngine

T = TypeVar("T")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: SQLite numbers rows by itself only in a column of type INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")
#: Text in the order of its bytes, as SQLite has it, whatever the locale of PostgreSQL.
Name = Text().with_variant(Text(collation="C"), "postgresql")


def row_id() -> Column[int]:
    """The number of the row."""
    return Column("id", RowId, primary_key=True)


def parent(name: str, target: str, *, on_delete: str, nullable: bool = False) -> Column[int]:
    """The row of another table that a row belongs to."""
    return Column(name, BigInteger, ForeignKey(f"{target}.id", ondelete=on_delete), nullable=nullable)


def needed(name: str, kind: TypeEngine[T] | type[TypeEngine[T]]) -> Column[T]:
    """A column that always has a value."""
    return Column(name, kind, nullable=False)


def flag(name: str) -> Column[bool]:
    """A column that is false until it is said otherwise."""
    return Column(name, Boolean, nullable=False, server_default=false())


def times() -> list[Column[int]]:
    """When a row was made, and when it was last changed."""
    return [needed("create_time", BigInteger), needed("update_time", BigInteger)]
