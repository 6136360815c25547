import io
import struct
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from vultus.media.kind import HEAD, sniff
from vultus.media.signature import SUFFIXES

BY_SUFFIX = {
    ".aiff": ("audio", "audio/aiff"),
    ".bmp": ("image", "image/bmp"),
    ".flac": ("audio", "audio/flac"),
    ".gif": ("image", "image/gif"),
    ".heic": ("image", "image/heic"),
    ".heif": ("image", "image/heic"),
    ".jpg": ("image", "image/jpeg"),
    ".m4a": ("audio", "audio/mp4"),
    ".mkv": ("video", "video/x-matroska"),
    ".mov": ("video", "video/quicktime"),
    ".mp3": ("audio", "audio/mpeg"),
    ".mp4": ("video", "video/mp4"),
    ".ogg": ("audio", "audio/ogg"),
    ".opus": ("audio", "audio/ogg"),
    ".pdf": ("document", "application/pdf"),
    ".png": ("image", "image/png"),
    ".tif": ("image", "image/tiff"),
    ".wav": ("audio", "audio/wav"),
    ".webp": ("image", "image/webp"),
    ".wma": ("audio", "audio/x-ms-wma"),
}


def kind_of(data: bytes, name: str = "") -> tuple[str, str]:
    kind = sniff(data[:HEAD], name)
    return kind.media_type, kind.content_type


def test_every_file_of_the_test_media_is_told(data):
    files = sorted((data / "media").iterdir())
    assert len(files) > 70
    told = {file.name: kind_of(file.read_bytes(), file.name) for file in files}
    assert told == {file.name: BY_SUFFIX[file.suffix.lower()] for file in files}


def test_the_content_decides_without_a_name(data):
    by_name_alone = {"has-tags.m4a"}  # its brand is that of any MP4
    for file in sorted((data / "media").iterdir()):
        if file.name.rpartition("__")[2] not in by_name_alone:
            assert kind_of(file.read_bytes()) == BY_SUFFIX[file.suffix.lower()], file.name


@pytest.mark.parametrize("kind", ["jpeg", "png", "gif", "tiff", "bmp", "webp", "avif"])
def test_the_content_decides_against_the_name(encode, scene, kind):
    for name in ("x.txt", "x.mp4", "x", "x.zip", "x.heic"):
        assert kind_of(encode(scene, kind), name) == ("image", f"image/{kind}")


def ftyp(brand: bytes, *others: bytes) -> bytes:
    body = brand + bytes(4) + b"".join(others)
    return struct.pack(">I", len(body) + 8) + b"ftyp" + body + b"\0\0\0\x08free"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (ftyp(b"mif1", b"mif1", b"avif"), ("image", "image/avif")),
        (ftyp(b"mif1", b"mif1", b"heic"), ("image", "image/heic")),
        (ftyp(b"mif1", b"miaf"), ("image", "image/heif")),
        (ftyp(b"avis", b"avif"), ("image", "image/avif")),
        (ftyp(b"isom", b"avc1"), ("video", "video/mp4")),
        (ftyp(b"qt  "), ("video", "video/quicktime")),
        (ftyp(b"M4A "), ("audio", "audio/mp4")),
        (ftyp(b"3gp5"), ("video", "video/3gpp")),
        (b"\0\0\0\x08wide\0\0\0\0mdat", ("video", "video/quicktime")),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\1\x42\x82\x84webm", ("video", "video/webm")),
        (b"\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska", ("video", "video/x-matroska")),
        (b"RIFF\0\0\0\0AVI LIST", ("video", "video/x-msvideo")),
        (b"FLV\1\5", ("video", "video/x-flv")),
        (b"\0\0\1\xba\x44", ("video", "video/mpeg")),
        ((b"\x47" + bytes(187)) * 3, ("video", "video/mp2t")),
        ((bytes(4) + b"\x47" + bytes(187)) * 3, ("video", "video/mp2t")),
        (b"OggS" + bytes(24) + b"\x80theora", ("video", "video/ogg")),
        (b"ID3\4\0\0\0\0\0\0fLaC", ("audio", "audio/flac")),
        (b"\xff\xfb\x90\x64" + bytes(100), ("audio", "audio/mpeg")),
        (b"\xff\xf1\x50\x80" + bytes(100), ("audio", "audio/aac")),
        (b"#!AMR\n", ("audio", "audio/amr")),
        (b".snd\0\0\0\x18", ("audio", "audio/basic")),
        (b"TTA1\1\0", ("audio", "audio/x-tta")),
        (b"II*\0\x10\0\0\0CR\2\0", ("image", "image/x-canon-cr2")),
        (b"8BPS\0\1", ("image", "image/vnd.adobe.photoshop")),
        (b"junk before %PDF-1.4", ("document", "application/pdf")),
        (b"{\\rtf1", ("document", "application/rtf")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("document", "application/x-ole-storage")),
        (b"<?xml version='1.0'?><a/>", ("document", "application/xml")),
        (b"<?xml version='1.0'?>\n<svg xmlns=''/>", ("image", "image/svg+xml")),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", ("document", "text/html")),
        (b"hello\r\nworld\n", ("document", "text/plain")),
        ("日本語".encode(), ("document", "text/plain")),
        ("日本語".encode("utf-16"), ("document", "text/plain")),
        (b"\x1f\x8b\x08", ("archive", "application/gzip")),
        (b"BZh91AY", ("archive", "application/x-bzip2")),
        (b"\xfd7zXZ\0", ("archive", "application/x-xz")),
        (b"7z\xbc\xaf\x27\x1c", ("archive", "application/x-7z-compressed")),
        (b"Rar!\x1a\x07\1\0", ("archive", "application/vnd.rar")),
        (b"\x28\xb5\x2f\xfd", ("archive", "application/zstd")),
        (b"\x7fELF\2", ("other", "application/x-executable")),
        (b"BM is how this begins\0\1", ("other", "application/octet-stream")),
        (b"\0\1\2\3", ("other", "application/octet-stream")),
        (b"", ("other", "application/octet-stream")),
    ],
)
def test_a_kind_is_told_by_its_content(data, told):
    assert kind_of(data) == told


def archive(*members: str, stored: dict[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in (stored or {}).items():
            file.writestr(name, text)
        for name in members:
            file.writestr(name, "<xml/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (archive("a.txt"), ("archive", "application/zip")),
        (archive(), ("archive", "application/zip")),
        (archive("[Content_Types].xml", "word/document.xml"), ("document", SUFFIXES[".docx"])),
        (archive("[Content_Types].xml", "xl/workbook.xml"), ("document", SUFFIXES[".xlsx"])),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), ("document", SUFFIXES[".pptx"])),
        (
            archive("content.xml", stored={"mimetype": "application/vnd.oasis.opendocument.text"}),
            ("document", "application/vnd.oasis.opendocument.text"),
        ),
        (archive(stored={"mimetype": "application/epub+zip"}), ("document", "application/epub+zip")),
    ],
)
def test_a_document_in_a_zip_is_told_from_an_archive(data, told):
    assert kind_of(data) == told


def test_an_archive_of_tar_is_told():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as file:
        file.addfile(tarfile.TarInfo("a"))
    assert kind_of(buffer.getvalue()) == ("archive", "application/x-tar")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.csv", b"a,b\n1,2\n", ("document", "text/csv")),
        ("a.MD", b"# Title\n", ("document", "text/markdown")),
        ("a.json", b"{}", ("document", "application/json")),
        ("a.txt", "\u4f60\u597d".encode("gbk"), ("document", "text/plain")),
        ("a.jpg", b"just words", ("document", "text/plain")),
        ("a.jpg", b"\0\1\2\3", ("image", "image/jpeg")),
        ("a.heic", b"", ("image", "image/heic")),
        ("a.mka", b"\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska", ("audio", "audio/x-matroska")),
        ("a.m4a", ftyp(b"mp42", b"isom"), ("audio", "audio/mp4")),
        ("a.nef", b"MM\0*\0\0\0\x08", ("image", "image/x-nikon-nef")),
        ("a.docx", archive("_rels/.rels"), ("document", SUFFIXES[".docx"])),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("document", "application/vnd.ms-excel")),
        ("2024.jpg/notes", b"\0\1", ("other", "application/octet-stream")),
    ],
)
def test_the_name_tells_where_the_content_cannot(name, data, told):
    assert kind_of(data, name) == told


@given(st.binary(max_size=600), st.text(max_size=20))
def test_anything_has_a_kind(data, name):
    kind = sniff(data, name)
    assert kind.media_type in {"image", "video", "audio", "document", "archive", "other"}
    assert kind.content_type.count("/") == 1


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1), st.integers(1, 5))
def test_text_cut_within_a_character_is_text(text, cut):
    data = text.encode() * 3
    if data[:-cut]:
        assert sniff(data[:-cut], "a.txt").media_type in {"document", "image", "audio", "video", "archive"}


def test_a_palette_of_bitmaps_is_an_image():
    buffer = io.BytesIO()
    Image.new("P", (4, 4)).save(buffer, "BMP")
    assert kind_of(buffer.getvalue()) == ("image", "image/bmp")
