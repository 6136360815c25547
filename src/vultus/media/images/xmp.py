"""XMP: what programs write about a picture, as XML inside its file."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from xml.parsers import expat

from msgspec import UNSET

from vultus.media.provenance.coordinates import coordinates_of
from vultus.media.provenance.taken import FIRST_YEAR, Taken, offset_of
from vultus.model.wire import Text

LARGEST = 2**20  # bytes; a larger packet holds pictures and depths, not words
DEEPEST = 32  # elements within elements
LONGEST = 2000  # characters of a value
APART = " "  # between the address of a vocabulary and a name in it

EXIF = "http://ns.adobe.com/exif/1.0/"
PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
BASIC = "http://ns.adobe.com/xap/1.0/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

TAKEN = (f"{EXIF}{APART}DateTimeOriginal", f"{PHOTOSHOP}{APART}DateCreated")
MADE = f"{BASIC}{APART}CreateDate"
LATITUDE, LONGITUDE = f"{EXIF}{APART}GPSLatitude", f"{EXIF}{APART}GPSLongitude"
TITLE = f"{DUBLIN_CORE}{APART}title"
WANTED = frozenset({*TAKEN, MADE, LATITUDE, LONGITUDE, TITLE})

MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)
DEGREES = re.compile(r"(\d{1,3}),(\d{1,2})(?:,(\d{1,2})|(\.\d{1,12}))?([NSEW])", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class _TooMuch(Exception):
    """The packet is no XMP that anybody writes."""


def read_xmp(packet: bytes) -> dict[str, str]:
    """Read what is wanted of a packet, by vocabulary and name; of a broken one as much as can be read."""
    reader = _Reader()
    if len(packet) > LARGEST:
        return {}
    with suppress(expat.ExpatError, _TooMuch, ValueError, LookupError):  # the last two: of encodings that it names
        reader.read(packet.rstrip(b"\0"))
    return reader.found


def taken_by_xmp(found: dict[str, str]) -> Iterator[Taken]:
    """Tell when a picture was taken."""
    return (taken for name in TAKEN if (taken := _moment(found.get(name, ""))))


def made_by_xmp(found: dict[str, str]) -> Taken | None:
    """Tell when a picture became a file."""
    return _moment(found.get(MADE, ""))


def lat_long_by_xmp(found: dict[str, str]) -> Text:
    """Tell where a picture was taken, as the wire writes it; UNSET when it does not say."""
    latitude, longitude = _degrees(found.get(LATITUDE, ""), "NS"), _degrees(found.get(LONGITUDE, ""), "EW")
    place = coordinates_of(f"{latitude},{longitude}")
    return f"{place.latitude:.6f},{place.longitude:.6f}" if place else UNSET


def title_by_xmp(found: dict[str, str]) -> Text:
    """Tell what a picture is called."""
    return found.get(TITLE) or UNSET


def _moment(text: str) -> Taken | None:
    match = MOMENT.fullmatch(text.strip())
    if not match:
        return None  # a day or a year is no moment
    day, minute, second, fraction, offset = match.groups()
    try:
        local = datetime.fromisoformat(f"{day}T{minute}:{second or '00'}")
    except ValueError:
        return None
    return Taken(local, fraction or "", offset_of(offset or "")) if local.year >= FIRST_YEAR else None


def _degrees(text: str, directions: str) -> float | None:
    """Degrees as XMP writes them: ``43,28.0469N`` or ``43,28,3S``."""
    match = DEGREES.fullmatch(text.strip())
    if not match or match[5] not in directions:
        return None
    minutes = float(match[2] + (match[4] or "")) + float(match[3] or 0) / 60
    degrees = float(match[1]) + minutes / 60
    return degrees if match[5] == directions[0] or not degrees else -degrees


class _Reader:
    """Takes properties out of a packet, whether written as attributes or as elements; of lists, the first item."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._path: list[str] = []
        self._text = ""

    def read(self, packet: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=APART)
        parser.StartDoctypeDeclHandler = self._refuse  # without a DTD there are no entities that grow
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._hear
        parser.Parse(packet, True)

    def _refuse(self, *_: object) -> None:
        raise _TooMuch

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if len(self._path) > DEEPEST:
            raise _TooMuch
        self._text = ""
        for attribute, value in attributes.items():
            self._keep(attribute, value)

    def _hear(self, text: str) -> None:
        if len(self._text) < LONGEST:
            self._text += text

    def _end(self, _: str) -> None:
        """The text belongs to the innermost property around it: items and lists of RDF are none."""
        owner = next((name for name in reversed(self._path) if not name.startswith(RDF)), "")
        self._keep(owner, self._text)
        self._path.pop()
        self._text = ""

    def _keep(self, name: str, value: str) -> None:
        text = CONTROL.sub(" ", value).strip()[:LONGEST]
        if name in WANTED and text:
            self.found.setdefault(name, text)
