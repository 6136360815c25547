"""Moments: whole nanoseconds since 1970-01-01 UTC inside, RFC 3339 with up to nine decimals outside."""

import re
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache

SECOND = 1_000_000_000  # nanoseconds
FIRST = -62_135_596_800 * SECOND  # the year 1, before which RFC 3339 writes none
LAST = 253_402_300_800 * SECOND - 1  # the end of the year 9999, likewise

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RFC3339 = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


def now() -> int:
    """Return the present moment."""
    return time.time_ns()


def bounded(moment: int) -> int:
    """Return a moment of somebody else's, such as a file system's, as near to it as can be written."""
    return min(max(moment, FIRST), LAST)


@lru_cache(16_384)  # the same rows are read again and again; writing forty moments anew takes as long as a query
def to_wire(moment: int) -> str:
    """Write a moment the way Go's RFC3339Nano does, in UTC: no more decimals than it needs.

    >>> to_wire(1624949413_011643661)
    '2021-06-29T06:50:13.011643661Z'
    """
    seconds, nanoseconds = divmod(moment, SECOND)
    whole = (_EPOCH + timedelta(seconds=seconds)).isoformat()[:19]
    return f"{whole}.{nanoseconds:09d}".rstrip("0") + "Z" if nanoseconds else f"{whole}Z"


def to_second(moment: int) -> str:
    """Write a moment to the second, in UTC: RAM knows no decimals.

    >>> to_second(1624949413_011643661)
    '2021-06-29T06:50:13Z'
    """
    return to_wire(moment - moment % SECOND)


def from_wire(text: str) -> int:
    """Read a moment written by RFC 3339; decimals past the ninth are dropped.

    >>> from_wire("2021-06-29T14:50:13.011643661+08:00")
    1624949413011643661

    Raises:
        ValueError: the text is not such a moment; the message says so.
    """
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a time as RFC 3339 writes it.")
    day, clock, decimals, offset = match.groups()
    try:
        whole = datetime.fromisoformat(f"{day}T{clock}{'+00:00' if offset in 'Zz' else offset}")
    except ValueError:
        raise ValueError(f"{text!r} is not a time that exists.") from None
    seconds = (whole - _EPOCH) // timedelta(seconds=1)
    return seconds * SECOND + int((decimals or "").ljust(9, "0"))
