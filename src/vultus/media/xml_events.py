"""XML, read from front to back: what begins, what ends, and what is written between; no tree is built of it."""

from collections.abc import Iterable, Iterator
from typing import Protocol
from xml.parsers import expat

from vultus.media.element import End, Start
from vultus.media.unreadable import UnreadableMedia

PIECE = 2**16  # bytes that are read at a time
MOST_DEPTH = 500  # elements within each other; tables within tables of real documents come to some fifty
SEPARATOR = " "  # between a namespace and a name
POINTERS = "/relationships"  # how the namespace ends whose attributes point to other parts


Event = Start | End | str


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int) -> bytes:
        """Return so many bytes or fewer; none at the end."""


def events(stream: Readable) -> Iterator[Event]:
    """Read XML.

    A document type is refused, and with it every entity: what documents are made of needs none.

    Raises:
        UnreadableMedia: it is not well-formed, too deep, or has a document type.
    """
    reader = _Reader()
    while piece := stream.read(PIECE):
        yield from reader.read(piece)


class _Reader:
    def __init__(self) -> None:
        self._queue: list[Event] = []
        self._depth = 0
        self._parser = expat.ParserCreate(namespace_separator=SEPARATOR)
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._queue.append
        self._parser.StartDoctypeDeclHandler = self._refuse

    def read(self, piece: bytes) -> list[Event]:
        self._queue.clear()
        try:
            self._parser.Parse(piece)
        except (expat.ExpatError, ValueError, LookupError):  # not well-formed, or in a code that there is not
            raise UnreadableMedia("The document is broken: its XML is not well-formed.") from None
        return self._queue

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise UnreadableMedia("The document is not read: its XML is too deep.")
        self._queue.append(Start(_plain(name), {_attribute(each): value for each, value in attributes.items()}))

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._queue.append(End(_plain(name)))

    def _refuse(self, *declared: object) -> None:
        raise UnreadableMedia("The document is not read: its XML has a document type, which none of its kind has.")


def without_fallbacks(events: Iterable[Event]) -> Iterator[Event]:
    """Leave out what documents say once more for programs that do not understand it otherwise."""
    inside = 0
    for event in events:
        if not isinstance(event, str) and event.name == "Fallback":
            inside += 1 if isinstance(event, Start) else -1
        elif not inside:
            yield event


def _plain(name: str) -> str:
    return name.rpartition(SEPARATOR)[2]


def _attribute(name: str) -> str:
    space, _, plain = name.rpartition(SEPARATOR)
    return f"r:{plain}" if space.endswith(POINTERS) else plain
