"""Markdown: CommonMark, and the tables of GitHub."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from vultus.media.documents.markup import tokens
from vultus.media.documents.outline import Link, Outline
from vultus.media.documents.paper import Paper
from vultus.media.encoding import text_of
from vultus.media.wording import BREAK

MOST_BYTES = 2**20  # that are read
LONGEST = 8_000  # letters of a paragraph whose markup is understood; of longer ones it is taken for text
#: What other programs keep ahead of the text: lines of YAML between two of dashes.
PREFACE = re.compile(r"---[ \t]*\n((?:(?!---|\.\.\.)[^\n]{0,500}\n){0,100})(?:---|\.\.\.)[ \t]*\n")
SAID = re.compile(r"(title|author|lang|language):[ \t]*[\"']?(.*?)[\"']?[ \t]*")


def read_markdown(data: bytes) -> Paper:
    """Read a text in Markdown."""
    text = BREAK.sub("\n", text_of(data[:MOST_BYTES]))
    paper = Paper()
    if preface := PREFACE.match(text):
        _describe(paper, preface[1])
        text = text[preface.end() :]
    parser = MarkdownIt("commonmark").enable("table")
    parser.disable("inline")  # the text of paragraphs, which takes the square of their length where it is made for that
    _Reader(paper.outline, parser).read(text)
    return paper


def _describe(paper: Paper, preface: str) -> None:
    for line in preface.split("\n"):
        if said := SAID.fullmatch(line):
            match said[1]:
                case "title":
                    paper.title = said[2]
                case "author":
                    paper.author = said[2]
                case _:
                    paper.language = said[2]


@dataclass(slots=True)
class _Reader:
    outline: Outline
    parser: MarkdownIt
    _defined: dict[str, Any] = field(default_factory=dict)  # addresses that links name
    _level: int = 0
    _rows: list[list[str]] | None = None

    def read(self, text: str) -> None:
        for block in self.parser.parse(text, self._defined):
            self._take(block)
            if self.outline.full:
                return

    def _take(self, block: Token) -> None:
        match block.type:
            case "heading_open":
                self._level = int(block.tag[1:])
            case "heading_close":
                self._level = 0
            case "table_open":
                self._rows = []
            case "tr_open" if self._rows is not None:
                self._rows.append([])
            case "table_close" if self._rows is not None:
                self.outline.table(self._rows)
                self._rows = None
            case "inline":
                self._write(self._inline(block.content))
            case "fence" | "code_block":
                self.outline.paragraph(block.content)
            case "html_block":
                self.outline.paragraph("".join(each for each in tokens(block.content) if isinstance(each, str)))

    def _write(self, parts: list[Token]) -> None:
        words = "".join(_texts(parts))
        if self._rows:
            self._rows[-1].append(words)
        elif self._level:
            self.outline.title(words, self._level)
        else:
            self.outline.paragraph(words, _links(parts))
        for part in parts:
            if part.type == "image":
                self.outline.image(part.content, str(part.attrGet("src") or ""))

    def _inline(self, content: str) -> list[Token]:
        if len(content) > LONGEST:
            return [Token("text", "", 0, content=content)]
        parts: list[Token] = []
        self.parser.inline.parse(content, self.parser, self._defined, parts)
        return parts


def _texts(parts: list[Token]) -> Iterator[str]:
    for part in parts:
        match part.type:
            case "text" | "code_inline":
                yield part.content
            case "softbreak" | "hardbreak":
                yield "\n"


def _links(parts: list[Token]) -> Iterator[Link]:
    url, words = "", ""
    for part in parts:
        match part.type:
            case "link_open":
                url, words = str(part.attrGet("href") or ""), ""
            case "link_close":
                yield Link(words, url)
            case "text" | "code_inline":
                words += part.content
