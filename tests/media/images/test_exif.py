import json
import struct
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from vultus.media.images.exif import Exif, read_exif
from vultus.media.provenance.taken import Taken


def camera() -> bytes:
    """What a camera writes: names, numbers, a time and a place."""
    exif = Image.Exif()
    exif[Base.Make] = "NIKON"
    exif[Base.DateTime] = "2020:08:19 17:11:11"
    exif[Base.Orientation] = 6
    exif[Base.XResolution] = IFDRational(96, 1)
    photo = exif.get_ifd(IFD.Exif)
    photo[Base.DateTimeOriginal] = "2021:06:29 14:50:13"
    photo[Base.OffsetTimeOriginal] = "+08:00"
    photo[Base.SubsecTimeOriginal] = "011"
    photo[Base.ExposureTime] = IFDRational(1, 300)
    photo[Base.ExifVersion] = b"0232"
    photo[Base.UserComment] = b"ASCII\0\0\0hello"
    photo[Base.MakerNote] = b"\1\2\3secret of the maker"
    gps = exif.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSVersionID] = b"\2\2\0\0"
    gps[GPS.GPSLatitudeRef] = "N"
    gps[GPS.GPSLatitude] = (30.0, 8.0, 3.804)
    gps[GPS.GPSLongitudeRef] = "E"
    gps[GPS.GPSLongitude] = (120.0, 4.0, 29.9892)
    return exif.tobytes()


def text_of(exif: Exif) -> dict[str, str]:
    """The text taken apart; every entry has IMM's shape."""
    assert isinstance(exif.text, str)
    entries = json.loads(exif.text)
    assert all(entry.keys() == {"value"} for entry in entries.values())
    return {name: entry["value"] for name, entry in entries.items()}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_what_a_camera_wrote_is_read(encode, scene, kind):
    found = read_exif(encode(scene, kind, exif=camera()))
    assert found.orientation == 6
    assert found.produce_time == "2021-06-29T14:50:13.011+08:00"
    assert found.lat_long == "30.134390,120.074997"
    text = text_of(found)
    expected = {
        "DateTime": "2020:08:19 17:11:11",
        "DateTimeOriginal": "2021:06:29 14:50:13",
        "ExifVersion": "0232",
        "ExposureTime": "1/300",
        "GPSLatitudeRef": "North",
        "GPSLatitude": "30deg 8' 3.804\"",
        "GPSLongitudeRef": "East",
        "GPSVersionID": "2 2 0 0",
        "Make": "NIKON",
        "Orientation": "6",
        "SubSecTimeOriginal": "011",
        "UserComment": "hello",
        "XResolution": "96/1",
    }
    assert {name: text[name] for name in expected} == expected
    assert not text.keys() & {"MakerNote", "ExifOffset", "GPSInfo"}


def test_the_text_has_the_shape_of_imms_own_example(encode, scene):
    exif = Image.Exif()
    exif[Base.DateTime] = "2020:08:19 17:11:11"
    exif[Base.Compression] = 6
    found = read_exif(encode(scene, "JPEG", exif=exif))
    assert found.text == '{"Compression":{"value":"6"},"DateTime":{"value":"2020:08:19 17:11:11"}}'


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP"])
def test_a_file_without_exif_says_nothing(encode, scene, kind):
    assert read_exif(encode(scene, kind)) == Exif(UNSET, UNSET, UNSET, UNSET)


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"%PDF-1.7", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftypheic"]
)
def test_what_is_no_image_says_nothing(data):
    assert read_exif(data) == Exif()


def test_a_picture_cut_short_still_says_what_it_can(encode, scene):
    whole = encode(Image.fromarray(scene).resize((600, 400)), "JPEG", exif=camera())
    assert read_exif(whole[: len(whole) // 2]) == read_exif(whole)


def test_text_is_read_in_whatever_code_the_camera_wrote_it():
    artist, rights, title = "José 照片".encode(), "Jos\xe9 F".encode("latin-1"), "Été\0".encode("utf-16-le")
    words = {Base.Artist: (2, artist), Base.Copyright: (2, rights), Base.XPTitle: (1, title)}
    text = text_of(read_exif(in_jpeg(block(words))))
    assert text == {"Artist": "José 照片", "Copyright": "José F", "XPTitle": "Été"}


def test_no_text_holds_what_a_database_cannot(encode, scene):
    exif = Image.Exif()
    exif[Base.Artist] = "A\1\0B"
    exif[Base.UserComment] = b"UNICODE\0" + b"\x00\xd8" * 5
    exif[Base.ImageDescription] = "x" * 100_000
    found = read_exif(encode(scene, "PNG", exif=exif))
    assert "\\u0000" not in found.text
    assert "\\u0001" not in found.text
    assert len(found.text) < 1000
    found.text.encode()


def test_the_photos_of_the_test_media_tell_their_places(data):
    found = [read_exif(file.read_bytes()) for file in sorted((data / "media").glob("*__gps__*.jpg"))]
    assert len(found) == 9
    assert found[0].lat_long == "43.467448,11.885127"
    assert all(exif.lat_long.startswith("43.46") and ",11.8" in exif.lat_long for exif in found)
    # Their clock is not told, and the satellites' day is a day off, as this camera is known for.
    assert all(exif.produce_time is UNSET for exif in found)
    assert text_of(found[0])["Model"] == "COOLPIX P6000"


def test_a_photo_of_a_phone_tells_time_and_place(data):
    found = read_exif((data / "media" / "exif-samples__heic__IMG_5195.HEIC").read_bytes())
    assert found.produce_time == "2021-04-11T15:47:53.054-05:00"
    assert found.lat_long == "39.051344,-94.288772"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_families_tell_theirs(data, orientation):
    file = data / "media" / f"exif-samples__jpg__orientation__landscape_{orientation}.jpg"
    found = read_exif(file.read_bytes())
    assert found.orientation == orientation
    assert text_of(found)["Orientation"] == str(orientation)


@pytest.mark.parametrize("name", ["exif_gps.jpg", "exif-dpi-zerodivision.jpg", "broken.png", "truncated_jpeg.jpg"])
def test_odd_test_media_do_no_harm(data, name):
    found = read_exif((data / "media" / f"pillow__Tests__images__{name}").read_bytes())
    assert found.lat_long is UNSET
    assert found.produce_time is UNSET


def test_a_scan_tells_when_it_was_scanned_unless_the_photo_is_dated():
    words = {Base.DateTimeDigitized: (2, b"2021:06:29 14:50:13\0")}
    assert read_exif(in_jpeg(photo_block(words))).taken == Taken(datetime(2021, 6, 29, 14, 50, 13))
    words[Base.DateTimeOriginal] = (2, b"1974:01:02 03:04:05\0")
    assert read_exif(in_jpeg(photo_block(words))).taken == Taken(datetime(1974, 1, 2, 3, 4, 5))


def test_when_a_file_was_changed_is_not_when_it_was_taken():
    assert read_exif(in_jpeg(block({Base.DateTime: (2, b"2021:06:29 14:50:13\0")}))).taken is None


def test_a_title_is_windows_where_xmp_has_none():
    found = read_exif(in_jpeg(block({Base.XPTitle: (1, "Été\0".encode("utf-16-le"))})))
    assert found.title == "Été"


def test_a_title_is_one_line_that_scrambles_nothing_around_it():
    title = "a\nday\u202e\u2066 out\0".encode("utf-16-le")
    assert read_exif(in_jpeg(block({Base.XPTitle: (1, title)}))).title == "a day out"


def photo_block(words: dict[int, tuple[int, bytes]]) -> bytes:
    """A block of EXIF whose tags are in its second directory."""
    first = struct.pack("<HHHIII", 1, IFD.Exif, 4, 1, 26, 0)
    inner = block(words)[8:]
    rows = 2 + 12 * len(words) + 4
    moved = b"".join(
        inner[2 + 12 * row : 10 + 12 * row]
        + struct.pack("<I", struct.unpack_from("<I", inner, 10 + 12 * row)[0] - 8 + 26)
        for row in range(len(words))
    )
    return b"II*\0\x08\0\0\0" + first + inner[:2] + moved + bytes(4) + inner[rows:]


def in_jpeg(blob: bytes) -> bytes:
    """The smallest start of a JPEG that holds a block of EXIF."""
    segment = b"Exif\0\0" + blob
    frame = b"\xff\xc0\0\x11\x08\0\x08\0\x08\3\1\x22\0\2\x11\1\3\x11\1"
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + frame + b"\xff\xda\0\2"


def block(words: dict[int, tuple[int, bytes]]) -> bytes:
    """A block of EXIF with one directory: tag, type and bytes of more than four each."""
    place = 8 + 2 + 12 * len(words) + 4
    rows, values = b"", b""
    for tag, (kind, value) in words.items():
        rows += struct.pack("<HHII", tag, kind, len(value), place + len(values))
        values += value
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(words)) + rows + bytes(4) + values


def check(exif: Exif) -> None:
    if exif.text is not UNSET:
        assert text_of(exif)
    if exif.lat_long is not UNSET:
        latitude, longitude = map(float, exif.lat_long.split(","))
        assert abs(latitude) <= 90
        assert abs(longitude) <= 180
    assert exif.orientation is UNSET or 1 <= exif.orientation <= 8


def test_a_hand_made_block_is_read():
    tags = struct.pack("<HHHII", 1, 0x0112, 3, 1, 8) + bytes(4)
    assert read_exif(in_jpeg(b"II*\0\x08\0\0\0" + tags)).orientation == 8


@settings(max_examples=300)
@given(st.sampled_from([b"", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"]), st.binary(max_size=200))
def test_hostile_exif_never_raises(start, rest):
    check(read_exif(in_jpeg(start + rest)))


TAGS = st.sampled_from([*Base, *GPS, IFD.Exif, IFD.GPSInfo, IFD.MakerNote, 0, 0xFFFF])
ENTRIES = st.lists(
    st.tuples(TAGS, st.integers(0, 14), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)), max_size=8
)


@settings(max_examples=400)
@given(ENTRIES, ENTRIES, st.sampled_from(["<", ">"]), st.binary(max_size=60))
def test_hostile_directories_never_raise(first, second, order, tail):
    def directory(entries: list[tuple[int, int, int, int]]) -> bytes:
        rows = b"".join(struct.pack(f"{order}HHII", *entry) for entry in entries)
        return struct.pack(f"{order}H", len(entries)) + rows + bytes(4)

    start = b"II*\0" if order == "<" else b"MM\0*"
    # Pointers to the second directory, and to itself.
    place = 8 + 2 + 12 * (len(first) + 3) + 4
    pointers = [(tag, 4, 1, at) for tag, at in ((IFD.Exif, place), (IFD.GPSInfo, place), (IFD.Interop, 8))]
    blob = start + struct.pack(f"{order}I", 8) + directory([*first, *pointers]) + directory(second) + tail
    check(read_exif(in_jpeg(blob)))


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=8))
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP", "AVIF"])
def test_damaged_exif_never_raises(encode, scene, kind, changes):
    data = bytearray(encode(scene, kind, exif=camera()))
    start = data.find(b"NIKON") - 200
    for at, value in changes:
        data[max(start, 0) + at] = value
    check(read_exif(bytes(data)))
