"""Wording: text that a stranger's file holds, made fit to be kept."""

import re

#: What no text holds but line breaks and tabs; directions of writing that are switched would scramble what is around.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
BREAK = re.compile(r"\r\n?|\u2028|\u2029")
SPACE = re.compile(r"\s+")


def line_of(text: str, most: int) -> str:
    """Return a text in one line, of so many letters at most."""
    return SPACE.sub(" ", CONTROL.sub("", text[: 4 * most])).strip()[:most].rstrip()


def lines_of(text: str, most: int) -> str:
    """Return a text with its line breaks, of so many letters at most."""
    return CONTROL.sub("", BREAK.sub("\n", text[: 4 * most])).strip()[:most].rstrip()
