"""Dates in cells: Excel keeps days as numbers, and says in a cell's style that they are days (ECMA-376-1, 18.8.30)."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from vultus.media.element import End, Start
from vultus.media.xml_events import Event

#: Formats that no workbook lists because all have them: dates and times, those of East Asia among them.
BUILT_IN = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
UNWRITTEN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|general', re.IGNORECASE)  # of a format: what is shown as it is, colours
PARTS = re.compile(r"[ymdhs]", re.IGNORECASE)  # of a date or a time
MOST_STYLES = 65_536  # of a workbook, as Excel allows
LONGEST = 255  # letters of a format, as Excel allows
LEAP = 60  # the day 29 February 1900, which Excel has and the calendar has not
DAYS = 2_958_466  # the first of the year 10000
SECONDS = 86_400  # of a day


@dataclass(frozen=True, slots=True)
class CellDates:
    """Which cells hold dates, and from when they count.

    Attributes:
        styles: numbers of the styles of dates.
        since_1904: whether day 0 is 1 January 1904, as on old Macintoshes.
    """

    styles: frozenset[str] = frozenset()
    since_1904: bool = False

    def shown(self, style: str, value: str) -> str:
        """Return what a cell with a number shows: a date and a time as ISO 8601, or the number as it is."""
        if style not in self.styles:
            return value
        try:
            days = float(value)
        except ValueError:
            return value
        if not (math.isfinite(days) and 0 <= days < DAYS):
            return value
        return _written(days, self.since_1904)


def dated_styles(events: Iterable[Event]) -> frozenset[str]:
    """Return the numbers of the styles of dates, from the part of a workbook that lists styles."""
    dated = {str(number) for number in BUILT_IN}
    styles: set[str] = set()
    count, inside = 0, False
    for event in events:
        if isinstance(event, str):
            continue
        if event.name == "cellXfs":
            inside = isinstance(event, Start)
        elif isinstance(event, End):
            continue
        elif event.name == "numFmt" and len(dated) < MOST_STYLES:
            if _dates(event.says("formatCode")):
                dated.add(event.says("numFmtId"))
        elif event.name == "xf" and inside and count < MOST_STYLES:
            if event.says("numFmtId") in dated:
                styles.add(str(count))
            count += 1
    return frozenset(styles)


def _dates(form: str) -> bool:
    return PARTS.search(UNWRITTEN.sub("", form[:LONGEST])) is not None


def _written(days: float, since_1904: bool) -> str:
    first = datetime(1899, 12, 30) if days >= LEAP else datetime(1899, 12, 31)
    if since_1904:
        first = datetime(1904, 1, 1)
    whole, seconds = divmod(round(days * SECONDS), SECONDS)
    moment = first + timedelta(days=whole, seconds=seconds)
    if whole == 0:
        return f"{moment:%H:%M:%S}"
    return f"{moment:%Y-%m-%d %H:%M:%S}" if seconds else f"{moment:%Y-%m-%d}"
