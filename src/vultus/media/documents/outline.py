"""Outlines: the parts of a document in the order of reading, bounded, and under which title each stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal
from urllib.parse import urlsplit

from msgspec import UNSET

from vultus.media.wording import line_of, lines_of
from vultus.model.element import Element, ElementContent, ElementRelation

#: Letters of all elements of a document, addresses among them: some 200 pages. Records are kept whole, and many are
#: answered at once.
MOST_LETTERS = 500_000
MOST_ELEMENTS = 2_000
SHARING = 1_000  # elements from which on paragraphs that follow each other share one, so that long texts fit
MOST_OF_ONE = 8_000  # letters of an element; longer ones are told in several
MOST_OF_TITLE = 500  # letters
MOST_LINKS = 20  # of an element
MOST_ROWS = 1_000  # of a table that readers gather before they add it; longer ones come in several elements
MOST_CELLS = 1_000  # of a row
MOST_OF_URL = 2_000  # letters; a longer one is left out, for a part of it leads nowhere
SCHEMES = frozenset({"http", "https", "mailto"})

ElementType = Literal["title", "narrative-text", "table", "image"]
Relation = Literal["parent", "child"]


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    words: str
    url: str


@dataclass(slots=True)
class Outline:
    """What a document holds, as far as it is kept.

    Attributes:
        elements: in the order of reading.
    """

    elements: list[Element] = field(default_factory=list)
    _left: int = MOST_LETTERS
    _above: list[tuple[int, Element]] = field(default_factory=list)  # levels and titles of the sections that are open

    @property
    def full(self) -> bool:
        """Whether nothing more is kept: who fills it may stop."""
        return self._left <= 0 or len(self.elements) >= MOST_ELEMENTS

    @property
    def heading(self) -> str:
        """The first title; empty where there is none."""
        first = next((each for each in self.elements if each.element_type == "title"), None)
        return _text_of(first) if first else ""

    def title(self, text: str, level: int = 1) -> None:
        """Begin a section, and end those of its level and of deeper ones; 1 is the most general."""
        words = line_of(text, min(MOST_OF_TITLE, self._left))
        if not words or self.full:
            return
        while self._above and self._above[-1][0] >= level:
            self._above.pop()
        self._above.append((level, self._add("title", [_content(words)])))

    def paragraph(self, text: str, links: Iterable[Link] = ()) -> None:
        """Add narrative text."""
        for begin in range(0, len(text), MOST_OF_ONE):
            words = self._taken(text[begin : begin + MOST_OF_ONE])
            if words and not self._shared(words):
                found = (_leading(link) for link in links) if begin == 0 else iter(())
                kept = list(islice((link for link in found if link is not None), MOST_LINKS))
                self._add("narrative-text", [_content(words), *kept])

    def table(self, rows: Iterable[Iterable[str]]) -> None:
        """Add a table: a line for each row, tabs between its cells. A long one is told in several elements."""
        lines: list[str] = []
        size = 0
        for row in rows:
            if self.full:
                return
            line = "\t".join(line_of(cell, MOST_OF_ONE) for cell in row).rstrip()[:MOST_OF_ONE]
            if not line:
                continue
            if size + len(line) > MOST_OF_ONE:
                self._table(lines)
                lines, size = [], 0
            lines.append(line)
            size += len(line) + 1
        self._table(lines)

    def image(self, text: str = "", url: str = "") -> None:
        """Add a picture.

        Args:
            text: what the document says instead of it to those who cannot see it.
            url: where it is, if not in the document.
        """
        if not self.full:
            content = ElementContent(type="image", content=self._taken(text) or UNSET, url=_address(url) or UNSET)
            self._add("image", [content])

    def _table(self, lines: list[str]) -> None:
        words = "\n".join(lines)[: max(self._left, 0)]
        if words and not self.full:
            self._add("table", [_content(words)])

    def _taken(self, text: str) -> str:
        """As much of a text as there is room for."""
        return "" if self.full else lines_of(text, min(MOST_OF_ONE, self._left))

    def _shared(self, words: str) -> bool:
        """Add words to the paragraph before, where there are many elements, and room in it."""
        if len(self.elements) < SHARING or self.elements[-1].element_type != "narrative-text":
            return False
        before = _text_of(self.elements[-1])
        if len(before) + len(words) >= MOST_OF_ONE:
            return False
        self.elements[-1].element_contents = [_content(f"{before}\n{words}")]
        self._left -= len(words) + 1
        return True

    def _add(self, kind: ElementType, contents: list[ElementContent]) -> Element:
        element = Element(object_id=str(len(self.elements) + 1), element_type=kind, element_contents=contents)
        self._left -= sum(len(content.content or "") + len(content.url or "") for content in contents)
        if self._above:
            _, above = self._above[-1]
            _relate(element, "parent", above)
            _relate(above, "child", element)
        self.elements.append(element)
        return element


def _relate(element: Element, what: Relation, other: Element) -> None:
    """Say what another element is to one."""
    relation = ElementRelation(type=what, object_id=other.object_id)
    if element.element_relations is UNSET:
        element.element_relations = []
    element.element_relations.append(relation)


def _content(words: str) -> ElementContent:
    return ElementContent(type="text", content=words)


def _text_of(element: Element) -> str:
    contents = element.element_contents
    return "" if contents is UNSET else str(contents[0].content)


def _leading(link: Link) -> ElementContent | None:
    url = _address(link.url)
    return ElementContent(type="link", content=line_of(link.words, MOST_OF_TITLE) or UNSET, url=url) if url else None


def _address(url: str) -> str:
    """An address that leads out of the document; empty for others, such as scripts and pictures inside of it."""
    address = url.strip()
    if len(address) > MOST_OF_URL:
        return ""
    try:
        known = urlsplit(address).scheme in SCHEMES
    except ValueError:
        return ""
    return line_of(address, MOST_OF_URL) if known else ""
