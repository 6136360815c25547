"""Looking at a picture for somebody who waits: its faces, without a record of them."""

from dataclasses import dataclass

from vultus.catalog import IndexedFace
from vultus.config import Media
from vultus.index.face import indexed_face
from vultus.media.images.picture import decode_picture
from vultus.media.kind import HEAD, sniff
from vultus.media.unreadable import UnreadableMedia
from vultus.storage.storage import Storage
from vultus.storage.uri import ObjectURI
from vultus.vision.analyser import FaceAnalyser


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Finds faces as indexing does, with its limits.

    Attributes:
        media: how much is read.
        storage: where pictures come from. Who asks has seen to it that they may be read.
        analyser: finds and embeds the faces.
    """

    media: Media
    storage: Storage
    analyser: FaceAnalyser

    def faces(self, uri: ObjectURI) -> list[IndexedFace]:
        """Return the faces of a picture, the largest first.

        Raises:
            ObjectMissing: there is none.
            ObjectTooLarge: it has more bytes than are read.
            UnreadableMedia: it is no picture, or cannot be read.
            VultusError: the storage refuses, or is out of reach.
        """
        media_type = sniff(self.storage.head(uri, HEAD), uri.key).media_type
        if media_type in ("video", "audio", "document", "archive"):  # each with pages or frames, or without pictures
            raise UnreadableMedia(f"The file is of the kind {media_type}; faces are looked for in images.")
        data = self.storage.read(uri, self.media.max_bytes)
        picture = decode_picture(data, working_side=self.media.working_side, max_pixels=self.media.max_pixels)
        return [indexed_face(face) for face in self.analyser.analyse(picture)]
