import numpy as np
import pytest
from PIL import Image


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 1}, {"quality": 5}]
)
def test_every_kind_of_jpeg_is_read(decode, difference, encode, scene, options):
    large = Image.fromarray(scene).resize((900, 600))
    picture = decode(encode(large, "JPEG", **options), 300)
    assert picture.pixels.shape == (200, 300, 3)
    assert difference(picture.pixels, np.asarray(large.resize((300, 200), Image.Resampling.BOX))) < 8


def test_a_jpeg_with_something_behind_its_end_is_read(decode, difference, encode, scene):
    data = encode(scene, "JPEG", quality=95)
    for trailer in (
        b"\0" * 999,
        b"SEFT trailer of a phone",
        data[: len(data) // 2],
        b"\0\0\0\x18ftypmp42" + bytes(999),
    ):
        assert difference(decode(data + trailer).pixels, scene) < 6


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("part", [0.3, 0.7, 0.95])
def test_a_jpeg_cut_short_says_so(reason, encode, progressive, part):
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    data = encode(noise, "JPEG", progressive=progressive)
    cut = data[: int(len(data) * part)]
    assert "cut short" in reason(cut)
    assert "cut short" in reason(cut + bytes(len(data) - len(cut)))  # as a broken download leaves it
    assert "cut short" in reason(cut, working_side=100)


def test_a_sideways_reduced_jpeg_keeps_its_full_size_in_mind(decode, encode, scene):
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encode(Image.fromarray(scene).resize((4001, 3003)), "JPEG", exif=exif)
    picture = decode(data, 1000)
    assert (picture.width, picture.height) == (3003, 4001)
    assert picture.pixels.shape[0] > picture.pixels.shape[1]
