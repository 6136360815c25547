"""Workbooks of Excel: SpreadsheetML (ECMA-376-1, 18)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from vultus.media.documents.cell_dates import CellDates, dated_styles
from vultus.media.documents.outline import MOST_CELLS, MOST_LETTERS, MOST_OF_ONE
from vultus.media.documents.package import Package, opened
from vultus.media.documents.paper import Paper
from vultus.media.element import End, Start
from vultus.media.unreadable import UnreadableMedia

MOST_SHEETS = 10_000  # that are counted, and read
MOST_STRINGS = 4 * MOST_LETTERS  # letters of the table of strings, which may hold what no cell shows
TRUTH = {"0": "FALSE", "1": "TRUE"}


def read_sheets(file: IO[bytes]) -> Paper:
    """Read a workbook: a title and tables for each sheet that is not hidden; its pages are all its sheets.

    Numbers are told as they are kept, dates as ISO 8601, formulas as what they came to.

    Raises:
        UnreadableMedia: it is none, broken, encrypted, or a bomb.
    """
    with opened(file) as package:
        main = package.first("", "officeDocument")
        paper = package.paper()
        listed: list[Start] = []
        since_1904 = False
        for event in package.events(main):
            if isinstance(event, Start) and event.name == "sheet" and len(listed) < MOST_SHEETS:
                listed.append(event)
            elif isinstance(event, Start) and event.name == "workbookPr":
                since_1904 = event.says("date1904") in ("1", "true")
        if not listed:
            raise UnreadableMedia("The document is broken: there are no sheets in it.")
        paper.pages = len(listed)
        strings = _strings(package, package.first(main, "sharedStrings"))
        dates = CellDates(dated_styles(package.events(package.first(main, "styles"))), since_1904)
        pointers = package.related(main)
        for sheet in listed:
            pointer = pointers.get(sheet.says("r:id"))
            if pointer is None or paper.outline.full or sheet.says("state") in ("hidden", "veryHidden"):
                continue
            paper.outline.title(sheet.says("name"))
            paper.outline.table(_rows(package, pointer.target, strings, dates))
    return paper


def _strings(package: Package, part: str) -> list[str]:
    """The table that cells take their strings from, as far as it is kept."""
    strings: list[str] = []
    words: list[str] = []
    left, writing, reading = MOST_STRINGS, False, False
    for event in package.events(part):
        if isinstance(event, str):
            if writing and not reading:
                words.append(event)
        elif event.name == "t":
            writing = isinstance(event, Start)
        elif event.name == "rPh":  # how to read the words aloud
            reading = isinstance(event, Start)
        elif event.name == "si" and isinstance(event, End):
            strings.append("".join(words)[:MOST_OF_ONE])
            words = []
            left -= len(strings[-1]) + 1
            if left < 0:
                break
    return strings


@dataclass(slots=True)
class _Cell:
    kind: str = ""
    style: str = ""
    words: list[str] = field(default_factory=list)
    writing: bool = False

    def shows(self, strings: list[str], dates: CellDates) -> str:
        value = "".join(self.words)[:MOST_OF_ONE]
        if self.kind == "s":
            place = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1
            return strings[place] if 0 <= place < len(strings) else ""
        if self.kind == "b":
            return TRUTH.get(value, value)
        return dates.shown(self.style, value) if self.kind in ("", "n") else value


def _rows(package: Package, part: str, strings: list[str], dates: CellDates) -> Iterator[list[str]]:
    row: list[str] = []
    cell = _Cell()
    for event in package.events(part):
        if isinstance(event, str):
            if cell.writing:
                cell.words.append(event)
        elif event.name in ("v", "t"):  # a value, or the text of a cell that has its own
            cell.writing = isinstance(event, Start)
        elif event.name == "c":
            if isinstance(event, Start):
                cell = _Cell(event.says("t"), event.says("s"))
            elif len(row) < MOST_CELLS:
                row.append(cell.shows(strings, dates))
        elif event.name == "row" and isinstance(event, End):
            yield row
            row = []
