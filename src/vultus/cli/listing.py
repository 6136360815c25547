"""Tables: nothing in them is cut, and what comes from outside is shown as it is."""

from rich.table import Column, Table
from rich.text import Text

from vultus.cli.console import out, plain

ROOM = 72  # characters of a terminal in which a column of ids is not to break


class Listing(Table):
    """A table whose cells break where they must; no ellipsis stands for an id, a name or a reason."""

    def __init__(self, *columns: str | Column, title: str | None = None) -> None:
        heads = [Column(each) if isinstance(each, str) else each for each in columns]
        for head in heads:
            head.overflow = "fold"
        super().__init__(*heads, title=None if title is None else Text(plain(title)), header_style="bold")

    def add(self, *cells: str | Text) -> None:
        """Add a row; a string is text and no markup, whatever it looks like."""
        self.add_row(*(cell if isinstance(cell, Text) else Text(plain(cell)) for cell in cells))


class Facts(Table):
    """What is known of one thing: a row each, its name before it."""

    def __init__(self) -> None:
        super().__init__(Column(), Column(overflow="fold"), show_header=False, box=None)

    def add(self, name: str, value: str) -> None:
        """Add a row; the value is text and no markup, whatever it looks like."""
        self.add_row(Text(plain(name), "bold"), Text(plain(value)))


def whole(head: str) -> Column:
    """A column of ids, which do not break unless the terminal is very narrow."""
    return Column(head, no_wrap=out.width >= ROOM)


def stacked(*lines: str | Text) -> Text:
    """A cell of several lines, empty ones left out."""
    texts = (line if isinstance(line, Text) else Text(plain(line)) for line in lines)
    return Text("\n").join(text for text in texts if text)
