"""Encodings: the text that bytes stand for, where nothing says so for sure."""

import codecs
import re

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
HIGH = re.compile(rb"[\x80-\xff]+")
PAIRS = re.compile(rb"(?:[\xa1\xa3\xb0-\xd7][\xa1-\xfe])+")  # of GB 2312: marks, and the characters of every day
#: Codes that a document may name (https://encoding.spec.whatwg.org); others decode slowly, or are no codes of text.
NAMED = re.compile(
    r"utf-?8|utf-?16(?:le|be)?|us-ascii|(?:iso-?)?8859-\d{1,2}|iso-8859-\d{1,2}|latin-?1|windows-125[0-8]|cp125[0-8]"
    r"|gb2312|gbk|gb18030|big5(?:-hkscs)?|shift[_-]jis|euc-jp|iso-2022-jp|euc-kr|koi8-[ru]|ibm866|macintosh|windows-874"
)
WESTERN = "cp1252"
CHINESE = "gb18030"


def text_of(data: bytes, named: str = "") -> str:
    """Return the text of bytes.

    A mark at their start decides; then UTF-8, if it is that throughout; then the code that is named; then Chinese
    (GB 18030), if most of what is beyond ASCII are characters of every day in it, and that of Western Windows. What
    does not stand for a letter is replaced.

    Args:
        data: all of the document, or its start.
        named: the code that the document says it is in; empty where it does not.
    """
    for mark, code in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(code, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)  # incremental: the last letter may be cut
    except UnicodeDecodeError:
        return data.decode(_known(named) or _guessed(data), "replace")


def _known(named: str) -> str:
    name = named.strip().lower()
    if not NAMED.fullmatch(name):
        return ""
    if name in ("iso-8859-1", "latin1", "latin-1", "us-ascii"):
        return WESTERN  # as browsers take it
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


def _guessed(data: bytes) -> str:
    runs = HIGH.findall(data)
    paired = sum(1 for run in runs if PAIRS.fullmatch(run))
    return CHINESE if 2 * paired > len(runs) else WESTERN
