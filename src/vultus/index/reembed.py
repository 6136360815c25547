"""Re-embedding: the faces that are known of a file, looked at by another model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vultus.catalog import Catalog, FileRow
from vultus.catalog.overlap import Box, same_faces
from vultus.catalog.reembedding import NewEmbedding, PlacedFace
from vultus.index.face import stored_embedding
from vultus.index.pipeline import PERMANENT, Indexer
from vultus.index.watch import Watch, unwatched
from vultus.media.images.picture import Picture, decode_picture
from vultus.media.unreadable import UnreadableMedia
from vultus.media.videos.stream_kind import kind_of
from vultus.media.videos.video import Video
from vultus.storage.storage import Storage
from vultus.storage.uri import ObjectURI
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.faces.face import Face


@dataclass(frozen=True, slots=True)
class Look:
    """What a model sees of the faces of a file.

    Attributes:
        version: of the object that was looked at.
        found: the faces.
        missing: why a face could not be seen, by its row.
    """

    version: str
    found: list[NewEmbedding]
    missing: dict[int, str]


@dataclass(frozen=True, slots=True)
class Reembedder:
    """Looks at the faces of one file at a time.

    A face is found again where it was: by the box that the detector finds there, which gives the very embedding that
    indexing the file anew would give; or, where the detector passes it by, by its landmarks in the box that is known.
    """

    catalog: Catalog
    storage: Storage
    indexer: Indexer

    def look(self, file_id: int, model: str, watch: Watch = unwatched) -> Look:
        """Look at the faces of a file; ``watch`` hears how far that is.

        A file whose object has changed is indexed anew first. One that cannot be read keeps its faces.

        Raises:
            ResourceNotFound: the file was deleted meanwhile.
            VultusError: the storage is out of reach for now.
        """
        row = self.catalog.files.row(file_id)
        try:
            row = self._up_to_date(row)
            faces = self.catalog.reembedding.faces(file_id)
            found = self._looked_at(row, faces, model, watch) if faces else []
        except PERMANENT as error:
            reason = f"[{error.code}] {error.message}"
            return Look(row.version, [], {face.id: reason for face in self.catalog.reembedding.faces(file_id)})
        return Look(row.version, found, {})

    def _up_to_date(self, row: FileRow) -> FileRow:
        uri = ObjectURI.parse(row.uri)
        self.storage.authorise(uri, self.catalog.datasets.by_id(row.dataset_id).project_name)
        if self.storage.stat(uri).version == row.version:
            return row
        self.indexer.renew(row, lambda: None)
        return self.catalog.files.row(row.id)

    def _looked_at(self, row: FileRow, faces: Sequence[PlacedFace], model: str, watch: Watch) -> list[NewEmbedding]:
        analyser = self.indexer.analyser(model)  # which may take long to come, and is not the file's fault
        with self.indexer.within(self.indexer.seconds(row.media_type)):
            return self._seen(row, faces, analyser, watch)

    def _seen(
        self, row: FileRow, faces: Sequence[PlacedFace], analyser: FaceAnalyser, watch: Watch
    ) -> list[NewEmbedding]:
        found: list[NewEmbedding] = []
        for frame, picture in self._pictures(row, sorted({face.box.frame for face in faces})):
            there = [face for face in faces if face.box.frame == frame]
            with self.indexer.within(self.indexer.settings.media.seconds):
                seen = _matched(analyser, picture, [face.box for face in there])
            found += [
                NewEmbedding(known.id, stored_embedding(face), face.quality)
                for known, face in zip(there, seen, strict=True)
            ]
            watch(len(found) / len(faces))
        if len(found) < len(faces):
            raise UnreadableMedia("The video does not show the frames any more in which its faces were found.")
        return found

    def _pictures(self, row: FileRow, frames: Sequence[int]) -> Iterator[tuple[int, Picture]]:
        """The picture, or the frames of a video at some times, with these times."""
        media, uri = self.indexer.settings.media, ObjectURI.parse(row.uri)
        with self.storage.open(uri, max(media.max_bytes, media.max_video_bytes)) as file:
            kind = kind_of(file, uri.key, media)
            if kind.media_type != "video":
                yield 0, decode_picture(file.read(), working_side=media.working_side, max_pixels=media.max_pixels)
                return
            video = Video(file, kind.content_type, media)
            extent = video.extent()
            if extent:
                yield from video.pictures(frames, extent)


def _matched(analyser: FaceAnalyser, picture: Picture, boxes: Sequence[Box]) -> list[Face]:
    """A face for each box that is known."""
    found = analyser.analyse(picture)
    partner = same_faces(boxes, [Box(*face.box, frame=boxes[0].frame) for face in found])
    passed_by = [index for index in range(len(boxes)) if index not in partner]
    again = analyser.look_at(picture, [boxes[index][:4] for index in passed_by])
    faces = {index: found[other] for index, other in partner.items()} | dict(zip(passed_by, again, strict=True))
    return [faces[index] for index in range(len(boxes))]
