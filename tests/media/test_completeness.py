import numpy as np
import pytest

from vultus.media.completeness import is_cut_short

PHONES = ["exif-samples__heic__IMG_5195.HEIC", "exif-samples__heic__mobile__HMD_Nokia_8.3_5G_hdr.heif"]


@pytest.fixture
def noise() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8)


@pytest.mark.parametrize("name", PHONES)
def test_a_photo_of_a_phone_cut_short_is_no_half_green_picture(data, reason, name):
    whole = (data / "media" / name).read_bytes()
    for part in (0.1, 0.5, 0.9, 0.998):
        cut = whole[: int(len(whole) * part)]
        assert "cut short" in reason(cut)
        assert "cut short" in reason(cut + bytes(len(whole) - len(cut)))  # as a broken download leaves it


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_a_broken_download_is_no_half_picture(encode, noise, reason, kind):
    whole = encode(noise, kind)
    for part in (0.3, 0.7, 0.9):
        cut = whole[: int(len(whole) * part)]
        assert "cut short" in reason(cut)
        assert "cut short" in reason(cut + bytes(len(whole) - len(cut)))


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_what_follows_the_picture_does_not_matter(decode, encode, noise, kind):
    for trailer in (b"\0", bytes(5000), b"trailer of a phone", b"\xff\xff\xff\xffmpvd"):
        assert decode(encode(noise, kind) + trailer).width == 400


def test_a_box_as_long_as_the_file_is_whole():
    start = b"\0\0\0\x10ftypheic\0\0\0\0"
    assert not is_cut_short(start + b"\0\0\0\0mdat" + b"pixels", "image/heic")
    assert not is_cut_short(start + b"\0\0\0\1mdat" + (22).to_bytes(8) + b"pixels", "image/heic")
    assert is_cut_short(start + b"\0\0\0\1mdat" + (23).to_bytes(8) + b"pixels", "image/heic")
    assert is_cut_short(start + b"\0\0\0\x0fmdat" + b"pixels", "image/heic")


def test_other_formats_are_not_judged(encode, noise):
    assert not is_cut_short(encode(noise, "PNG")[:100], "image/png")
    assert not is_cut_short(b"", "image/jpeg")
