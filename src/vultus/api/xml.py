"""XML as RPC answers have it: an element for each field, and one for each member of a list."""

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def encode_xml(root: str, value: Any) -> bytes:
    """Return a document.

    A list is its field's element once for each member. A key of a map that cannot name an element (a label may be
    called anything) is the attribute ``Key`` of an element ``Entry``. Characters that XML does not allow become U+FFFD.

    Args:
        root: name of the outermost element.
        value: as JSON would have it: maps, lists, text, numbers, booleans and None.
    """
    parts = ['<?xml version="1.0" encoding="UTF-8"?>']
    _write(parts, root, value)
    return "".join(parts).encode()


def _write(parts: list[str], name: str, value: Any) -> None:
    if isinstance(value, list):
        for member in value:
            _write(parts, name, member)
        return
    if _NAME.fullmatch(name):
        opening, closing = f"<{name}>", f"</{name}>"
    else:
        opening, closing = f"<Entry Key={quoteattr(_legal(name))}>", "</Entry>"
    parts.append(opening)
    if isinstance(value, dict):
        for key, member in value.items():
            _write(parts, key, member)
    else:
        parts.append(_text(value))
    parts.append(closing)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    # A bare carriage return would be read as a line feed.
    return escape(_legal(str(value)), {"\r": "&#13;"})


def _legal(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
