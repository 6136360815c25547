"""Documents made for tests: PDF and Office, part by part, so that each can be broken where it hurts."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
    "<dc:title>Field notes</dc:title><dc:creator>Jane Roe</dc:creator><dc:language>en-GB</dc:language>"
    "<dcterms:created>2021-05-06T07:08:09Z</dcterms:created></cp:coreProperties>"
)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def rels(**targets: tuple[str, str]) -> str:
    """Relationships by their ids: kind and target."""
    listed = "".join(
        f'<Relationship Id="{name}" Type="{R}/{kind}" Target={quoteattr(target)} TargetMode="{_mode(target)}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{RELATED}">{listed}</Relationships>'


def _mode(target: str) -> str:
    return "External" if "://" in target else "Internal"


def office(main: str, parts: Mapping[str, str | bytes], core: str = CORE, pages: int | None = None) -> bytes:
    """A document of Office with its main part."""
    named = {"a": ("officeDocument", main), "b": ("core-properties", "core.xml"), "c": ("extended-properties", "x.xml")}
    extended = f"<Properties>{'' if pages is None else f'<Pages>{pages}</Pages>'}</Properties>"
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": rels(**named),
            **parts,
            "core.xml": core,
            "x.xml": extended,
        }
    )


STYLES = (
    f'<w:styles xmlns:w="{W}"><w:docDefaults><w:lang w:val="de-DE"/></w:docDefaults>'
    '<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="Mine"><w:name w:val="mine"/><w:basedOn w:val="berschrift2"/></w:style>'
    '<w:style w:styleId="Snake"><w:name w:val="x"/><w:basedOn w:val="Snake"/></w:style></w:styles>'
)


def written(text: str, style: str = "") -> str:
    """A paragraph of Word."""
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def word(body: str, *, before: str = "", **options: object) -> bytes:
    document = (
        f'{before}<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:wp="{WP}" xmlns:mc="{MC}">'
        f"<w:body>{body}</w:body></w:document>"
    )
    related = rels(s=("styles", "styles.xml"), h=("hyperlink", "https://example.org/a"))
    parts = {"word/document.xml": document, "word/_rels/document.xml.rels": related, "word/styles.xml": STYLES}
    return office("word/document.xml", parts, **options)  # type: ignore[arg-type]


def shape(text: str, place: str = "") -> str:
    named = f'<p:nvPr><p:ph type="{place}"/></p:nvPr>' if place else ""
    lines = "".join(f'<a:p><a:r><a:rPr lang="fr-FR"/><a:t>{line}</a:t></a:r></a:p>' for line in text.split("\n"))
    return f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="x"/>{named}</p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>'


def slides(*shapes: str) -> bytes:
    """A presentation, listed in the order given, whatever the names of its parts."""
    names = [f"slides/slide{len(shapes) - index}.xml" for index in range(len(shapes))]
    listed = "".join(f'<p:sldId id="{256 + index}" r:id="s{index}"/>' for index in range(len(shapes)))
    parts = {
        f"ppt/{name}": f'<p:sld xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}"><p:spTree>{content}</p:spTree></p:sld>'
        for name, content in zip(names, shapes, strict=True)
    }
    pointers = {f"s{index}": ("slide", name) for index, name in enumerate(names)}
    main = f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>'
    related = rels(**pointers, m=("slideMaster", "m.xml"))
    parts |= {"ppt/presentation.xml": main, "ppt/_rels/presentation.xml.rels": related}
    return office("ppt/presentation.xml", parts, core=CORE.replace("<dc:language>en-GB</dc:language>", ""))


#: Styles of cells: 0 a number, 1 a date that every workbook has, 2 a date of its own, 3 and 4 numbers with odd formats.
FORMATS = (
    f'<styleSheet xmlns="{S}"><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/>'
    '<numFmt numFmtId="165" formatCode="[Red]0.0 &quot;days&quot;"/><numFmt numFmtId="166" formatCode="General"/>'
    '</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/>'
    '<xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>'
)


def sheets(strings: Sequence[str], **cells: str) -> bytes:
    """A workbook: the rows of each sheet by its name."""
    pointers = {f"s{index}": ("worksheet", f"/xl/sheet{index}.xml") for index in range(len(cells))}
    listed = "".join(
        f'<sheet name="{name}" r:id="s{index}" state="{name if name == "hidden" else "visible"}"/>'
        for index, name in enumerate(cells)
    )
    table = "".join(f"<si><t>{escape(each)}</t><rPh><t>aloud</t></rPh></si>" for each in strings)
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": rels(**pointers, t=("sharedStrings", "strings.xml"), f=("styles", "styles.xml")),
        "xl/styles.xml": FORMATS,
        "xl/strings.xml": f'<sst xmlns="{S}">{table}</sst>',
    }
    for index, rows in enumerate(cells.values()):
        parts[f"xl/sheet{index}.xml"] = f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData></worksheet>'
    return office("xl/workbook.xml", parts)


def pdf(*pages: str, objects: Sequence[str] = (), info: str = "", catalog: str = "", tree: str = "") -> bytes:
    """A PDF with a stream of text operators for each page, in Helvetica (F1).

    Args:
        pages: contents, as ISO 32000-1, 9.4 writes them.
        objects: more of them, from 100 on.
        info: entries of the information dictionary.
        catalog: entries of the catalog.
        tree: the root of the page tree, if it is to be another than the true one.
    """
    kids = " ".join(f"{10 + 2 * index} 0 R" for index in range(len(pages)))
    numbered = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        2: tree or f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        3: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        4: f"<< {info} >>",
    }
    for index, content in enumerate(pages):
        numbered[10 + 2 * index] = (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792]"
            f" /Resources << /Font << /F1 3 0 R >> /XObject << /I1 100 0 R >> >> /Contents {11 + 2 * index} 0 R >>"
        )
        numbered[11 + 2 * index] = f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"
    numbered |= dict(enumerate(objects, start=100))
    out, places = b"%PDF-1.7\n", {}
    for number, content in sorted(numbered.items()):
        places[number] = len(out)
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{number} 1\n{place:010} 00000 n \n" for number, place in places.items())
    trailer = f"<< /Size 1000 /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 1\n0000000000 65535 f \n{table}trailer\n{trailer}".encode()


def typed(*lines: tuple[str, float, float]) -> str:
    """The content of a page: text, size and height above the foot of the page, for each line."""
    return "\n".join(f"BT /F1 {size} Tf 72 {y} Td ({text}) Tj ET" for text, size, y in lines)
