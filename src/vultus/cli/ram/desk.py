"""What the commands of ``vultus ram`` have in common: calls, lists and documents."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import typer
from rich.markup import escape
from rich.table import Column, Table

from vultus.cli.console import out
from vultus.cli.session import Session, open_session
from vultus.errors import InvalidArgument
from vultus.model.wire import Wire


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the account is administered."""

    session: Session

    def call(self, action: str, **parameters: Any) -> Any:
        """Carry out an operation of RAM; parameters that are None are left out."""
        given = {name: value for name, value in parameters.items() if value is not None}
        return self.session.call(action, "ram", **given)

    def all(self, action: str, **parameters: Any) -> Iterator[Any]:
        """The answers of a list, page by page."""
        marker = None
        while True:
            answer = self.call(action, MaxItems=1000, Marker=marker, **parameters)
            yield answer
            if not answer.is_truncated:
                return
            marker = answer.marker


@contextmanager
def desk(context: typer.Context) -> Iterator[Desk]:
    """Open the account."""
    with open_session(context.obj) as session:
        yield Desk(session)


def print_rows(rows: Sequence[Wire], columns: Sequence[str], as_json: bool) -> None:
    """Print a list: a table of some of its fields, or JSON with all of them.

    Args:
        rows: as the API tells of them.
        columns: wire names of the fields; the first is never cut.
        as_json: whether JSON is wanted.
    """
    if as_json:
        print_json(rows)
        return
    first, *others = columns
    table = Table(Column(first, no_wrap=True), *others, header_style="bold")
    for row in rows:
        fields = msgspec.to_builtins(row)
        table.add_row(*(escape(str(fields.get(name, ""))) for name in columns))
    out.print(table)


def print_fields(row: Wire) -> None:
    """Print one thing, a line for each field that says something."""
    for name, value in msgspec.to_builtins(row).items():
        if value != "":
            out.print(f"{name:<24} {value}", markup=False, highlight=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """Print one JSON document."""
    out.print_json(msgspec.json.encode(value).decode())


def read_document(file: str) -> str:
    """Return what a file holds, or standard input where it is called ``-``.

    Raises:
        InvalidArgument: it cannot be read.
    """
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    except OSError as error:
        raise InvalidArgument(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InvalidArgument(f"{file} is not UTF-8 text.") from None
