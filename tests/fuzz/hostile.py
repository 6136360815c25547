"""Files that somebody makes who means harm: small, and dear to whoever believes them."""

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image

from tests.film import drawn
from tests.fuzz.seeds import W, office, packed, paper, pdf, stream
from tests.media.made import id3, mp3, sound

MANY = 100_000
BIG = 256 * 2**20  # bytes that something unpacks to


def zeros(size: int) -> bytes:
    """Zeros, deflated."""
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(size >> 20)) + packer.flush()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, depth: int, colours: int, rows: bytes, *between: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0))
    return b"".join([b"\x89PNG\r\n\x1a\n", header, *between, chunk(b"IDAT", rows), chunk(b"IEND", b"")])


def jpeg(**options: object) -> bytes:
    target = io.BytesIO()
    Image.fromarray(drawn(3)).save(target, "JPEG", **options)
    return target.getvalue()


def wide_jpeg() -> bytes:
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 65_000, 65_000)
    return bytes(data)


def wide_avif() -> bytes:
    target = io.BytesIO()
    Image.fromarray(drawn(3)).save(target, "AVIF")
    data = bytearray(target.getvalue())
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", 65_000, 65_000)
    return bytes(data)


def many_scans() -> bytes:
    """A progressive JPEG that refines its picture for ever."""
    data = jpeg(progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 5000 + b"\xff\xd9"


def gif(width: int, height: int, frames: int) -> bytes:
    """Empty frames on a screen."""
    frame = b",\0\0\0\0" + struct.pack("<HH", width, height) + b"\0\x02\x02\x4c\x01\0"
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff" + frame * frames + b";"


def tiff(side: int, *, following: int = 0) -> bytes:
    """A TIFF of one strip that unpacks to zeros, whose directory names another one to follow."""
    strip = zeros(BIG)
    tags = [(256, side), (257, side), (258, 8), (259, 8), (262, 1), (273, 200), (277, 1), (278, side)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in [*tags, (279, len(strip))])
    directory = struct.pack("<H", len(tags) + 1) + entries + struct.pack("<I", following)
    return (b"II*\0\x08\0\0\0" + directory).ljust(200, b"\0") + strip


def webp(side: int) -> bytes:
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + (side - 1).to_bytes(3, "little") * 2
    return b"RIFF" + struct.pack("<I", len(body)) + body


def cyclic_pages() -> bytes:
    """Pages that are their own parents and children, and an outline that goes round."""
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /Outlines 4 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 2147483647 /Parent 3 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count -1 /Parent 2 0 R >>",
            b"<< /Type /Outlines /First 5 0 R /Last 5 0 R /Count 1 >>",
            b"<< /Title (round) /Parent 5 0 R /Next 5 0 R /Prev 5 0 R /First 5 0 R /Last 5 0 R >>",
        ]
    )


def cyclic_form() -> bytes:
    """A page with a drawing that draws itself."""
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1e9 1e9] /Contents 4 0 R /Resources 5 0 R >>",
            stream(b"/X Do /X Do"),
            b"<< /XObject << /X 6 0 R >> >>",
            stream(b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources 5 0 R"),
        ]
    )


def cyclic_table() -> bytes:
    """Tables of references that name each other as the one before."""
    data = paper()
    return data.replace(b"/Size", b"/Prev %d /Size" % data.rindex(b"xref\n0"))


def unpacking_page() -> bytes:
    """A page whose text unpacks, and unpacks again."""
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            stream(zlib.compress(zeros(4 * BIG)), b"/Filter [/FlateDecode /FlateDecode]"),
        ]
    )


def huge_picture() -> bytes:
    """A page with a picture of 65,000 by 65,000 pixels."""
    image = b"/Type /XObject /Subtype /Image /Width 65000 /Height 65000 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources 6 0 R >>",
            stream(b"/I Do"),
            stream(zeros(BIG), image + b" /Filter /FlateDecode"),
            b"<< /XObject << /I 5 0 R >> >>",
        ]
    )


def many_pages() -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, MANY))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    head = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, MANY - 3)]
    return pdf([*head, *[page] * (MANY - 3)])


def deep_objects() -> bytes:
    return pdf([b"[" * MANY + b"]" * MANY, b"<< /Type /Pages /Kids [] /Count 0 >>"])


def laughs() -> bytes:
    """XML whose entities grow by ten at each of ten levels."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    document = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&e9;</w:t></w:r></w:p></w:body></w:document>'
    text = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e0 "ha">{levels}]>{document}'
    return office("word/document.xml", "wordprocessingml.document", text)


def growing_letter() -> bytes:
    """A docx of a few KB whose text unpacks to hundreds of MB."""
    text = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>'.encode() + b" " * BIG
    return office("word/document.xml", "wordprocessingml.document", text)


def deep_letter() -> bytes:
    body = "<w:tbl><w:tr><w:tc>" * MANY
    return office("word/document.xml", "wordprocessingml.document", f'<w:document xmlns:w="{W}"><w:body>{body}')


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def deep_boxes() -> bytes:
    """An MP4 of boxes in boxes."""
    inner = b""
    for _ in range(20_000):
        inner = box(b"moov", inner)
    return box(b"ftyp", b"isom\0\0\2\0isomiso2mp41") + inner


def lying_table() -> bytes:
    """A song whose table counts four thousand million samples, of no length."""
    data = sound("mp4", "aac")
    at = data.index(b"stts") + 8
    data = data[:at] + struct.pack(">III", 1, 0xFFFFFFFF, 0) + data[at + 12 :]
    at = data.index(b"stsz") + 8
    return data[:at] + struct.pack(">II", 1, 0xFFFFFFFF) + data[at + 8 :]


def endless_film() -> bytes:
    """A Matroska film of unknown length whose clusters come again and again."""
    data = sound("matroska", "aac", options={"live": "1"})
    first = data.index(b"\x1f\x43\xb6\x75")
    return data[:first] + data[first:] * 3000


def covered_song() -> bytes:
    """A song whose cover has 65,000 by 65,000 pixels."""
    picture = png(65_000, 65_000, 8, 2, zeros(BIG))
    return id3({"APIC": b"\0image/png\0\3\0" + picture}) + mp3()


def told_lie(kind: str, mark: bytes, behind: int, size: int) -> bytes:
    """A sound with ones over the number that is written so far behind a mark."""
    data = bytearray(sound(kind, {"wav": "pcm_s16le", "aiff": "pcm_s16be"}.get(kind, kind)))
    at = data.index(mark) + behind
    data[at : at + size] = b"\xff" * size
    return bytes(data)


#: Names, and how each is made.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "empty.jpg": lambda: b"",
    "byte.mp4": lambda: b"\0",
    "wide.png": lambda: png(65_000, 65_000, 8, 2, zeros(BIG)),
    "white.png": lambda: png(15_500, 15_500, 1, 0, zeros(32 * 2**20)),  # as large as may be, and not a lie
    "thin.png": lambda: png(1, 65_000, 8, 2, zeros(2**20)),
    "profile.png": lambda: png(8, 8, 8, 2, zeros(2**20), chunk(b"iCCP", b"p\0\0" + zeros(BIG))),
    "text.png": lambda: png(8, 8, 8, 2, zeros(2**20), *[chunk(b"zTXt", b"c\0\0" + zeros(2**20))] * 3000),
    "wide.jpg": wide_jpeg,
    "scans.jpg": many_scans,
    "wide.avif": wide_avif,
    "wide.gif": lambda: gif(65_000, 65_000, 1),
    "long.gif": lambda: gif(2000, 2000, MANY),
    "wide.tif": lambda: tiff(65_000),
    "square.tif": lambda: tiff(15_500),
    "round.tif": lambda: tiff(16, following=8),
    "wide.webp": lambda: webp(16_384),
    "pages.pdf": cyclic_pages,
    "form.pdf": cyclic_form,
    "table.pdf": cyclic_table,
    "unpacking.pdf": unpacking_page,
    "picture.pdf": huge_picture,
    "many.pdf": many_pages,
    "deep.pdf": deep_objects,
    "laughs.docx": laughs,
    "growing.docx": growing_letter,
    "deep.docx": deep_letter,
    "zeros.zip": lambda: packed([("zeros", bytes(BIG))]),
    "many.zip": lambda: packed((f"{number}.txt", b"") for number in range(MANY)),
    "deep.html": lambda: b"<div>" * MANY,
    "deep.md": lambda: b">" * MANY + b"\n" + b"[" * MANY + b"\n" + b"* " * MANY,
    "long.txt": lambda: b"a" * (64 * 2**20),
    "wild.csv": lambda: b'"' * MANY + b"," * MANY,
    "deep.mp4": deep_boxes,
    "table.m4a": lying_table,
    "endless.mkv": endless_film,
    "cover.mp3": covered_song,
    "lie.wav": lambda: told_lie("wav", b"data", 4, 4),
    "rate.wav": lambda: told_lie("wav", b"fmt ", 10, 10),
    "lie.aiff": lambda: told_lie("aiff", b"COMM", 8, 6),
    "lie.flac": lambda: told_lie("flac", b"fLaC", 4 + 4 + 10, 8),
    "nothing.ts": lambda: (b"\x47\x1f\xff\x10" + b"\xff" * 184) * MANY,
}
