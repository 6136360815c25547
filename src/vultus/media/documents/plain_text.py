"""Plain text: paragraphs with empty lines between them."""

import csv
import re
from collections.abc import Iterator

from vultus.media.documents.outline import Outline
from vultus.media.documents.paper import Paper
from vultus.media.encoding import text_of
from vultus.media.wording import BREAK

MOST_BYTES = 4 * 2**20  # that are read of a text: more than is kept of any
EMPTY = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
SAMPLE = 4096  # letters that tell by what cells of a table are separated
SEPARATORS = ",;\t|"


def read_text(data: bytes) -> Paper:
    """Read a text without markup: it has paragraphs, and says nothing of itself."""
    paper = Paper()
    for paragraph in _paragraphs(BREAK.sub("\n", text_of(data[:MOST_BYTES]))):
        if paper.outline.full:
            break
        paper.outline.paragraph(paragraph)
    return paper


def read_csv(data: bytes) -> Paper:
    """Read a table in a text; see RFC 4180. What separates cells is what the first line has most of."""
    paper = Paper()
    text = text_of(data[:MOST_BYTES])
    first = text[:SAMPLE].partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        paper.outline.table(csv.reader(text.splitlines(), delimiter=separator))
    except csv.Error:  # a cell that is too long, such as after a quotation mark that nothing closes
        paper.outline = Outline()
        paper.outline.paragraph(text)
    return paper


def _paragraphs(text: str) -> Iterator[str]:
    begin = 0
    for match in EMPTY.finditer(text):
        yield text[begin : match.start()]
        begin = match.end()
    yield text[begin:]
