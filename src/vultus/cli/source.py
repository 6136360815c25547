"""A source of photos and videos: a folder or a prefix that somebody names, and what lies there."""

import mimetypes
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vultus.cli.console import counted
from vultus.errors import InvalidArgument, VultusError
from vultus.media.kind import HEAD, sniff
from vultus.storage.storage import Storage
from vultus.storage.tree import Tree
from vultus.storage.uri import ObjectPrefix, ObjectURI

MEDIA = frozenset({"image", "video"})


@dataclass(slots=True)
class Source:
    """Gives the files to be indexed, and counts those it leaves out.

    Attributes:
        storage: where they lie.
        name: as people name it.
        tree: the place.
        all_files: also those that are neither images nor videos.
        left_out: how many ``uris`` has left out so far.
    """

    storage: Storage
    name: str
    tree: Tree
    all_files: bool = False
    left_out: int = 0

    def uris(self) -> Iterator[str]:
        """Give the URIs of the files to be indexed."""
        for uri in self.storage.files(self.tree):
            if self.all_files or self._is_media(uri):
                yield str(uri)
            else:
                self.left_out += 1

    def _is_media(self, uri: ObjectURI) -> bool:
        """Whether a file is a photo or video by its name, or where that has no ending, by how it begins."""
        guessed, _ = mimetypes.guess_type(uri.key)
        if sniff(b"", uri.key).media_type in MEDIA or (guessed or "").partition("/")[0] in MEDIA:
            return True
        if "." in uri.key.rpartition("/")[2]:
            return False
        try:
            return sniff(self.storage.head(uri, HEAD), uri.key).media_type in MEDIA
        except VultusError:
            return True  # indexing tells why it cannot be read


def told_left_out(number: int, name: str) -> str:
    """What to say of so many files of a source that were left out; empty where there are none."""
    if not number:
        return ""
    return f"{counted(number, 'other file', 'other files')} in {name} left out; --all takes {them(number)}."


def them(number: int) -> str:
    """The pronoun for so many things."""
    return "it" if number == 1 else "them"


def place_named(name: str) -> ObjectPrefix | Path:
    """Read what somebody names as a source.

    Raises:
        InvalidArgument: it is empty, no folder that is there, or no URI.
    """
    if not name.strip():
        raise InvalidArgument("The name of the folder is empty; name the current one as a dot.")
    if "://" in name:
        return ObjectPrefix.parse(name)
    folder = Path(os.path.expanduser(name))  # Path's own raises for a user whom nobody knows
    if folder.is_file():
        raise InvalidArgument(f"{name} is a file; name the folder that it is in.")
    if not folder.is_dir():
        raise InvalidArgument(f"There is no folder {name}.")
    return folder


def look_at(storage: Storage, place: ObjectPrefix | Path, project: str) -> Tree:
    """Find the files of a place for a project; nothing is remembered of it.

    Raises:
        InvalidArgument, PermissionDenied, ConfigError: as ``Storage.view_folder`` and ``Storage.authorise_bucket``.
    """
    if isinstance(place, Path):
        return storage.view_folder(place, project)
    storage.authorise_bucket(place.bucket, project)
    return Tree(place)
