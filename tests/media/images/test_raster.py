import numpy as np
import pytest
from PIL import Image, ImageCms


def test_grey_palette_and_bilevel_pictures_become_rgb(decode, difference, encode, scene):
    grey = np.asarray(Image.fromarray(scene).convert("L"))
    for kind in ("PNG", "TIFF", "JPEG", "BMP"):
        pixels = decode(encode(grey, kind)).pixels
        assert difference(pixels, np.repeat(grey[..., None], 3, axis=2)) < 2
    palette = Image.fromarray(scene).quantize(64)
    assert np.array_equal(decode(encode(palette, "PNG")).pixels, np.asarray(palette.convert("RGB")))
    bilevel = Image.fromarray(scene).convert("1")
    assert np.array_equal(decode(encode(bilevel, "PNG")).pixels, np.asarray(bilevel.convert("RGB")))


def test_sixteen_bits_become_eight_of_the_same_grey(decode, png):
    ramp = np.arange(0, 65536, 16, dtype=np.uint16).reshape(64, 64)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in ramp)
    pixels = decode(png(64, 64, depth=16, colours=0, rows=rows)).pixels
    assert np.array_equal(pixels[..., 0], (ramp >> 8).astype(np.uint8))


def test_sixteen_bit_colour_becomes_eight_bit_colour(decode, png):
    samples = np.zeros((8, 8, 3), np.uint16)
    samples[..., 0], samples[..., 1] = 0xFFFF, 0x8000
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    pixels = decode(png(8, 8, depth=16, colours=2, rows=rows)).pixels
    assert (pixels == (255, 128, 0)).all()


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_samples_without_an_agreed_white_are_stretched(decode, encode, dtype):
    image = Image.fromarray(np.linspace(-3000, 9000, 400).reshape(20, 20).astype(dtype))
    pixels = decode(encode(image, "TIFF")).pixels
    assert (pixels.min(), pixels.max()) == (0, 255)
    assert (np.diff(pixels[..., 0].astype(int).ravel()) >= 0).all()


def test_samples_that_are_no_numbers_are_black(decode, encode):
    values = np.full((4, 4), np.nan, np.float32)
    assert decode(encode(Image.fromarray(values), "TIFF")).pixels.max() == 0


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_inks_become_light(decode, difference, encode, scene, kind):
    cmyk = Image.fromarray(scene).convert("CMYK")
    assert difference(decode(encode(cmyk, kind)).pixels, scene) < 6


def test_a_cmyk_profile_that_is_none_of_inks_is_passed_over(decode, difference, encode, scene):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    cmyk = Image.fromarray(scene).convert("CMYK")
    assert difference(decode(encode(cmyk, "JPEG", icc_profile=profile)).pixels, scene) < 6


def test_lab_becomes_rgb(decode, difference, encode, scene):
    profiles = (ImageCms.ImageCmsProfile(ImageCms.createProfile(name)) for name in ("sRGB", "LAB"))
    lab = ImageCms.profileToProfile(Image.fromarray(scene), *profiles, outputMode="LAB")
    assert difference(decode(encode(lab, "TIFF")).pixels, scene) < 6


def test_transparency_lies_on_white(decode, encode):
    image = Image.new("RGBA", (30, 20), (200, 0, 0, 0))
    image.paste((0, 0, 200, 255), (0, 0, 10, 20))
    image.paste((0, 200, 0, 128), (10, 0, 20, 20))
    row = [(0, 0, 200)] * 10 + [(127, 227, 127)] * 10 + [(255, 255, 255)] * 10
    expected = np.array([row] * 20, np.uint8)
    for kind in ("PNG", "WEBP", "TIFF"):
        pixels = decode(encode(image, kind, **({"lossless": True} if kind == "WEBP" else {}))).pixels
        assert np.abs(pixels.astype(int) - expected).max() <= 1


def test_transparency_of_a_palette_lies_on_white(decode, encode):
    image = Image.new("P", (4, 4), 1)
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    for transparency in (1, bytes([255, 0, 255])):
        assert (decode(encode(image, "PNG", transparency=transparency)).pixels == 255).all()
    assert (decode(encode(image, "PNG", transparency=0)).pixels == (0, 255, 0)).all()
    assert (decode(encode(image, "GIF", transparency=1)).pixels == 255).all()


@pytest.mark.parametrize(("mode", "colour", "transparency"), [("L", 9, 9), ("RGB", (1, 2, 3), (1, 2, 3))])
def test_a_transparent_colour_lies_on_white(decode, encode, mode, colour, transparency):
    assert (decode(encode(Image.new(mode, (4, 4), colour), "PNG", transparency=transparency)).pixels == 255).all()


def test_transparency_casts_no_shadow_when_reduced(decode, encode):
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (100, 100, 300, 300))
    assert decode(encode(image, "PNG"), 64).pixels.min() >= 254


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF", "TIFF"])
def test_the_first_of_many_is_read(decode, difference, encode, kind):
    frames = [Image.new("RGB", (32, 24), colour) for colour in ("red", "lime", "blue")]
    picture = decode(encode(frames[0], kind, save_all=True, append_images=frames[1:]))
    assert (picture.width, picture.height) == (32, 24)
    assert difference(picture.pixels, np.asarray(frames[0])) < 4
