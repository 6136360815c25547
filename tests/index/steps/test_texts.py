"""What is written in images goes into their records."""

import io

import pytest
from PIL import Image

from tests.pages import CHINESE, ENGLISH, accuracy, page, turned


def png(pixels) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def jpeg(pixels, orientation: int) -> bytes:
    """A photo that its camera held otherwise than it is to be seen."""
    image = Image.fromarray(pixels)
    exif = image.getexif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif, quality=95)
    return file.getvalue()


@pytest.mark.proves("File.OCRContents OCRTexts", "OCRContents.Language Contents Confidence Boundary")
def test_every_line_has_contents_confidence_language_and_place(subject_of):
    lines = [*ENGLISH[:3], *CHINESE[:3]]
    document = subject_of(png(page(lines, 14, 150)), "texts").document
    assert accuracy(document.ocr_texts, "\n".join(lines)) >= 0.95
    assert [each.contents for each in document.ocr_contents] == document.ocr_texts.split("\n")
    assert [each.language for each in document.ocr_contents] == ["en"] * 3 + ["zh-hans"] * 3
    tops = [each.boundary.top for each in document.ocr_contents]
    assert tops == sorted(tops)
    for each in document.ocr_contents:
        assert 0.8 < each.confidence <= 1
        boundary = each.boundary
        assert 0 <= boundary.left < boundary.left + boundary.width <= document.image_width
        assert 0 <= boundary.top < boundary.top + boundary.height <= document.image_height
        assert boundary.polygon is not None or boundary.width > boundary.height


def test_places_are_those_of_the_full_size_image_however_small_it_was_looked_at(subject_of):
    pixels = page(["Small letters on a large page"], 14, 300, height=11.7)
    document = subject_of(png(pixels), "texts").document
    [contents] = document.ocr_contents
    assert contents.contents == "Small letters on a large page"
    dark = pixels.min(axis=2) < 128
    columns, rows = dark.any(axis=0).nonzero()[0], dark.any(axis=1).nonzero()[0]
    boundary = contents.boundary
    assert (boundary.left, boundary.top) == pytest.approx((columns[0], rows[0]), abs=25)
    assert (boundary.left + boundary.width, boundary.top + boundary.height) == pytest.approx(
        (columns[-1], rows[-1]), abs=25
    )


def test_what_exif_turns_upright_is_read_in_its_upright_place(subject_of):
    pixels = page(ENGLISH[:4], 14, 110)
    straight = subject_of(png(pixels), "texts").document
    document = subject_of(jpeg(turned(pixels, 90), 6), "texts").document
    assert document.ocr_texts == straight.ocr_texts
    for left, right in zip(document.ocr_contents, straight.ocr_contents, strict=True):
        assert (left.boundary.left, left.boundary.top) == pytest.approx(
            (right.boundary.left, right.boundary.top), abs=8
        )


@pytest.mark.proves("Boundary.Polygon", "PointInt64.X Y")
def test_a_text_that_is_turned_has_its_corners_and_one_that_is_level_has_not(subject_of):
    level = subject_of(png(page(ENGLISH[:1], 18, 110)), "texts").document.ocr_contents[0].boundary
    assert not level.polygon
    slanting = subject_of(png(turned(page(ENGLISH[:1], 18, 110), 12)), "texts").document.ocr_contents[0].boundary
    corners = [(point.x, point.y) for point in slanting.polygon]
    assert len(corners) == 4
    assert corners[0][0] < corners[1][0]
    assert corners[0][1] > corners[1][1]  # it climbs to the right
    assert min(x for x, _ in corners) == slanting.left
    assert max(y for _, y in corners) == slanting.top + slanting.height


def test_an_image_without_text_has_none(subject_of):
    document = subject_of(png(page([], 12, 96)), "texts").document
    assert not document.ocr_contents
    assert not document.ocr_texts
