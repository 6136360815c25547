"""Pages of the web: HTML."""

import re
from dataclasses import dataclass, field

from vultus.media.documents.markup import Token, tokens
from vultus.media.documents.outline import MOST_OF_ONE, Link
from vultus.media.documents.paper import Paper, written_at
from vultus.media.documents.plain_text import MOST_BYTES
from vultus.media.element import End, Start
from vultus.media.encoding import text_of

CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([a-zA-Z0-9_:-]{1,40})", re.IGNORECASE)
HEAD_BYTES = 1024  # in which a page has to name its code
SPACE = re.compile(r"[ \t\n\f\r]+")
HEADING = re.compile(r"h([1-6])")
#: What runs on within a line; all else ends a paragraph.
INLINE = frozenset(
    {
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *(
            "img",
            "input",
            "ins",
            "kbd",
            "label",
            "mark",
            "meter",
            "nobr",
            "output",
            "progress",
            "q",
            "rp",
            "rt",
            "ruby",
        ),
        *("s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    }
)
WRITTEN = frozenset({"article:published_time", "date", "dcterms.created"})


def read_web_page(data: bytes) -> Paper:
    """Read a page of HTML, however it is broken; what scripts would write is not there."""
    named = CHARSET.search(data[:HEAD_BYTES])
    return read_markup(text_of(data[:MOST_BYTES], named[1].decode("ascii") if named else ""))


def read_markup(text: str) -> Paper:
    """Read HTML."""
    reader = _Reader()
    for token in tokens(text):
        reader.take(token)
        if reader.paper.outline.full:
            break
    reader.end()
    return reader.paper


@dataclass(slots=True)
class _Reader:
    paper: Paper = field(default_factory=Paper)
    _words: list[str] = field(default_factory=list)
    _links: list[Link] = field(default_factory=list)
    _images: list[tuple[str, str]] = field(default_factory=list)
    _level: int = 0
    _link: tuple[str, int] | None = None
    _kept: bool = False  # whether white space counts
    _titling: bool = False
    _table: list[list[str]] = field(default_factory=list)
    _size: int = 0  # letters of the table
    _tables: int = 0

    def take(self, token: Token) -> None:
        """Take the next thing."""
        if isinstance(token, str):
            if self._titling:
                self.paper.title = self.paper.title or token
            else:
                self._words.append(token if self._kept else SPACE.sub(" ", token))
            return
        if token.name not in INLINE:
            self._end_paragraph()
        if isinstance(token, Start):
            self._begin(token)
        else:
            self._finish(token)

    def end(self) -> None:
        """Take what no tag has ended."""
        self._end_paragraph()
        self._end_table()

    def _begin(self, tag: Start) -> None:
        if heading := HEADING.fullmatch(tag.name):
            self._level = int(heading[1])
        match tag.name:
            case "html":
                self.paper.language = tag.says("lang") or tag.says("xml:lang")
            case "title":
                self._titling = True
            case "meta":
                self._describe(tag)
            case "a":
                self._link = (tag.says("href"), len(self._words))
            case "img":
                self._images.append((tag.says("alt"), tag.says("src")))
            case "pre":
                self._kept = True
            case "table":
                self._tables += 1
            case "tr" if self._tables == 1:
                self._table.append([])
            case "td" | "th" if self._tables == 1 and self._table:
                self._table[-1].append("")

    def _finish(self, tag: End) -> None:
        if HEADING.fullmatch(tag.name):
            self._level = 0
        match tag.name:
            case "title":
                self._titling = False
            case "a" if self._link:
                url, before = self._link
                self._links.append(Link("".join(self._words[before:]), url))
                self._link = None
            case "pre":
                self._kept = False
            case "table" if self._tables:
                self._tables -= 1
                if not self._tables:
                    self._end_table()

    def _describe(self, tag: Start) -> None:
        name, content = (tag.says("name") or tag.says("property")).lower(), tag.says("content")
        if name == "author":
            self.paper.author = self.paper.author or content
        elif name in WRITTEN and self.paper.written is None:
            self.paper.written = written_at(content)

    def _end_paragraph(self) -> None:
        words = "".join(self._words)
        if self._tables and self._table and self._table[-1]:
            self._fill_cell(SPACE.sub(" ", words).strip())
        elif self._level and words.strip():
            self.paper.outline.title(words, self._level)
        elif words.strip():
            self.paper.outline.paragraph(words, self._links)
        for text, url in self._images:
            self.paper.outline.image(text, url)
        self._words, self._links, self._images, self._link = [], [], [], None

    def _fill_cell(self, words: str) -> None:
        row = self._table[-1]
        if words:
            row[-1] = f"{row[-1]} {words}".strip()[:MOST_OF_ONE]
            self._size += len(words)
        if self._size > MOST_OF_ONE:
            self._end_table()
            self._table.append([])

    def _end_table(self) -> None:
        self.paper.outline.table(self._table)
        self._table, self._size = [], 0
