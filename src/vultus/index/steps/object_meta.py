"""The object itself: its name, kind, size, time and checksums."""

from msgspec import UNSET

from vultus import model
from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.media.checksum import checksums_of
from vultus.model.moment import to_wire


@step(
    gives={
        *("filename", "media_type", "content_type", "size", "file_hash", "content_md5", "oss_crc64", "etag"),
        "file_modified_time",
    }
)
def object_meta(subject: Subject) -> None:
    """Say what the object is, whatever its name and its store say, and sum up its bytes."""
    facts, file = subject.facts, subject.file
    kind = subject.kind
    file.seek(0)
    sums = checksums_of(file)
    subject.document = model.File(
        filename=subject.uri.key,
        media_type=kind.media_type,
        content_type=kind.content_type,
        size=sums.size,
        file_hash=sums.md5.hex(),
        content_md5=sums.content_md5,
        oss_crc64=str(sums.crc64),
        etag=facts.etag or sums.etag,
        file_modified_time=to_wire(facts.modified) if facts.modified else UNSET,
    )
