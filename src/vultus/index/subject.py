"""What is being indexed: an object, what was found of it so far, and what it takes to find more."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import IO, Any, TypeVar

from vultus import model
from vultus.catalog import IndexedFace
from vultus.config import Settings
from vultus.index.watch import Watch, Within, unguarded, unwatched
from vultus.media.images.picture import Picture
from vultus.media.kind import Kind
from vultus.media.unreadable import UnreadableMedia
from vultus.media.videos.stream_kind import kind_of
from vultus.media.videos.video import Extent, Video
from vultus.storage.object import ObjectFacts
from vultus.storage.storage import Storage
from vultus.storage.uri import ObjectURI
from vultus.vision.analyser import FaceAnalyser

#: What steps find for each other and what does not go into the record as it is; fields of ``Subject``.
WORKING = frozenset({"picture", "faces", "stills"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tools:
    """What indexing one file leaves for the next: networks and tables, made when the first file needs them.

    Attributes:
        settings: limits of what is read.
        storage: where objects come from.
        within: what is not the file's fault is done in it.
    """

    settings: Settings
    storage: Storage
    within: Within = unguarded
    _kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def get(self, maker: Callable[[Settings], T]) -> T:
        """Return what a maker makes of the settings, made once, which may take as long as networks take to come."""
        if maker not in self._kept:
            with self.within(math.inf):
                self._kept[maker] = maker(self.settings)
        kept: T = self._kept[maker]
        return kept


@dataclass(frozen=True, slots=True)
class Still:
    """A frame of a video, made small.

    Attributes:
        time: milliseconds from the start.
        scene: when its scene begins, milliseconds.
        picture: upright.
    """

    time: int
    scene: int
    picture: Picture


@dataclass
class Subject:
    """An object on its way through the steps.

    Attributes:
        uri, facts: which object, and what its store says of it.
        file: its bytes; steps may leave it anywhere.
        tools: settings, storage, networks.
        analyser: finds faces; None where none are wanted.
        document: what was found so far.
        watch: hears how far a long step is.
        picture: of an image: decoded, upright, reduced.
        faces: as the catalog keeps them.
        stills: of a video: a frame of each scene.
    """

    uri: ObjectURI
    facts: ObjectFacts
    file: IO[bytes]
    tools: Tools
    analyser: FaceAnalyser | None = None
    document: model.File = field(default_factory=model.File)
    watch: Watch = unwatched
    picture: Picture | None = None
    faces: list[IndexedFace] = field(default_factory=list)
    stills: list[Still] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """The settings."""
        return self.tools.settings

    @cached_property
    def kind(self) -> Kind:
        """What the object is, whatever its name and its store say."""
        return kind_of(self.file, self.uri.key, self.settings.media)

    @cached_property
    def data(self) -> bytes:
        """All bytes; only for files that are read whole, such as images."""
        self.file.seek(0)
        return self.file.read()

    @cached_property
    def video(self) -> Video:
        """The object as a video or a sound.

        Raises:
            UnreadableMedia: it cannot be read.
        """
        self.file.seek(0)
        return Video(self.file, str(self.document.content_type), self.settings.media)

    @cached_property
    def extent(self) -> Extent | None:
        """How far its pictures reach; None for a sound. See ``video``."""
        return self.video.extent()

    def seen(self) -> Picture:
        """Return the picture.

        Raises:
            UnreadableMedia: there is none.
        """
        if self.picture is None:
            raise UnreadableMedia("The file shows nothing.")
        return self.picture
