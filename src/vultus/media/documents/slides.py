"""Presentations of PowerPoint: PresentationML (ECMA-376-1, 19)."""

from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from vultus.media.documents.outline import MOST_CELLS, MOST_LINKS, MOST_OF_ONE, MOST_ROWS, Link, Outline
from vultus.media.documents.package import Package, opened
from vultus.media.documents.paper import Paper
from vultus.media.element import End, Start
from vultus.media.unreadable import UnreadableMedia
from vultus.media.xml_events import Event, without_fallbacks

MOST_SLIDES = 10_000  # that are counted, and read
TITLES = frozenset({"title", "ctrTitle"})  # what a shape may be the place for
UNSAID = frozenset({"dt", "ftr", "sldNum"})  # date, footer and number: the same on every slide


def read_slides(file: IO[bytes]) -> Paper:
    """Read a presentation; its pages are its slides.

    Raises:
        UnreadableMedia: it is none, broken, encrypted, or a bomb.
    """
    with opened(file) as package:
        main = package.first("", "officeDocument")
        paper = package.paper()
        begun = (event for event in package.events(main) if isinstance(event, Start))
        listed = list(islice((event.says("r:id") for event in begun if event.name == "sldId"), MOST_SLIDES))
        if not listed and not any(each.kind == "slideMaster" for each in package.related(main).values()):
            raise UnreadableMedia("The document is broken: there are no slides in it.")
        paper.pages = len(listed)
        pointers = package.related(main)
        for pointer in listed:
            if pointer in pointers and not paper.outline.full:
                reader = _Reader(package, pointers[pointer].target, paper.outline)
                reader.read()
                paper.language = paper.language or reader.language
    return paper


@dataclass(slots=True)
class _Reader:
    """Takes what is on a slide, in the order in which it lies there.

    Attributes:
        language: of the first text that says one.
    """

    package: Package
    part: str
    outline: Outline
    language: str = ""
    _place: str = ""
    _alternative: str = ""
    _writing: bool = False
    _words: list[str] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)
    _links: list[Link] = field(default_factory=list)
    _pending: str = ""
    _rows: list[list[str]] = field(default_factory=list)

    def read(self) -> None:
        """Read the slide."""
        for event in without_fallbacks(self.package.events(self.part)):
            self._take(event)
            if self.outline.full:
                return

    def _take(self, event: Event) -> None:
        if isinstance(event, str):
            if self._writing:
                self._words.append(event)
                if self._pending and len(self._links) < MOST_LINKS:
                    self._links.append(Link(event, self._pending))
                    self._pending = ""
        elif isinstance(event, Start):
            self._begin(event)
        else:
            self._finish(event)

    def _begin(self, event: Start) -> None:
        match event.name:
            case "sp" | "pic" | "graphicFrame":
                self._place = self._alternative = ""
            case "cNvPr":
                self._alternative = event.says("descr")
            case "ph":
                self._place = event.says("type")
            case "t":
                self._writing = True
            case "br":
                self._words.append("\n")
            case "rPr":
                self.language = self.language or event.says("lang")
                self._pending = ""
            case "hlinkClick":
                target = self.package.related(self.part).get(event.says("r:id"))
                self._pending = target.target if target else ""
            case "tr":
                if len(self._rows) >= MOST_ROWS:
                    self._table()
                self._rows.append([])
            case "tc" if self._rows and len(self._rows[-1]) < MOST_CELLS:
                self._rows[-1].append("")

    def _finish(self, event: End) -> None:
        match event.name:
            case "t":
                self._writing = False
            case "p":
                self._lines.append("".join(self._words)[:MOST_OF_ONE])
                self._words = []
            case "tc" if self._rows and self._rows[-1]:
                self._rows[-1][-1] = " ".join(self._lines)
                self._lines = []
            case "tbl":
                self._table()
            case "sp":
                self._shape()
            case "pic":
                self.outline.image(self._alternative)

    def _table(self) -> None:
        self.outline.table(self._rows)
        self._rows = []

    def _shape(self) -> None:
        if self._place in TITLES:
            self.outline.title(" ".join(self._lines))
        elif self._place not in UNSAID:
            self.outline.paragraph("\n".join(self._lines), self._links)
        self._lines, self._links = [], []
