"""Word documents: WordprocessingML (ECMA-376-1, 17)."""

import re
from dataclasses import dataclass, field
from typing import IO

from vultus.media.documents.outline import MOST_CELLS, MOST_LINKS, MOST_OF_ONE, MOST_ROWS, Link, Outline
from vultus.media.documents.package import Package, opened
from vultus.media.documents.paper import Paper
from vultus.media.element import End, Start
from vultus.media.unreadable import UnreadableMedia
from vultus.media.xml_events import Event, without_fallbacks

HEADING = re.compile(r"heading ([1-9])")  # built-in styles have their English names in every language of Word
TITLE = "title"  # of the whole document: above all headings
OUTLINED = 9  # levels; what is on none says 9 or nothing
MOST_STYLES = 10_000
ANCESTORS = 20  # styles based on each other
WHITE = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_word(file: IO[bytes]) -> Paper:
    """Read a Word document; its pages are as many as Word counted when it was saved.

    Raises:
        UnreadableMedia: it is none, broken, encrypted, or a bomb.
    """
    with opened(file) as package:
        main = package.first("", "officeDocument")
        paper = package.paper()
        styles = _Styles.of(package, package.first(main, "styles"))
        reader = _Reader(package, main, styles.levels(), paper.outline)
        found = False
        for event in without_fallbacks(package.events(main)):
            found = found or (isinstance(event, Start) and event.name == "body")
            reader.take(event)
            if paper.outline.full:
                break
        if not found:
            raise UnreadableMedia("The document is broken: there is no text of Word's in it.")
        paper.language = paper.language or styles.language
    return paper


@dataclass(slots=True)
class _Styles:
    """Which styles are those of titles.

    Attributes:
        said: levels that styles say themselves.
        bases: the styles that others are based on.
        language: of the document, as its styles say.
    """

    said: dict[str, int] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    language: str = ""

    @classmethod
    def of(cls, package: Package, part: str) -> "_Styles":
        styles, style = cls(), ""
        for event in package.events(part):
            if not isinstance(event, Start):
                continue
            value = event.says("val")
            match event.name:
                case "style" if len(styles.bases) < MOST_STYLES:
                    style = event.says("styleId")
                    styles.bases[style] = ""
                case "name":
                    styles._name(style, value.lower())
                case "basedOn":
                    styles.bases[style] = value
                case "outlineLvl" if value.isascii() and value.isdigit() and int(value[:2]) < OUTLINED:
                    styles.said.setdefault(style, int(value[:2]) + 2)
                case "lang" if not styles.language:
                    styles.language = value
        return styles

    def levels(self) -> dict[str, int]:
        """Levels of titles by style; those that are based on one of a title are one as well."""
        found = {}
        for style in self.bases:
            ancestor = style
            for _ in range(ANCESTORS):
                if ancestor in self.said:
                    found[style] = self.said[ancestor]
                    break
                ancestor = self.bases.get(ancestor, "")
        return found

    def _name(self, style: str, name: str) -> None:
        heading = HEADING.fullmatch(name)
        if heading or name == TITLE:
            self.said[style] = int(heading[1]) + 1 if heading else 1


@dataclass(slots=True)
class _Reader:
    """Takes what is in a document, in the order of reading."""

    package: Package
    part: str
    levels: dict[str, int]
    outline: Outline
    _words: list[str] = field(default_factory=list)
    _links: list[Link] = field(default_factory=list)
    _images: list[str] = field(default_factory=list)
    _level: int = 0
    _open: int = 0  # paragraphs: a text box stands within one
    _writing: bool = False
    _tables: int = 0
    _rows: list[list[str]] = field(default_factory=list)
    _link: tuple[str, int] | None = None  # where it leads, and how many words were there before it

    def take(self, event: Event) -> None:
        """Take the next thing."""
        if isinstance(event, str):
            if self._writing:
                self._words.append(event)
        elif isinstance(event, Start):
            self._begin(event)
        else:
            self._finish(event)

    def _begin(self, event: Start) -> None:
        match event.name:
            case "p":
                if self._open:  # what is in a text box comes before the paragraph that it hangs on
                    self._paragraph()
                self._open += 1
            case "t":
                self._writing = True
            case "tab" | "br" | "cr" | "noBreakHyphen":
                self._words.append(WHITE[event.name])
            case "pStyle":
                self._level = self.levels.get(event.says("val"), 0)
            case "hyperlink":
                target = self.package.related(self.part).get(event.says("r:id"))
                self._link = (target.target if target else "", len(self._words))
            case "docPr":
                self._images.append(event.says("descr"))
            case "tbl":
                self._tables += 1
            case "tr" if self._tables == 1:
                self._rows.append([])
            case "tc" if self._tables == 1 and self._rows and len(self._rows[-1]) < MOST_CELLS:
                self._rows[-1].append("")

    def _finish(self, event: End) -> None:
        match event.name:
            case "t":
                self._writing = False
            case "hyperlink" if self._link:
                url, before = self._link
                if len(self._links) < MOST_LINKS:
                    self._links.append(Link("".join(self._words[before:]), url))
                self._link = None
            case "p":
                self._open -= 1
                self._paragraph()
            case "tbl":
                self._tables -= 1
                if not self._tables:
                    self._table()
            case "tr" if self._tables == 1 and len(self._rows) >= MOST_ROWS:
                self._table()

    def _paragraph(self) -> None:
        words = "".join(self._words)
        if self._tables and self._rows and self._rows[-1]:
            self._rows[-1][-1] = f"{self._rows[-1][-1]} {words[:MOST_OF_ONE]}".strip()[:MOST_OF_ONE]
        elif self._level and words.strip():
            self.outline.title(words, self._level)
        else:
            self.outline.paragraph(words, self._links)
        for text in self._images:
            self.outline.image(text)
        self._words, self._links, self._images, self._level, self._link = [], [], [], 0, None

    def _table(self) -> None:
        self.outline.table(self._rows)
        self._rows = []
