import gc
import json
import struct
import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

KINDS = ["JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP", "AVIF"]
UNKNOWN = "The file is not an image of a format that is read."
TOO_LARGE = "The image has 60000 x 60000 pixels; at most 250000000 pixels are read."

#: Decodes the files it is given; prints what came of each, and the memory it took at most beyond its start, in MiB.
DECODE_ALL = """
import json, pathlib, resource, sys
from vultus.media.images.picture import UnreadableMedia, decode_picture
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before = peak()
reasons = {}
for name in sys.argv[1:]:
    file = pathlib.Path(name)
    try:
        decode_picture(file.read_bytes(), working_side=1024, max_pixels=250_000_000)
    except UnreadableMedia as refused:
        reasons[file.name] = refused.message
print(json.dumps({"reasons": reasons, "memory": peak() - before}))
"""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.2, 0.5, 0.8, 0.97])
def test_a_file_cut_short_is_no_half_grey_picture(encode, reason, kind, part):
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    data = encode(noise, kind)
    message = reason(data[: int(len(data) * part)])
    assert message.startswith(f"The {kind} file is ")


def test_the_broken_test_media_say_what_is_wrong(data, reason):
    def of(name: str) -> str:
        return reason((data / "media" / f"pillow__Tests__images__{name}").read_bytes())

    assert of("truncated_jpeg.jpg") == "The JPEG file is cut short: its picture is not complete."
    assert of("truncated_image.png") == "The PNG file is cut short: its picture is not complete."
    assert of("broken.png") == "The PNG file is damaged: its picture cannot be decoded."


@pytest.mark.parametrize(
    "data", [b"\0", b"hello", b"%PDF-1.7", b"<svg></svg>", b"PK\3\4", b"8BPS", b"\0\0\0\x18ftypmp42" + bytes(40)]
)
def test_what_is_no_image_says_so(reason, data):
    assert reason(data) == UNKNOWN


def test_an_empty_file_says_so(reason):
    assert reason(b"") == "The file is empty."


def jpeg_of(encode, width: int, height: int) -> bytes:
    """A JPEG whose header claims a size that it has not."""
    data = bytearray(encode(Image.new("RGB", (8, 8)), "JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


@pytest.fixture
def bombs(encode, png) -> dict[str, bytes]:
    """Small files that claim to be huge pictures."""
    bmp = bytearray(encode(Image.new("RGB", (8, 8)), "BMP"))
    bmp[18:26] = struct.pack("<ii", 60_000, 60_000)
    gif = bytearray(encode(Image.new("P", (8, 8)), "GIF"))
    gif[6:10] = struct.pack("<HH", 60_000, 60_000)
    tiff = bytearray(encode(Image.new("RGB", (8, 8)), "TIFF"))
    for tag in (256, 257):
        at = tiff.index(struct.pack("<HH", tag, 4))
        tiff[at + 8 : at + 12] = struct.pack("<I", 60_000)
    webp = bytearray(encode(Image.new("RGBA", (8, 8), (1, 2, 3, 4)), "WEBP", exif=b"Exif\0\0"))
    at = webp.index(b"VP8X") + 12
    webp[at : at + 6] = (16_382).to_bytes(3, "little") * 2
    return {
        "bmp": bytes(bmp),
        "gif": bytes(gif),
        "jpeg": jpeg_of(encode, 60_000, 60_000),
        "png": png(60_000, 60_000, rows=bytes(10**6)),
        "tiff": bytes(tiff),
        "webp": bytes(webp),
    }


def test_a_bomb_is_refused_before_it_is_decoded(bombs, tmp_path):
    for name, data in bombs.items():
        (tmp_path / name).write_bytes(data)
    files = [str(tmp_path / name) for name in bombs]
    ran = subprocess.run([sys.executable, "-c", DECODE_ALL, *files], capture_output=True, check=True)
    found = json.loads(ran.stdout)
    webp = found["reasons"].pop("webp")
    assert "more pixels than can be decoded safely" in webp
    assert found["reasons"] == dict.fromkeys(["bmp", "gif", "jpeg", "png", "tiff"], TOO_LARGE)
    assert found["memory"] < 50
    assert ran.stderr == b""


@pytest.mark.parametrize("kind", KINDS)
def test_the_limit_of_pixels_is_exact(decode, encode, reason, scene, kind):
    assert decode(encode(scene, kind), max_pixels=2400).width == 60
    assert reason(encode(scene, kind), max_pixels=2399).endswith("at most 2399 pixels are read.")


def test_a_picture_past_the_decoders_own_limit_is_read_without_a_word(decode, png):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = decode(png(16_000, 6_000, depth=1, colours=0, rows=bytes(2001 * 6000)), 500)
    assert (picture.width, picture.height) == (16_000, 6_000)
    assert picture.pixels.max() == 0


def test_a_text_that_unpacks_without_end_is_refused(png, reason):
    data = png(1, 1, rows=bytes(4), text=bytes(100 * 2**20))
    assert len(data) < 2**18
    assert "damaged" in reason(data)


def test_a_header_without_pixels_is_refused(encode, png, reason):
    for data in (png(0, 10), png(10, 0), jpeg_of(encode, 8, 0), png(8, 8)):
        assert "damaged" in reason(data) or "cut short" in reason(data)


@settings(max_examples=300)
@given(st.binary(max_size=300))
def test_random_bytes_are_refused_with_a_reason(reason, data):
    assert reason(data)


STARTS = [
    b"\xff\xd8\xff\xe0\0\x10JFIF",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"GIF89a\2\0\2\0",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"BM" + bytes(12) + b"\x28\0\0\0",
    b"RIFF\xff\0\0\0WEBPVP8 ",
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
]


@settings(max_examples=400)
@given(st.sampled_from(STARTS), st.binary(max_size=200))
def test_random_bytes_behind_a_right_start_are_a_picture_or_have_a_reason(outcome, start, rest):
    assert outcome(start + rest, max_pixels=10**6)


@pytest.fixture(scope="session")
def samples(encode, scene) -> dict[str, bytes]:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "camera"
    return {
        "jpeg": encode(scene, "JPEG", exif=exif),
        "progressive": encode(scene, "JPEG", progressive=True),
        "png": encode(scene, "PNG", exif=exif),
        "palette": encode(Image.fromarray(scene).quantize(16), "PNG", transparency=3),
        "gif": encode(scene, "GIF"),
        "tiff": encode(scene, "TIFF", compression="tiff_lzw", exif=exif),
        "bmp": encode(scene, "BMP"),
        "webp": encode(scene, "WEBP", exif=exif),
        "avif": encode(scene, "AVIF", exif=exif),
    }


@st.composite
def damages(draw) -> list[tuple[str, int, bytes]]:
    """What befalls a file: bytes changed, cut out or put in, at places in thousandths of its length."""
    kind = st.sampled_from(["change", "cut", "insert"])
    return draw(
        st.lists(st.tuples(kind, st.integers(0, 999), st.binary(min_size=1, max_size=30)), min_size=1, max_size=6)
    )


def damaged(data: bytes, what: list[tuple[str, int, bytes]]) -> bytes:
    for kind, place, piece in what:
        at = len(data) * place // 1000
        behind = at if kind == "insert" else at + len(piece)
        data = data[:at] + (b"" if kind == "cut" else piece) + data[behind:]
    return data


@pytest.mark.parametrize("name", ["jpeg", "progressive", "png", "palette", "gif", "tiff", "bmp", "webp", "avif"])
@settings(max_examples=100)
@given(what=damages(), side=st.sampled_from([16, 1024]))
def test_a_damaged_file_is_a_picture_or_has_a_reason(outcome, samples, name, what, side):
    found = outcome(damaged(samples[name], what), working_side=side, max_pixels=10**6)
    if not isinstance(found, str):
        assert found.width * found.height <= 10**6
        assert 0 < max(found.pixels.shape[:2]) <= side


@settings(max_examples=40)
@given(what=damages())
def test_a_damaged_photo_of_a_phone_is_a_picture_or_has_a_reason(data, outcome, what):
    whole = (data / "media" / "exif-samples__heic__IMG_5195.HEIC").read_bytes()
    header, rest = whole[:4000], whole[4000:]
    assert outcome(damaged(header, what) + rest, working_side=64)


def test_nothing_is_left_open(data, outcome, recwarn):
    for file in sorted((data / "media").glob("pillow__*")):
        assert outcome(file.read_bytes())
    gc.collect()
    assert not list(recwarn)
