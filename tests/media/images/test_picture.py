import numpy as np
import pytest
from PIL import Image

IMAGES = {".jpg", ".png", ".gif", ".webp", ".tif", ".bmp", ".heic", ".heif"}
BROKEN = {"broken.png", "truncated_image.png", "truncated_jpeg.jpg"}


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("TIFF", {}), ("BMP", {}), ("WEBP", {"lossless": True})])
def test_a_lossless_picture_comes_out_as_it_went_in(decode, encode, scene, kind, options):
    picture = decode(encode(scene, kind, **options))
    assert np.array_equal(picture.pixels, scene)
    assert (picture.width, picture.height, picture.scale, picture.orientation) == (60, 40, 1.0, None)
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.flags.c_contiguous


@pytest.mark.parametrize(("kind", "options"), [("JPEG", {"quality": 95}), ("AVIF", {"quality": 95}), ("GIF", {})])
def test_a_lossy_picture_comes_out_nearly_so(decode, difference, encode, scene, kind, options):
    assert difference(decode(encode(scene, kind, **options)).pixels, scene) < 6


def test_every_image_of_the_test_media_is_decoded_or_has_a_reason(data, outcome):
    files = [file for file in (data / "media").iterdir() if file.suffix.lower() in IMAGES]
    assert len(files) > 30
    outcomes = {file.name.rpartition("__")[2]: outcome(file.read_bytes(), working_side=512) for file in files}
    pictures = [found for found in outcomes.values() if not isinstance(found, str)]
    assert all(max(picture.pixels.shape[:2]) <= 512 for picture in pictures)
    assert {name for name, found in outcomes.items() if isinstance(found, str)} == BROKEN


def test_a_photo_of_a_phone_in_heic_stands_upright_at_its_full_size(decode, data):
    picture = decode((data / "media" / "exif-samples__heic__IMG_5195.HEIC").read_bytes())
    assert (picture.width, picture.height) == (2566, 3313)
    assert picture.pixels.shape == (1024, 793, 3)
    assert picture.scale == pytest.approx(3313 / 1024)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP", "AVIF"])
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1)])
def test_a_picture_may_be_one_pixel_thin(decode, encode, kind, size):
    picture = decode(encode(Image.new("RGB", size, (250, 128, 3)), kind), 100)
    assert (picture.width, picture.height) == size
    assert max(picture.pixels.shape[:2]) == min(max(size), 100)
    assert min(picture.pixels.shape[:2]) == 1
    assert np.abs(picture.pixels.astype(int) - (250, 128, 3)).max() < 12


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("size", [(1024, 700), (1025, 699), (2047, 1001), (2049, 1533), (4001, 3001), (333, 4099)])
def test_a_reduced_picture_keeps_its_full_size_in_mind(decode, difference, encode, scene, kind, size):
    large = Image.fromarray(scene).resize(size, Image.Resampling.BICUBIC)
    data = encode(large, kind)
    picture = decode(data, 512)
    height, width = picture.pixels.shape[:2]
    assert (picture.width, picture.height) == size
    assert 486 <= max(width, height) <= 512
    assert picture.scale == pytest.approx(size[0] / width, rel=0.01)
    assert picture.scale == pytest.approx(size[1] / height, rel=0.01)
    expected = np.asarray(large.resize((width, height), Image.Resampling.BOX))
    assert difference(picture.pixels, expected) < 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_small_picture_is_not_enlarged(decode, encode, scene, kind):
    assert decode(encode(scene, kind), 60).pixels.shape == (40, 60, 3)
    assert decode(encode(scene, kind), 4096).pixels.shape == (40, 60, 3)


def test_fine_stripes_become_even_grey_when_reduced(decode, encode):
    stripes = np.zeros((3000, 3000, 3), np.uint8)
    stripes[:, ::2] = 255
    for kind in ("PNG", "BMP", "JPEG"):
        pixels = decode(encode(stripes, kind), 700).pixels
        assert np.abs(pixels.astype(int) - 127).max() <= 12
