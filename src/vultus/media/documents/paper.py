"""Papers: what was read of a document, whatever its format."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from vultus.media.documents.outline import Outline
from vultus.media.provenance.taken import FIRST_YEAR, WIDEST, Taken

#: How PDF writes a date (ISO 32000-1, 7.9.4): D:20220403180542+02'00'; all but the year may be left out.
PDF_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:(Z)|([+-]\d\d)'?(\d\d)?)?", re.ASCII)
TO_THE_SECOND = len("2022-04-03T18:05:42")


@dataclass(slots=True)
class Paper:
    """What was read of a document.

    Attributes:
        title, author, language: as it says itself; empty where it does not.
        written: when it was made, by the clock of who made it, as it says itself.
        pages: how many there are; slides or sheets of what has no pages. None where nothing tells.
        outline: its parts.
    """

    title: str = ""
    author: str = ""
    language: str = ""
    written: Taken | None = None
    pages: int | None = None
    outline: Outline = field(default_factory=Outline)


def written_at(text: str) -> Taken | None:
    """Read a date with a time of day: RFC 3339, or as PDF writes it; None for what is none.

    >>> written_at("D:20220403180542+02'00'").local
    datetime.datetime(2022, 4, 3, 18, 5, 42)
    """
    match = PDF_DATE.match(text)
    if match:
        year, month, day, hour, minute, second, zulu, hours, minutes = match.groups()
        zone = zulu or (f"{hours}:{minutes or '00'}" if hours else "")
        text = f"{year}-{month}-{day}T{hour}:{minute}:{second}{zone}"
    try:
        made = datetime.fromisoformat(text) if len(text) >= TO_THE_SECOND else None
    except ValueError:
        return None
    if made is None or made.year < FIRST_YEAR:
        return None
    offset = made.utcoffset()
    known = None if offset is None or abs(offset) > WIDEST else offset
    return Taken(made.replace(tzinfo=None, microsecond=0), offset=known)
