"""Tags of videos and sounds: who made them, what they are called, when and where."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from av.container import InputContainer
from msgspec import UNSET

from vultus import model
from vultus.media.language import language_tag
from vultus.media.provenance.capture import FIRST_YEAR
from vultus.media.provenance.taken import written_offset
from vultus.media.wording import line_of, lines_of
from vultus.model.wire import Text

MOST_LETTERS = 1000  # of a tag
MOST_LYRICS = 65_536  # letters; the longest songs have a tenth of that
PLACE = re.compile(r"([+-]\d{2}(?:\.\d+)?)([+-]\d{3}(?:\.\d+)?)")  # of ISO 6709, in degrees
PLACES = ("com.apple.quicktime.location.iso6709", "location")
MADE = ("com.apple.quicktime.creationdate", "creation_time", "date")  # the first has the time zone
UNSET_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)
#: Fields of a file, and the tags that tell them, the surest first: FFmpeg gives most formats' tags common names.
NAMED = {
    "title": ("title",),
    "artist": ("artist", "author"),
    "album": ("album",),
    "album_artist": ("album_artist", "albumartist", "album artist"),
    "composer": ("composer", "com.apple.quicktime.composer"),
    "performer": ("performer", "performers", "conductor"),
}
LYRICS = ("lyrics", "unsyncedlyrics", "unsynced lyrics", "wm/lyrics", "syncedlyrics")
LANGUAGES_OF_ID3 = 3  # letters of each language, of which several may follow each other

Tags = Mapping[str, str]


def tags_of(container: InputContainer) -> dict[str, str]:
    """Return the tags of a container by their names in lower case; in Ogg, those of its sound stand for them."""
    sounds = (stream.metadata for stream in container.streams.audio[:1])
    return {name.lower(): text for tags in (*sounds, container.metadata) for name, text in tags.items()}


def describe_tags(document: model.File, tags: Tags) -> None:
    """Fill in what tags tell.

    Args:
        document: gets it.
        tags: by name in lower case.
    """
    document.produce_time = _first(MADE, tags, _moment)
    document.lat_long = _first(PLACES, _without_language(tags), _place)
    for field, names in NAMED.items():
        setattr(document, field, _first(names, tags, _line))
    document.language = language_of(tags)


def lyrics_of(tags: Tags) -> Text:
    """Return the words of a song; ID3 writes their language behind the name of the tag."""
    return _first(LYRICS, _without_language(tags), lambda text: lines_of(text, MOST_LYRICS))


def language_of(tags: Tags) -> Text:
    """Return the language that tags name, the first of several, as BCP 47 writes it."""
    said = tags.get("language", "")
    if len(said) > LANGUAGES_OF_ID3 and len(said) % LANGUAGES_OF_ID3 == 0 and said.isalpha():
        said = said[:LANGUAGES_OF_ID3]
    return language_tag(said)


def _first(names: Iterable[str], tags: Tags, read: Callable[[str], str]) -> Text:
    return next((found for name in names if (found := read(tags.get(name, "")))), UNSET)


def _without_language(tags: Tags) -> dict[str, str]:
    """The tags, and those that have a language behind their names without it."""
    return {**{name: text for tag, text in tags.items() for name in _stems(tag)}, **tags}


def _stems(tag: str) -> Iterator[str]:
    stem, dash, _ = tag.partition("-")
    if dash and stem in (*LYRICS, *PLACES):
        yield stem


def _line(text: str) -> str:
    return line_of(text, MOST_LETTERS)


def _moment(text: str) -> str:
    """RFC 3339 of a time that says how far it is from UTC; empty for none, and for a clock that was not set."""
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        return ""
    offset = made.utcoffset()
    if offset is None or made.year < FIRST_YEAR or made == UNSET_CLOCK:
        return ""
    return made.replace(tzinfo=None).isoformat(timespec="seconds") + written_offset(offset)


def _place(text: str) -> str:
    match = PLACE.match(text)
    if match is None:
        return ""
    latitude, longitude = float(match[1]), float(match[2])
    known = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude or longitude)  # zeros: no fix yet
    return f"{latitude:.6f},{longitude:.6f}" if known else ""
