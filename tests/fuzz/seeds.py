"""Sound files of every kind that is read, small, to be damaged."""

import io
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageDraw

from tests.film import drawn
from tests.media.made import MADE, has_encoder

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "application/vnd.openxmlformats-officedocument"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
PROSE = "The house stood at the end of a long road.\n\nNobody had lived there for thirty years.\n"


def seeds(data: Path | None) -> dict[str, bytes]:
    """Return files by name.

    Args:
        data: the folder of the test media, whose files are damaged as well; None where there is none.
    """
    made = {name: make() for name, (make, encoder) in MADE.items() if has_encoder(encoder)}
    found = {file.name: file.read_bytes() for file in sorted(data.iterdir())} if data else {}
    return {**pictures(), **made, **documents(), **found}


def pictures() -> dict[str, bytes]:
    """Images of every format that can be written here."""
    image = Image.fromarray(drawn(3, 320, 240))
    ImageDraw.Draw(image).text((40, 100), "Nobody had lived there", "white", font_size=22)
    exif = Image.Exif()
    exif[0x010F], exif[0x0112], exif[0x0132] = "camera", 6, "2024:05:06 07:08:09"
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 28.0, 2.8), 3: "E", 4: (11.0, 53.0, 6.5)})
    frames = [Image.fromarray(drawn(seed, 320, 240)) for seed in range(6)]
    options: dict[str, tuple[str, dict[str, object]]] = {
        "photo.jpg": ("JPEG", {"exif": exif, "xmp": b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"}),
        "progressive.jpg": ("JPEG", {"progressive": True}),
        "plain.png": ("PNG", {"exif": exif}),
        "animated.png": ("PNG", {"save_all": True, "append_images": frames}),
        "animated.gif": ("GIF", {"save_all": True, "append_images": frames}),
        "packed.tif": ("TIFF", {"compression": "tiff_lzw", "exif": exif}),
        "pages.tif": ("TIFF", {"compression": "tiff_adobe_deflate", "save_all": True, "append_images": frames}),
        "plain.bmp": ("BMP", {}),
        "photo.webp": ("WEBP", {"exif": exif}),
        "animated.webp": ("WEBP", {"save_all": True, "append_images": frames}),
        "photo.avif": ("AVIF", {"exif": exif}),
        "photo.jp2": ("JPEG2000", {}),
        "icon.ico": ("ICO", {}),
    }
    return {name: _encoded(image, kind, given) for name, (kind, given) in options.items()}


def _encoded(image: Image.Image, kind: str, options: dict[str, object]) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def documents() -> dict[str, bytes]:
    """Documents, texts and an archive."""
    return {
        "paper.pdf": paper(),
        "letter.docx": letter(),
        "slides.pptx": slides(),
        "sheet.xlsx": sheet(),
        "page.html": b"<html><head><title>House</title></head><body><h1>House</h1><p>Nobody<table><tr><td>1</table>",
        "page.md": b"# House\n\n" + PROSE.encode() + b"\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![road](road.png)\n",
        "note.txt": PROSE.encode(),
        "old.txt": "Straße über Köln\n".encode("latin-1") * 20,
        "table.csv": b"name,age\nAnna,31\nBert,44\n",
        "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9'/></svg>",
        "files.zip": packed([("a.txt", PROSE), ("b/c.txt", PROSE)]),
    }


def pdf(objects: Iterable[bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of objects, the first of which is its catalog."""
    body, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(offsets) + 1
    return bytes(body) + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        *(count, table, count, trailer, len(body)),
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream of a PDF, as it is."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def paper() -> bytes:
    """A PDF of two pages with a heading, an outline and a picture."""
    text = b"BT /F1 24 Tf 72 700 Td (The House) Tj /F1 12 Tf 0 -40 Td (Nobody had lived there.) Tj ET"
    drawing = b"q 100 0 0 100 72 400 cm /I1 Do Q"
    resources = b"/Resources << /Font << /F1 6 0 R >> /XObject << /I1 7 0 R >> >>"
    sheet_ = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R %s >>" % resources
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /Outlines 8 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
            sheet_,
            sheet_,
            stream(zlib.compress(text + drawing), b"/Filter /FlateDecode"),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            stream(
                bytes(range(48)),
                b"/Type /XObject /Subtype /Image /Width 4 /Height 4 /BitsPerComponent 8 /ColorSpace /DeviceRGB",
            ),
            b"<< /Type /Outlines /First 9 0 R /Last 9 0 R /Count 1 >>",
            b"<< /Title (The House) /Parent 8 0 R /Dest [3 0 R /Fit] >>",
            b"<< /Title (A House) /Author (Anna) >>",
        ],
        b"/Root 1 0 R /Info 10 0 R",
    )


def packed(members: Iterable[tuple[str, str | bytes]]) -> bytes:
    """A ZIP of files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def office(main: str, kind: str, content: str | bytes, others: Iterable[tuple[str, str | bytes]] = ()) -> bytes:
    """A file of Office: its main part, and others beside."""
    types = f'<Override PartName="/{main}" ContentType="{OFFICE}.{kind}.main+xml"/>'
    default = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    default += '<Default Extension="xml" ContentType="application/xml"/>'
    return packed(
        [
            ("[Content_Types].xml", f'{HEAD}<Types xmlns="{CONTENT_TYPES}">{default}{types}</Types>'),
            ("_rels/.rels", relations(("officeDocument", main))),
            (main, content),
            *others,
        ]
    )


def relations(*targets: tuple[str, str]) -> str:
    """What a part of a file of Office refers to."""
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{links}</Relationships>'


def letter() -> bytes:
    """A docx with a heading, a sentence and a table."""
    heading = '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>House</w:t></w:r></w:p>'
    table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    body = f"{heading}<w:p><w:r><w:t>Nobody had lived there.</w:t></w:r></w:p>{table}"
    content = f'{HEAD}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return office("word/document.xml", "wordprocessingml.document", content)


def slides() -> bytes:
    """A pptx of one slide."""
    text = f'<a:p xmlns:a="{A}"><a:r><a:t>House</a:t></a:r></a:p>'
    slide = f'{HEAD}<p:sld xmlns:p="{P}"><p:cSld><p:spTree><p:sp><p:txBody>{text}</p:txBody></p:sp></p:spTree>'
    listed = f'<p:sldIdLst><p:sldId id="256" r:id="rId1" xmlns:r="{R}"/></p:sldIdLst>'
    return office(
        "ppt/presentation.xml",
        "presentationml.presentation",
        f'{HEAD}<p:presentation xmlns:p="{P}">{listed}</p:presentation>',
        [
            ("ppt/_rels/presentation.xml.rels", relations(("slide", "slides/slide1.xml"))),
            ("ppt/slides/slide1.xml", f"{slide}</p:cSld></p:sld>"),
        ],
    )


def sheet() -> bytes:
    """An xlsx of one sheet."""
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>House</t></is></c><c r="B1"><v>30</v></c></row>'
    listed = f'<sheets><sheet name="Sheet" sheetId="1" r:id="rId1" xmlns:r="{R}"/></sheets>'
    return office(
        "xl/workbook.xml",
        "spreadsheetml.sheet",
        f'{HEAD}<workbook xmlns="{S}">{listed}</workbook>',
        [
            ("xl/_rels/workbook.xml.rels", relations(("worksheet", "worksheets/sheet1.xml"))),
            (
                "xl/worksheets/sheet1.xml",
                f'{HEAD}<worksheet xmlns="{S}"><sheetData>{row}</sheetData></worksheet>',
            ),
        ],
    )
