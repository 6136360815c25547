"""Lines of text are boxed as they lie."""

import numpy as np
import pytest

from tests.pages import ENGLISH, page, turned
from vultus.config import ConfigError
from vultus.vision.reading.text_lines import Line, LineFinder


@pytest.fixture(scope="module")
def finder(models) -> LineFinder:
    model = models.models.text_model("ppocr-v6-small")
    return LineFinder(model, models.path(model.finder))


def test_each_line_gets_a_box_of_its_own(finder):
    lines = finder.find(page(ENGLISH, 12, 96), 800)
    assert len(lines) == len(ENGLISH)
    tops = sorted(float(line.corners[:, 1].min()) for line in lines)
    assert np.diff(tops) == pytest.approx(np.full(len(ENGLISH) - 1, 25), abs=3)
    assert all(line.confidence > 0.7 for line in lines)


def test_boxes_lie_as_the_lines_do(finder):
    lines = finder.find(turned(page(ENGLISH, 14, 96), 15), 1000)
    for line in lines:
        across = line.corners[1] - line.corners[0]
        assert np.degrees(np.arctan2(-across[1], across[0])) == pytest.approx(15, abs=2)
        assert not line.tall


def test_a_line_that_is_written_downwards_is_tall(finder):
    assert all(line.tall for line in finder.find(turned(page(ENGLISH[:3], 14, 96), 270), 800))


def test_a_line_that_is_a_little_higher_than_wide_is_not_tall():
    corners = np.array([[0, 0], [20, 0], [20, 25], [0, 25]], np.float32)
    assert Line(corners, 1.0).size == (20, 25)
    assert not Line(corners, 1.0).tall


def test_a_network_for_something_else_is_refused(models):
    model = models.models.text_model("ppocr-v6-small")
    finder = LineFinder(model, models.path(model.turner))
    with pytest.raises(ConfigError, match="does not mark the pixels"):
        finder.find(page(ENGLISH, 12, 96), 192)
