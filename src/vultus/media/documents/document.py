"""Documents: what is written in them, by their format."""

from collections.abc import Callable
from typing import IO

from vultus.media.documents.encrypted import ENCRYPTED_PACKAGE, locked
from vultus.media.documents.markdown import read_markdown
from vultus.media.documents.paper import Paper
from vultus.media.documents.pdf import read_pdf
from vultus.media.documents.plain_text import MOST_BYTES, read_csv, read_text
from vultus.media.documents.sheets import read_sheets
from vultus.media.documents.slides import read_slides
from vultus.media.documents.web_page import read_web_page
from vultus.media.documents.word import read_word
from vultus.media.signature import SUFFIXES

OLE_TYPES = frozenset({*(SUFFIXES[suffix] for suffix in (".doc", ".xls", ".ppt")), "application/x-ole-storage"})
PACKAGES: dict[str, Callable[[IO[bytes]], Paper]] = {
    SUFFIXES[".docx"]: read_word,
    SUFFIXES[".pptx"]: read_slides,
    SUFFIXES[".xlsx"]: read_sheets,
}
TEXTS: dict[str, Callable[[bytes], Paper]] = {
    "application/json": read_text,
    "application/xml": read_text,
    "text/csv": read_csv,
    "text/html": read_web_page,
    "text/markdown": read_markdown,
}


def read_document(file: IO[bytes], content_type: str) -> Paper | None:
    """Read a document.

    Args:
        file: its bytes, from anywhere.
        content_type: what they are.

    Returns:
        What was read; None for formats that are not read.

    Raises:
        UnreadableMedia: it is broken, encrypted, or made to do harm.
    """
    file.seek(0)
    if content_type == "application/pdf":
        return read_pdf(file.read())
    if content_type in PACKAGES:
        return PACKAGES[content_type](file)
    if content_type in OLE_TYPES:
        if ENCRYPTED_PACKAGE in file.read():
            raise locked()
        return None
    if content_type in TEXTS or content_type.startswith("text/"):
        return TEXTS.get(content_type, read_text)(file.read(MOST_BYTES))
    return None
