"""What a file is: image, video, audio, document, archive or something else."""

import codecs
import re
from pathlib import PurePosixPath
from typing import Literal, get_args

import msgspec

from vultus.media.signature import ARCHIVES, BRANDS, DOCUMENT_FAMILIES, DOCUMENTS, SIGNATURES, SUFFIXES, VIDEOS

#: Bytes from the start of a file that are enough to tell its kind.
HEAD = 8192

MediaType = Literal["image", "video", "audio", "document", "archive", "other"]

UNKNOWN = "application/octet-stream"
BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})  # sizes in bytes of the header that follows "BM"
ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
ASF_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")  # the GUID of a video stream
ASF_AUDIO = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
QUICKTIME_ATOMS = frozenset({b"moov", b"mdat", b"wide", b"pnot"})  # files older than the ftyp atom begin with these
RAW_PHOTOS = frozenset({".arw", ".cr2", ".dng", ".nef"})  # begin like TIFF, and hold a sensor's values
CONTROL = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]")  # bytes that no text holds


class Kind(msgspec.Struct, frozen=True):
    """What a file is.

    Attributes:
        media_type: as IMM's File.MediaType.
        content_type: MIME type.
    """

    media_type: MediaType
    content_type: str


def sniff(head: bytes, name: str) -> Kind:
    """Tell what a file is by its content; by its name only where the content cannot tell.

    Args:
        head: the first ``HEAD`` bytes of the file, or all of a shorter one.
        name: file name or key; only what follows its last dot counts.
    """
    suffix = PurePosixPath(name).suffix.lower()
    content_type = _of_content(head, suffix) or SUFFIXES.get(suffix, UNKNOWN)
    return Kind(_media_type(content_type), content_type)


def _media_type(content_type: str) -> MediaType:
    if content_type in DOCUMENTS or content_type.startswith(DOCUMENT_FAMILIES):
        return "document"
    if content_type in ARCHIVES:
        return "archive"
    if content_type in VIDEOS:
        return "video"
    family = content_type.partition("/")[0]
    return next((kind for kind in get_args(MediaType) if kind == family), "other")


def _of_content(head: bytes, suffix: str) -> str | None:
    for offset, magic, content_type in SIGNATURES:
        if head.startswith(magic, offset):
            return content_type
    for look in CONTAINERS:
        found = look(head, suffix)
        if found:
            return found
    return _text(head, suffix)


def _riff(head: bytes, suffix: str) -> str | None:
    if head[:4] not in (b"RIFF", b"RF64"):
        return None
    return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12])


def _iso_media(head: bytes, suffix: str) -> str | None:
    if head[4:8] in QUICKTIME_ATOMS:
        return "video/quicktime"
    if head[4:8] != b"ftyp":
        return None
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(int.from_bytes(head[:4]), len(head)), 4))]
    found = BRANDS.get(brands[0])
    if found == "image/heif":  # a frame for any codec: the other brands name it
        found = next((BRANDS[brand] for brand in brands if BRANDS.get(brand) in ("image/avif", "image/heic")), found)
    if found:
        return found
    return "audio/mp4" if suffix in (".m4a", ".m4b") else "video/mp4"


def _tiff(head: bytes, suffix: str) -> str | None:
    if head[:4] not in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return None
    if head[8:10] == b"CR":
        return SUFFIXES[".cr2"]
    return SUFFIXES[suffix] if suffix in RAW_PHOTOS else "image/tiff"


def _bmp(head: bytes, suffix: str) -> str | None:
    is_bmp = head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in BMP_HEADERS
    return "image/bmp" if is_bmp else None


def _matroska(head: bytes, suffix: str) -> str | None:
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return None
    if b"\x42\x82\x84webm" in head:  # EBML's DocType, four bytes long
        return "audio/webm" if suffix == ".weba" else "video/webm"
    return "audio/x-matroska" if suffix == ".mka" else "video/x-matroska"


def _ogg(head: bytes, suffix: str) -> str | None:
    if not head.startswith(b"OggS"):
        return None
    return "video/ogg" if b"\x80theora" in head or suffix == ".ogv" else "audio/ogg"


def _asf(head: bytes, suffix: str) -> str | None:
    if not head.startswith(ASF):
        return None
    if ASF_VIDEO in head:
        return "video/x-ms-wmv"
    return "audio/x-ms-wma" if ASF_AUDIO in head or suffix == ".wma" else "video/x-ms-wmv"


def _iff(head: bytes, suffix: str) -> str | None:
    return "audio/aiff" if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC") else None


def _zip(head: bytes, suffix: str) -> str | None:
    if head[:4] not in (b"PK\3\4", b"PK\5\6"):
        return None
    if head[30:38] == b"mimetype":  # OpenDocument and EPUB say it in their first, stored member
        length = int.from_bytes(head[18:22], "little")
        return head[38 : 38 + min(length, 100)].decode("latin-1").strip() or "application/zip"
    for member, like in ((b"word/", ".docx"), (b"xl/", ".xlsx"), (b"ppt/", ".pptx")):
        if suffix == like or (member in head and (b"[Content_Types].xml" in head or b"_rels/.rels" in head)):
            return SUFFIXES[like]
    return "application/zip"


def _ole(head: bytes, suffix: str) -> str | None:
    if not head.startswith(OLE):
        return None
    return SUFFIXES[suffix] if suffix in (".doc", ".xls", ".ppt") else "application/x-ole-storage"


def _pdf(head: bytes, suffix: str) -> str | None:
    return "application/pdf" if b"%PDF-" in head[:1024] else None


def _transport(head: bytes, suffix: str) -> str | None:
    """MPEG transport stream: a sync byte every 188 bytes, or every 192 behind a time stamp."""
    for start, step in ((0, 188), (4, 192)):
        if len(head) > start + 2 * step and head[start] == head[start + step] == head[start + 2 * step] == 0x47:
            return "video/mp2t"
    return None


def _mpeg_audio(head: bytes, suffix: str) -> str | None:
    if head.startswith(b"ID3"):
        size = 0
        for byte in head[6:10]:
            size = size << 7 | byte & 0x7F
        if head[size + 10 : size + 14] == b"fLaC":
            return "audio/flac"
        return SUFFIXES[suffix] if suffix in (".aac", ".aiff", ".flac", ".wav") else "audio/mpeg"
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    if layer == 0:
        return "audio/aac" if head[1] & 0xF6 == 0xF0 and head[2] >> 2 & 15 < 13 else None
    sound = version != 1 and layer != 3 and 0 < head[2] >> 4 < 15 and head[2] >> 2 & 3 != 3
    return "audio/mpeg" if sound else None


def _text(head: bytes, suffix: str) -> str | None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _text_type(suffix)
    if not head or CONTROL.search(head):
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # incremental: the last character may be cut
    except UnicodeDecodeError:
        # Perhaps text in an older code: nothing but its name can say so.
        return SUFFIXES[suffix] if SUFFIXES.get(suffix, "").startswith("text/") else None
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:512].lower()
    if b"<svg" in start:
        return "image/svg+xml"
    if start.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    return "application/xml" if start.startswith(b"<?xml") else _text_type(suffix)


def _text_type(suffix: str) -> str:
    named = SUFFIXES.get(suffix, "")
    return named if named.startswith("text/") or named in ("application/json", "application/xml") else "text/plain"


CONTAINERS = (_riff, _iso_media, _tiff, _bmp, _matroska, _ogg, _asf, _iff, _zip, _ole, _pdf, _transport, _mpeg_audio)
