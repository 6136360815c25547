"""Wildcards of the policy language: ``*`` stands for any characters or none, ``?`` for exactly one.

Patterns are compiled once, to plain comparisons where they allow it and else to regular expressions without
backtracking: in ``*a*a*b`` each piece is looked for where it comes first, and never again. A match takes time in
proportion to the text times the longest piece between two asterisks, whatever the pattern.
"""

import re
from collections.abc import Callable, Iterable

ARN_SEGMENTS = 5  # acs : service : region : account : relative id, the last of which may hold colons of its own

_WILDCARD = re.compile(r"[*?]")


def translate_text(pattern: str) -> str:
    """Return the regular expression of a pattern; its wildcards stand for any character.

    >>> translate_text("Get*s")
    'Get(?>.*s)'
    """
    return _translate(pattern, ".", "")


def translate_arn(pattern: str) -> str:
    """Return the regular expression of a resource pattern, whose segments are matched one by one.

    A wildcard stays within its segment. The last segment of the pattern stands for all that is left of the ARN: the
    relative id with its slashes and colons, or more where the pattern is short (``acs:imm:*``).

    >>> translate_arn("acs:imm:*:1:project/*")
    'acs:imm:[^:]*+:1:project/.*+'
    """
    *segments, rest = pattern.split(":", ARN_SEGMENTS - 1)
    return "".join(_translate(segment, "[^:]", ":") for segment in segments) + translate_text(rest)


def _translate(pattern: str, character: str, end: str) -> str:
    """Each piece between two asterisks is found where it comes first; only the last one has to be at the end."""
    first, *pieces = (_piece(piece, character) for piece in pattern.split("*"))
    if not pieces:
        return first + end
    *middle, last = pieces
    found = "".join(f"(?>{character}*?{piece})" for piece in middle if piece)
    return first + found + (f"(?>{character}*{last}{end})" if last else f"{character}*+{end}")


def _piece(piece: str, character: str) -> str:
    return character.join(re.escape(text) for text in piece.split("?"))


class AnyOf:
    """Patterns, of which one must match.

    Args:
        patterns: one or more.
        translate: how one that takes more than a comparison becomes a regular expression.
    """

    __slots__ = ("_everything", "_exact", "_prefixes", "_search")

    def __init__(self, patterns: Iterable[str], translate: Callable[[str], str] = translate_text) -> None:
        exact, prefixes, others = set(), set(), []
        for pattern in patterns:
            wildcard = _WILDCARD.search(pattern)
            if wildcard is None:
                exact.add(pattern)
            elif pattern[wildcard.start() :].strip("*") == "":
                prefixes.add(pattern[: wildcard.start()])
            else:
                others.append(translate(pattern))
        self._everything = "" in prefixes
        self._exact = frozenset(exact)
        self._prefixes = tuple(sorted(prefixes))
        self._search = re.compile("|".join(others), re.DOTALL).fullmatch if others else None

    def match(self, text: str) -> bool:
        """Whether one of the patterns matches all of the text."""
        return (
            self._everything
            or text in self._exact
            or text.startswith(self._prefixes)
            or (self._search is not None and self._search(text) is not None)
        )
