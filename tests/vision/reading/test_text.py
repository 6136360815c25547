"""Text in pictures is found and read."""

import logging

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.pages import CHINESE, ENGLISH, accuracy, page, turned
from tests.vision.conftest import picture_of
from vultus.config import Settings
from vultus.media.images.picture import Picture, decode_picture
from vultus.vision.reading.text import MOST_LETTERS, Text, TextFinder

BIG = 18  # points from which fewer letters go into a line


@pytest.fixture(scope="module")
def finder(models) -> TextFinder:
    return TextFinder(Settings(home=models.folder.parent))


def read(finder: TextFinder, pixels) -> list[Text]:
    """Look at a picture as indexing does: reduced first, closer where there is text."""
    return finder.find(_reduced(pixels, 1024), lambda side: _reduced(pixels, side))


def _reduced(pixels, side: int) -> Picture:
    image = Image.fromarray(pixels)
    image.thumbnail((side, side), Image.Resampling.BOX)
    return Picture(np.asarray(image), pixels.shape[1], pixels.shape[0], None)


def contents(texts: list[Text]) -> str:
    return "\n".join(text.contents for text in texts)


@pytest.mark.parametrize("serif", [False, True])
@pytest.mark.parametrize("dpi", [96, 150])
@pytest.mark.parametrize("points", [12, 14, 18])
@pytest.mark.parametrize("lines", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_a_page_of_12_points_and_more_is_read_with_95_of_100_letters_right(finder, lines, points, dpi, serif):
    written = [line[:26] if points >= BIG else line for line in lines]
    assert accuracy(contents(read(finder, page(written, points, dpi, serif=serif))), "\n".join(written)) >= 0.95


def test_a_whole_page_is_read_line_by_line(finder):
    text = " ".join(ENGLISH)
    written = [text[start : start + 60].strip() for start in range(0, 300, 12)]
    assert accuracy(contents(read(finder, page(written, 12, 150, height=11.7))), "\n".join(written)) >= 0.95


@pytest.mark.parametrize("degrees", [90, 180, 270, 5, -8, 20, 93])
@pytest.mark.parametrize("lines", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_a_photo_of_text_is_read_however_it_is_turned(finder, lines, degrees):
    assert accuracy(contents(read(finder, turned(page(lines, 14, 110), degrees))), "\n".join(lines)) >= 0.95


@pytest.mark.parametrize(("degrees", "corner"), [(0, (0, 0)), (90, (0, 1)), (180, (1, 1)), (270, (1, 0))])
def test_corners_begin_where_the_text_has_its_top_left(finder, degrees, corner):
    pixels = turned(page(["Only one line of text"], 24, 96, height=4), degrees)
    [text] = read(finder, pixels)
    assert text.contents == "Only one line of text"
    rows, columns = np.nonzero(pixels.min(axis=2) < 128)
    ends = [(columns.min(), columns.max() + 1), (rows.min(), rows.max() + 1)]
    expected = [ends[axis][end] for axis, end in enumerate(corner)]
    assert text.corners[0] == pytest.approx(expected, abs=14)
    assert text.corners[2] == pytest.approx([ends[axis][1 - end] for axis, end in enumerate(corner)], abs=14)


def test_boxes_are_those_of_the_full_size_picture(finder):
    pixels = page(["A line on a large page"], 14, 300, height=11.7)
    [text] = read(finder, pixels)
    rows, columns = np.nonzero(pixels.min(axis=2) < 128)
    found = [*text.corners.min(axis=0), *text.corners.max(axis=0)]
    assert found == pytest.approx([columns.min(), rows.min(), columns.max(), rows.max()], abs=25)


def test_columns_are_read_one_after_the_other(finder):
    image = Image.fromarray(page(["A heading over both of the columns"], 18, 110))
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(17)
    left = [f"left {number} of some lines" for number in range(6)]
    right = [f"right {number} of the others" for number in range(6)]
    for number in range(6):
        draw.text((90, 180 + number * 28), left[number], font=font, fill=0)
        draw.text((500, 180 + number * 28), right[number], font=font, fill=0)
    read_ = contents(read(finder, np.asarray(image)))
    assert accuracy(read_, "\n".join(["A heading over both of the columns", *left, *right])) >= 0.95


def test_nothing_is_read_in_noise_and_texture(finder):
    random = np.random.default_rng(5)
    noise = random.integers(0, 256, (600, 800, 3), dtype=np.uint8)
    grain = np.asarray(Image.fromarray(noise).filter(ImageFilter.GaussianBlur(3)))
    grain = np.clip((grain.astype(float) - 128) * 4 + 128, 0, 255).astype(np.uint8)
    rows, columns = np.mgrid[:600, :800]
    stripes = ((columns // 9 + rows // 40) % 2 * 200).astype(np.uint8)
    bricks = np.where((rows % 40 < 4) | ((columns + rows // 40 * 45) % 90 < 4), 200, 90).astype(np.uint8)
    for pixels in (noise, grain, *(np.repeat(each[..., np.newaxis], 3, axis=2) for each in (stripes, bricks))):
        assert read(finder, pixels) == []


def test_a_ring_that_fills_the_picture_is_no_letter(finder):
    image = Image.new("RGB", (500, 500), (230, 228, 220))
    ImageDraw.Draw(image).ellipse((60, 40, 440, 460), outline=(40, 40, 45), width=40)
    assert read(finder, np.asarray(image)) == []


def test_rooms_are_not_read_but_for_what_is_written_in_them(finder, data):
    files = sorted((data / "noface").glob("*.jpg"))
    texts = [text for file in files for text in _read_file(finder, file.read_bytes())]
    assert len(files) == 25
    assert len(texts) <= 6  # two of the photos have the name of a site on them, one a poster
    assert "KuangYi.com" in contents(texts)


def _read_file(finder: TextFinder, data: bytes) -> list[Text]:
    def closer(side: int) -> Picture:
        return decode_picture(data, working_side=side, max_pixels=10**7)

    return finder.find(closer(1024), closer)


def test_a_picture_without_text_is_not_looked_at_closer(finder):
    blank = page([], 12, 96)
    assert finder.find(picture_of(blank), lambda _: pytest.fail("there is nothing to be seen closer")) == []


@pytest.mark.parametrize("shape", [(1, 1), (3, 4000), (4000, 2), (40, 40)])
def test_pictures_of_any_shape_can_be_looked_at(finder, shape):
    assert read(finder, np.full((*shape, 3), 200, np.uint8)) == []


def test_the_letters_of_a_picture_are_bounded(finder, monkeypatch):
    monkeypatch.setattr("vultus.vision.reading.text.MOST_LETTERS", 50)
    assert MOST_LETTERS > 50
    assert 1 <= len(contents(read(finder, page(ENGLISH, 14, 96)))) <= 50


def test_where_the_networks_cannot_be_had_texts_are_left_out_and_the_log_says_so_once(home, monkeypatch, caplog):
    monkeypatch.setattr("vultus.vision.models.store.fetch_archive", _out_of_reach)
    with caplog.at_level(logging.WARNING):
        finder = TextFinder(Settings(home=home))
        for _ in range(2):
            assert finder.find(picture_of(page(ENGLISH, 12, 96)), lambda _: pytest.fail("there is no network")) is None
    [record] = caplog.records
    assert "without their texts" in record.message


def _out_of_reach(*_):
    from vultus.vision.models.registry import OutOfReach

    raise OutOfReach("there is no network here")
