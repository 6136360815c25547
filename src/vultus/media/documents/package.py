"""Packages: documents of Office, XML in a ZIP archive (ECMA-376-2), opened without trust in what they claim."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import IO

from vultus.media.documents.encrypted import locked
from vultus.media.documents.paper import Paper, written_at
from vultus.media.element import Start
from vultus.media.unreadable import UnreadableMedia
from vultus.media.xml_events import Event, events

MOST_DIRECTORY = 8 * 2**20  # bytes of the list of parts: ten thousands of them
MOST_UNPACKED = 64 * 2**20  # bytes that are unpacked of a document, in all; what follows is not read
RATIO = 200  # to which a part may unpack beyond that; a bomb comes to 1,000
SMALL = 16 * 2**20  # bytes that a part may unpack to whatever its ratio: sheets of equal cells come to 500
MOST_LINKS = 20_000  # relationships of a part
SAID = frozenset({"title", "creator", "language", "created", "Pages"})  # what a document says of itself
PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
END = b"PK\5\6"  # begins the record at the end of an archive; the comment behind it has 65,535 bytes at most
END_64 = b"PK\6\6"
TAIL = 65_535 + 22 + 20 + 56  # bytes: the comment, the two records, and the locator between them
#: What the library raises over a broken archive; ValueError and OSError where it is led to places that there are not.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A part's pointer to another part, or out of the document.

    Attributes:
        kind: the last word of its type: ``slide``, ``hyperlink``.
        target: name of a part, or an address.
    """

    kind: str
    target: str


@dataclass(slots=True)
class Package:
    """An open document of Office.

    Attributes:
        archive: what it is packed in.
    """

    archive: zipfile.ZipFile
    _left: int = MOST_UNPACKED
    _related: dict[str, dict[str, Relationship]] = field(default_factory=dict)

    def events(self, part: str) -> Iterator[Event]:
        """Read a part, as long as there is room for what it unpacks to; nothing where there is no such part.

        Raises:
            UnreadableMedia: it is broken, or a bomb.
        """
        with _trouble():
            try:
                info = self.archive.getinfo(part)
            except KeyError:
                return
            _examine(info)
            with self.archive.open(info) as stream:
                yield from events(_Metered(stream, self))

    def related(self, part: str) -> dict[str, Relationship]:
        """Return where a part points to, by the ids that it uses; the empty name is the package itself.

        Raises:
            UnreadableMedia: it is broken.
        """
        if part not in self._related:
            folder, name = posixpath.split(part)
            listed = self.events(posixpath.join(folder, "_rels", f"{name}.rels"))
            found: dict[str, Relationship] = {}
            for event in listed:
                if isinstance(event, Start) and event.name == "Relationship" and len(found) < MOST_LINKS:
                    found[event.says("Id")] = _relationship(event, folder)
            self._related[part] = found
        return self._related[part]

    def first(self, part: str, kind: str) -> str:
        """Return the name of the first part of a kind that a part points to; empty where there is none."""
        return next((each.target for each in self.related(part).values() if each.kind == kind), "")

    def paper(self) -> Paper:
        """Return what the document says of itself: title, author, language, when it was made, pages.

        Raises:
            UnreadableMedia: it is broken.
        """
        core, extended = self.first("", "core-properties"), self.first("", "extended-properties")
        said: dict[str, str] = {}
        inside = ""
        for event in chain(self.events(core), self.events(extended)):
            if isinstance(event, Start):
                inside = event.name
            elif isinstance(event, str) and inside in SAID:
                said.setdefault(inside, event)
            else:
                inside = ""
        pages = said.get("Pages", "")
        return Paper(
            title=said.get("title", ""),
            author=said.get("creator", ""),
            language=said.get("language", ""),
            written=written_at(said.get("created", "")),
            pages=int(pages) if pages.isascii() and pages.isdigit() and 0 < len(pages) < 7 and int(pages) else None,
        )

    def spend(self, size: int) -> int:
        """Return how many more bytes may be unpacked, at most as many as wanted."""
        return min(size, max(self._left, 0))

    def spent(self, size: int) -> None:
        """Count bytes that were unpacked."""
        self._left -= size


@contextmanager
def opened(file: IO[bytes]) -> Iterator[Package]:
    """Open a document of Office for the length of the block.

    Raises:
        UnreadableMedia: it is none, or a bomb.
    """
    with _trouble():
        _refuse_long_directory(file)
        archive = zipfile.ZipFile(file)
    with archive:
        yield Package(archive)


@dataclass(slots=True)
class _Metered:
    """A part that counts what it unpacks to, whatever its header says."""

    stream: IO[bytes]
    package: Package

    def read(self, size: int) -> bytes:
        piece = self.stream.read(self.package.spend(size))
        self.package.spent(len(piece))
        return piece


@contextmanager
def _trouble() -> Iterator[None]:
    """Say that the archive is broken where unpacking it fails."""
    try:
        yield
    except UnreadableMedia:
        raise
    except BROKEN:
        raise UnreadableMedia("The document is broken: its archive cannot be unpacked.") from None


def _refuse_long_directory(file: IO[bytes]) -> None:
    """Look at the end of an archive before all of its directory is read into memory."""
    size = file.seek(0, 2)
    file.seek(max(size - TAIL, 0))
    tail = file.read(TAIL)
    file.seek(0)
    end, end_64 = tail.rfind(END), tail.rfind(END_64)
    sizes = [int.from_bytes(tail[end + 12 : end + 16], "little")] if end >= 0 else []
    if end_64 >= 0:
        sizes.append(int.from_bytes(tail[end_64 + 40 : end_64 + 48], "little"))
    if any(MOST_DIRECTORY < size < 0xFFFF_FFFF for size in sizes):  # all ones: the other record says it
        raise UnreadableMedia("The document is not read: its archive holds too many parts.")


def _examine(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 1:
        raise locked()
    if info.compress_type not in PACKED:
        raise UnreadableMedia("The document is broken: it is packed in a way that Office does not know.")
    if info.file_size > max(SMALL, RATIO * info.compress_size):
        raise UnreadableMedia("The document is not read: it unpacks to far more than documents do.")


def _relationship(event: Start, folder: str) -> Relationship:
    target = event.says("Target")
    if event.says("TargetMode") != "External":
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return Relationship(event.says("Type").rpartition("/")[2], target)
