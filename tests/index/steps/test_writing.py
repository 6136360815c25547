"""An image that is there to be read is labelled as a document."""

import io

import pytest
from PIL import Image

from tests.pages import CHINESE, ENGLISH, page, turned
from vultus.index.steps.writing import finding_of
from vultus.model import Boundary, OCRContents


def png(pixels) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def labels(document) -> list[str]:
    return [label.label_name for label in document.labels or []]


@pytest.mark.parametrize("lines", [ENGLISH, CHINESE], ids=["english", "chinese"])
@pytest.mark.parametrize("degrees", [0, 90, 10])
def test_a_page_is_a_document(subject_of, lines, degrees):
    document = subject_of(png(turned(page(lines, 14, 110), degrees)), "writing").document
    assert labels(document) == ["Document", "文档"]
    assert document.labels[0].label_level == 1
    assert document.labels[0].label_confidence > 0.9


def test_a_sign_is_none(subject_of):
    assert labels(subject_of(png(page(["NO PARKING", "at any time"], 30, 96, height=3)), "writing").document) == []


def line(row: int, height: int = 20, letters: int = 30) -> OCRContents:
    boundary = Boundary(left=100, top=100 + 2 * height * row, width=800, height=height)
    return OCRContents(contents="x" * letters, confidence=0.9, boundary=boundary)


def test_small_print_in_a_large_picture_makes_no_document_of_it():
    lines = [line(row) for row in range(8)]
    assert finding_of(lines, 1000, 1000) is not None
    assert finding_of(lines, 4000, 3000) is None


def test_a_few_lines_or_a_few_letters_make_no_document():
    assert finding_of([line(row, letters=60) for row in range(4)], 1000, 600) is None
    assert finding_of([line(row, letters=9) for row in range(9)], 1000, 600) is None
    assert finding_of([], 1000, 600) is None


def test_a_document_that_fills_the_image_is_central():
    middle = finding_of([line(row) for row in range(10)], 1000, 600)
    below = finding_of([line(row) for row in range(10, 20)], 1000, 1000)
    assert middle.centrality > 0.9
    assert below.centrality < middle.centrality
