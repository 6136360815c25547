"""The object itself: its name, kind, size, times and checksums."""

import base64
import hashlib

from vultus import model
from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.media.kind import HEAD, sniff
from vultus.model.moment import to_wire

PIECE = 2**20  # bytes of a file read at a time


@step(
    gives={
        *("filename", "media_type", "content_type", "size", "file_hash", "content_md5", "etag", "file_modified_time"),
    }
)
def object_meta(subject: Subject) -> None:
    """Say what the object is, whatever its name says, and sum up its bytes."""
    facts, file = subject.facts, subject.file
    kind = sniff(file.read(HEAD), subject.uri.key)
    file.seek(0)
    digest = hashlib.md5(usedforsecurity=False)
    while piece := file.read(PIECE):
        digest.update(piece)
    subject.document = model.File(
        filename=subject.uri.key,
        media_type=kind.media_type,
        content_type=kind.content_type,
        size=facts.size,
        file_hash=digest.hexdigest(),
        content_md5=base64.b64encode(digest.digest()).decode(),
        etag=facts.etag,
        file_modified_time=to_wire(facts.modified),
    )
