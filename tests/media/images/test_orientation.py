import struct

import numpy as np
import pytest
from PIL import Image, ImageOps

from vultus.media.images.orientation import orientation_by_matrix, upright


@pytest.fixture
def stored(encode, scene):
    """The scene in a file whose EXIF says how it must be turned."""

    def stored(kind: str, orientation: int, **options: object) -> bytes:
        exif = Image.Exif()
        exif[0x0112] = orientation
        return encode(scene, kind, exif=exif, **options)

    return stored


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {"quality": 100}), ("PNG", {}), ("TIFF", {}), ("WEBP", {"quality": 100}), ("AVIF", {})],
)
def test_every_orientation_stands_upright(decode, difference, scene, stored, kind, options, orientation):
    image = Image.fromarray(scene)
    image.getexif()[0x0112] = orientation
    expected = np.asarray(ImageOps.exif_transpose(image))
    picture = decode(stored(kind, orientation, **options))
    assert difference(picture.pixels, expected) < 6
    assert (picture.height, picture.width) == expected.shape[:2]
    assert (picture.orientation or 1) == orientation


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_is_none_turns_nothing(decode, scene, stored, orientation):
    picture = decode(stored("PNG", orientation))
    assert np.array_equal(picture.pixels, scene)
    assert picture.orientation is None


def test_an_orientation_behind_the_pixels_of_a_png_counts(decode, stored):
    data = stored("PNG", 6)
    at = data.index(b"eXIf") - 4
    length = struct.unpack(">I", data[at : at + 4])[0] + 12
    end = data.index(b"IEND") - 4
    moved = data[:at] + data[at + length : end] + data[at : at + length] + data[end:]
    picture = decode(moved)
    assert (picture.width, picture.height, picture.orientation) == (40, 60, 6)


@pytest.mark.parametrize("family", ["landscape", "portrait"])
def test_an_orientation_family_gives_one_upright_picture(data, decode, family):
    files = sorted((data / "media").glob(f"*__orientation__{family}_?.jpg"))
    assert len(files) >= 5
    pictures = [decode(file.read_bytes(), 60) for file in files]
    assert len({(picture.width, picture.height) for picture in pictures}) == 1
    assert sorted(picture.orientation or 1 for picture in pictures) == list(range(1, len(files) + 1))
    first = pictures[0].pixels.ravel()
    for picture in pictures:
        # The files carry their number as text, and were resized and sharpened each for itself.
        assert np.corrcoef(picture.pixels.ravel(), first)[0, 1] > 0.95
        assert np.corrcoef(picture.pixels[:, ::-1].ravel(), first)[0, 1] < 0.7


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_display_matrix_says_the_same_as_an_orientation(orientation):
    pixels = np.arange(6, dtype=np.uint8).reshape(2, 3, 1).repeat(3, axis=2)
    turned = upright(pixels, orientation)
    # Where the corner goes, and what a step to the right and a step down of the stored picture become on the screen.
    place = {int(value): (x, y) for y, row in enumerate(turned[:, :, 0]) for x, value in enumerate(row)}
    (x, y), (right_x, right_y), (down_x, down_y) = place[0], place[1], place[3]
    one = 1 << 16
    matrix = struct.pack(
        "=9i", (right_x - x) * one, (right_y - y) * one, 0, (down_x - x) * one, (down_y - y) * one, 0, 0, 0, 1 << 30
    )
    assert orientation_by_matrix(matrix) == orientation


def test_a_film_that_is_turned_askew_stays_as_it_is():
    assert orientation_by_matrix(struct.pack("=9i", 46341, 46341, 0, -46341, 46341, 0, 0, 0, 1 << 30)) == 1
