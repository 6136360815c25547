"""What both ways of signing a request have in common."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from urllib.parse import quote

from vultus.errors import InvalidTimestamp

LONGEST_SHOWN = 2**13  # characters of a string to sign that a message shows; SDKs compare it, and people read it

#: Bytes that are written as they are, and those that are written as ``%XX``.
_BYTE = rb"(?:[A-Za-z0-9\-_.~]++|%(?:[0189A-F][0-9A-F]|2[0-9A-CF]|3[A-F]|40|5[B-E]|60|7[B-DF]))"
_CANONICAL = re.compile(rb"(?:%b++=%b*+(?:&%b++=%b*+)*+)?" % (_BYTE, _BYTE, _BYTE, _BYTE))

_RESERVED = re.compile(r"[^A-Za-z0-9\-_.~]")
_ESCAPES = {chr(code): f"%{code:02X}" for code in range(128)}


@dataclass(frozen=True, slots=True)
class Signed:
    """What a request claims, and the proof that it offers.

    Attributes:
        key_id: the access key that is said to have signed it.
        action: the operation asked for.
        version: of its product.
        time: when it was signed, seconds since the epoch.
        nonce: names this request once for all.
        security_token: of a session; empty when the key is a lasting one.
        string_to_sign: gives our own, from what was received, in pieces. It is not made before the rest is known to be
            right: that takes time, and whoever sends a request can claim anything.
        signature: the caller's.
        sign: gives the signature of a secret (first) and the pieces of a string to sign.
    """

    key_id: str
    action: str
    version: str
    time: float
    nonce: str
    security_token: str
    string_to_sign: Callable[[], Iterable[str]]
    signature: str
    sign: Callable[[str, Iterable[str]], str]

    def proven(self, secret: str) -> bool:
        """Tell whether the secret gives this signature, in a time that does not depend on how much of it is right."""
        return compare_digest(self.sign(secret, self.string_to_sign()).encode(), self.signature.encode())

    def string_to_show(self) -> str:
        """Return the string to sign for a message: of a long one, its beginning."""
        shown = ""
        for piece in self.string_to_sign():
            shown += piece
            if len(shown) > LONGEST_SHOWN:
                return f"{shown[:LONGEST_SHOWN]}..."
        return shown


def is_canonical(raw: bytes, parameters: Mapping[str, str]) -> bool:
    """Tell whether a query is, byte for byte, what ``canonical_query`` would make of its parameters.

    Official clients send it so. To see that takes a third of the time that writing it anew takes.

    Args:
        raw: the query as it came.
        parameters: of it, decoded, in its order.
    """
    return _CANONICAL.fullmatch(raw) is not None and list(parameters) == sorted(parameters)


def canonical_query(parameters: Mapping[str, str]) -> str:
    """Return ``k=v`` sorted by name and joined by ``&``, each encoded as RFC 3986 says."""
    return "&".join(f"{encode(name)}={encode(parameters[name])}" for name in sorted(parameters))


def encode(text: str) -> str:
    """Percent-encode all but letters, digits, ``-``, ``_``, ``.`` and ``~``.

    It gives what ``urllib.parse.quote`` gives, in a third of the time where little is to be encoded.
    """
    return _RESERVED.sub(_escape, text)


def parse_time(text: str) -> float:
    """Return a time such as ``2026-11-22T12:56:58Z`` in seconds since the epoch.

    Raises:
        InvalidTimestamp: it is no such time.
    """
    try:
        if len(text) != 20 or text[10] != "T" or text[19] != "Z" or not text.isascii():
            raise ValueError
        return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise InvalidTimestamp(
            f"Specified time stamp {text} is not well formatted; write it like 2026-11-22T12:56:58Z."
        ) from None


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _ESCAPES.get(character) or quote(character)
