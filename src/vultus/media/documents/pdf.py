"""PDF: the text of its pages in lines, and what follows from how large they are and where they stand.

PDFium reads it, which bounds the depth of page trees, and does not go round in circles there. A drawing that draws
itself twice it follows to a depth that takes years, and text that unpacks to gigabytes it unpacks: what does so ends
with its worker (``media.seconds``, ``media.max_memory``).
"""

import ctypes
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from statistics import median_low

import pypdfium2 as pdfium
from pypdfium2 import raw

from vultus.media.documents.encrypted import locked
from vultus.media.documents.outline import MOST_LETTERS, Outline
from vultus.media.documents.paper import Paper, written_at
from vultus.media.unreadable import UnreadableMedia

MOST_PAGES = 2_000  # that are read
MOST_SECONDS = 60.0  # after which no further page is begun
MOST_OF_PAGE = 100_000  # letters of a page: ten times the densest print
MOST_OBJECTS = 20_000  # on a page that images are looked for on
MOST_IMAGES = 20  # of a page: some are made of a thousand strips
LARGER = 1.15  # times the size of most text: a title
LONGEST_TITLE = 200  # letters; larger text beyond that is larger text
SAME_SIZE = 0.1  # share by which lines of one paragraph may differ in size
GAP = 1.3  # times the usual distance from one line to the next: beyond it a paragraph ends
WEAK_HYPHEN = "\x02"  # how PDFium tells a hyphen that only the end of a line made
LEVELS = 6  # of titles
SAID_BYTES = 8_192  # of a title or a name
UNITS = {0x4E00: 0x9FFF, 0x3040: 0x30FF, 0x3400: 0x4DBF, 0xFF00: 0xFFEF}  # of scripts without spaces between words


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text.

    Attributes:
        text: what is written.
        size: of its letters, in points.
        base: what its first letter stands on, in points from the bottom of the page.
    """

    text: str
    size: float
    base: float


@dataclass(frozen=True, slots=True)
class Page:
    """What is on a page."""

    lines: list[Line]
    images: int


def read_pdf(data: bytes) -> Paper:
    """Read a PDF.

    Raises:
        UnreadableMedia: it is broken or encrypted.
    """
    try:
        opened = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise locked() from None
        raise UnreadableMedia("The PDF is broken: no pages are found in it.") from None
    try:
        return _read(opened)
    finally:
        opened.close()


def _read(opened: pdfium.PdfDocument) -> Paper:
    count = len(opened)
    if count and not _there(opened, count - 1):
        count = bisect_left(range(count), True, key=lambda number: not _there(opened, number))
    title, author, made = (_said(opened, name) for name in ("Title", "Author", "CreationDate"))
    paper = Paper(title, author, _language(opened), written_at(made), count)
    pages = list(_pages(opened, count))
    if not pages:
        raise UnreadableMedia("The PDF is broken: none of its pages can be read.")
    _describe(paper.outline, pages)
    return paper


def _there(opened: pdfium.PdfDocument, number: int) -> bool:
    """Whether a page can be read: a tree may claim to have more than there are."""
    try:
        opened[number].close()
    except pdfium.PdfiumError:
        return False
    return True


def _pages(opened: pdfium.PdfDocument, count: int) -> Iterator[Page]:
    """The pages that can be read, until there is more than is kept."""
    until, letters = time.monotonic() + MOST_SECONDS, 0
    for number in range(min(count, MOST_PAGES)):
        if letters > MOST_LETTERS or time.monotonic() > until:
            return
        try:
            page = opened[number]
        except pdfium.PdfiumError:
            continue
        try:
            read = Page(list(_lines(page)), _images(page))
        except pdfium.PdfiumError:
            continue
        finally:
            page.close()
        letters += sum(len(line.text) for line in read.lines)
        yield read


def _lines(page: pdfium.PdfPage) -> Iterator[Line]:
    text = page.get_textpage()
    try:
        first, letters = 0, ""
        for index in range(min(text.count_chars(), MOST_OF_PAGE)):
            letter = _letter(raw.FPDFText_GetUnicode(text, index))
            if letter not in "\r\n":
                if not letters.strip():
                    first = index
                letters += letter
            elif letters.strip():
                yield _line(text, first, letters)
                letters = ""
        if letters.strip():
            yield _line(text, first, letters)
    finally:
        text.close()


def _letter(code: int) -> str:
    """A letter by its code; none for what is no letter."""
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 and code not in (0xFFFE, 0xFFFF) else " "


def _line(text: pdfium.PdfTextPage, index: int, letters: str) -> Line:
    left, base = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, index, left, base)
    matrix = raw.FS_MATRIX()
    size = float(raw.FPDFText_GetFontSize(text, index))
    if raw.FPDFText_GetMatrix(text, index, matrix):  # many writers set a size of 1, and enlarge it
        size *= (matrix.c**2 + matrix.d**2) ** 0.5
    return Line(letters, size, base.value)


def _images(page: pdfium.PdfPage) -> int:
    if raw.FPDFPage_CountObjects(page) > MOST_OBJECTS:
        return 0
    found = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2)
    return sum(1 for _ in islice(found, MOST_IMAGES))


def _said(opened: pdfium.PdfDocument, name: str) -> str:
    """What the document says of itself under a name; nothing where that is too long, or not there."""
    kept = ctypes.create_string_buffer(SAID_BYTES)
    return _text(kept, raw.FPDF_GetMetaText(opened, name.encode("ascii"), kept, SAID_BYTES))


def _language(opened: pdfium.PdfDocument) -> str:
    kept = ctypes.create_string_buffer(SAID_BYTES)
    units = ctypes.cast(kept, ctypes.POINTER(ctypes.c_ushort))
    return _text(kept, raw.FPDFCatalog_GetLanguage(opened, units, SAID_BYTES))


def _text(kept: "ctypes.Array[ctypes.c_char]", size: int) -> str:
    """UTF-16 with a zero at its end; a size beyond that of the buffer says that nothing was written."""
    return kept.raw[: size - 2].decode("utf-16-le", "replace") if 2 < size <= SAID_BYTES else ""


def _describe(outline: Outline, pages: list[Page]) -> None:
    """Tell titles from narrative text by their size: most letters are of the size of the text."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    larger = sorted((size for size in sizes if size > usual * LARGER), reverse=True)
    levels = {size: min(place, LEVELS) for place, size in enumerate(larger, start=1)}
    for page in pages:
        for block in _blocks(page.lines):
            words = _joined(block)
            level = levels.get(round(block[0].size, 1), 0)
            if level and len(words) <= LONGEST_TITLE:
                outline.title(words, level)
            else:
                outline.paragraph(words)
        for _ in range(page.images):
            outline.image()


def _blocks(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines that are one paragraph: of one size, each right below the one before."""
    if not lines:
        return
    steps = [above.base - below.base for above, below in pairwise(lines) if _alike(above, below)]
    usual = median_low([step for step in steps if step > 0] or [0.0])
    block = lines[:1]
    for above, below in pairwise(lines):
        step = above.base - below.base
        if not _alike(above, below) or step > GAP * usual or step < -above.size:  # the last: the next column
            yield block
            block = []
        block.append(below)
    yield block


def _alike(above: Line, below: Line) -> bool:
    """Whether two lines are of one size."""
    return abs(above.size - below.size) <= SAME_SIZE * max(above.size, below.size)


def _joined(lines: list[Line]) -> str:
    """The text of a paragraph without the ends of its lines."""
    words = ""
    for line in lines:
        text = line.text.strip()
        if words.endswith((WEAK_HYPHEN, "\u00ad")):
            words = words[:-1] + text
        elif words and not (_unspaced(words[-1]) and _unspaced(text[:1])):
            words += " " + text
        else:
            words += text
    return words


def _unspaced(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in UNITS.items()) if letter else False
