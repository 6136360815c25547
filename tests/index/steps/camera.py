"""Photos as cameras and programs write them."""

import io
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo

XMP = 700  # the tag of TIFF

PLACE = {
    GPS.GPSLatitudeRef: "N",
    GPS.GPSLatitude: (43.0, 28.0, 2.8),
    GPS.GPSLongitudeRef: "E",
    GPS.GPSLongitude: (11.0, 53.0, 6.46),
}
PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:DateCreated="{made}" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li>{title}</rdf:li></rdf:Alt></dc:title>'
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)


def photo(*, local: str = "", offset: str = "", place: bool = False, made: str = "", kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    if local:
        exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = local
    if offset:
        exif.get_ifd(IFD.Exif)[Base.OffsetTimeOriginal] = offset
    if place:
        exif.get_ifd(IFD.GPSInfo).update(PLACE)
    options = _xmp(PACKET.format(made=made, title="A day out"), kind) if made else {}
    buffer = io.BytesIO()
    if local or place:
        options["exif"] = exif
    Image.new("RGB", (40, 30), "teal").save(buffer, kind, **options)
    return buffer.getvalue()


def _xmp(packet: str, kind: str) -> dict[str, Any]:
    """The options with which Pillow writes a packet."""
    if kind == "PNG":
        chunks = PngInfo()
        chunks.add_itxt("XML:com.adobe.xmp", packet, zip=True)
        return {"pnginfo": chunks}
    return {"tiffinfo": {XMP: packet.encode()}} if kind == "TIFF" else {"xmp": packet.encode()}
