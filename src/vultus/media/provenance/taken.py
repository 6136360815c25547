"""When something was taken, as a camera's clock said it: the time of day somewhere, and perhaps where."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
FIRST_YEAR = 1826  # of the oldest photograph; cameras without a set clock write year 0 or 1
WIDEST = timedelta(hours=14)  # time zones lie within UTC-12 and UTC+14
DECIMALS = 9  # of a second, in RFC 3339 as IMM writes it


@dataclass(frozen=True, slots=True)
class Taken:
    """When something was taken.

    Attributes:
        local: by the clock, to the second; without a time zone.
        fraction: digits of the second's decimals.
        offset: how far the clock was from UTC; None when nothing says so.
    """

    local: datetime
    fraction: str = ""
    offset: timedelta | None = None

    def written(self, offset: timedelta) -> str:
        """Return it as RFC 3339, with no more decimals than it needs, for a clock that is so far from UTC."""
        digits = self.fraction[:DECIMALS].rstrip("0")
        return f"{self.local.isoformat(timespec='seconds')}{'.' * bool(digits)}{digits}{written_offset(offset)}"


def offset_of(text: str) -> timedelta | None:
    """Read an offset from UTC: ``+08:00`` or ``Z``; None when it is none."""
    match = OFFSET.fullmatch(text)
    if not match:
        return timedelta(0) if text == "Z" else None
    minutes = int(match[2]) * 60 + int(match[3])
    offset = timedelta(minutes=minutes if match[1] == "+" else -minutes)
    return offset if int(match[3]) < 60 and abs(offset) <= WIDEST else None


def written_offset(offset: timedelta) -> str:
    """Write an offset from UTC as RFC 3339 does: ``+08:00`` or ``Z``."""
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if minutes else "Z"


def surest(said: Sequence[Taken]) -> Taken | None:
    """Return the first of what several sources say, with the distance from UTC of another that says the same time."""
    if not said:
        return None
    first = said[0]
    if first.offset is None:
        offsets = (other.offset for other in said[1:] if other.local == first.local and other.offset is not None)
        return replace(first, offset=next(offsets, None))
    return first
