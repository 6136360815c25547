"""A strip is cut out level, told which way up it is, and read."""

import numpy as np
import pytest

from tests.pages import page
from vultus.config import ConfigError
from vultus.vision.reading.text_reader import HEIGHT, WIDEST, TextReader, cut_out


@pytest.fixture(scope="module")
def reader(models) -> TextReader:
    model = models.models.text_model("ppocr-v6-small")
    return TextReader(model, models.path(model.reader), models.path(model.turner))


def corners(left, top, right, bottom):
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def strip(text: str):
    """Cut the ink out of a page of one line."""
    pixels = page([text], 24, 96, height=2)
    rows, columns = np.nonzero(pixels.min(axis=2) < 128)
    return cut_out(pixels, corners(columns.min() - 5, rows.min() - 5, columns.max() + 5, rows.max() + 5))


@pytest.mark.parametrize("text", ["Hello, world 42", "万里长城", "a", "7"])
def test_a_strip_is_read(reader, text):
    contents, confidence = reader.read(strip(text))
    assert contents == text
    assert confidence > 0.8


def test_an_empty_strip_says_nothing(reader):
    assert reader.read(np.full((HEIGHT, 300, 3), 240, np.uint8)) == ("", 0.0)


@pytest.mark.parametrize("text", ["Which way is up?", "欢迎使用智能媒体管理"])
def test_a_strip_that_is_upside_down_is_known(reader, text):
    assert reader.upside_down(strip(text)) < 0.2
    assert reader.upside_down(strip(text)[::-1, ::-1]) > 0.8


@pytest.mark.parametrize("turns", range(4))
def test_a_strip_is_cut_out_as_its_corners_lie(turns):
    pixels = np.zeros((200, 300, 3), np.uint8)
    pixels[50:90, 100:140] = (255, 0, 0)  # the left half of the line is red
    pixels[50:90, 140:180] = (0, 0, 255)
    box = corners(100, 50, 180, 90)
    for _ in range(turns):  # a quarter counterclockwise: what was on the right comes to the top
        box = np.stack([box[:, 1], pixels.shape[1] - box[:, 0]], axis=1)
        pixels = np.ascontiguousarray(np.rot90(pixels))
    cut = cut_out(pixels, box)
    assert cut.shape == (HEIGHT, 2 * HEIGHT, 3)
    assert cut[HEIGHT // 2, HEIGHT // 2].argmax() == 0
    assert cut[HEIGHT // 2, 3 * HEIGHT // 2].argmax() == 2


def test_a_line_without_end_is_squeezed():
    assert cut_out(np.zeros((4, 9000, 3), np.uint8), corners(0, 0, 9000, 2)).shape == (HEIGHT, WIDEST, 3)


def test_a_network_with_other_letters_is_refused(models):
    model = models.models.text_model("ppocr-v6-small")
    reader = TextReader(model, models.path(model.turner), models.path(model.turner))
    with pytest.raises(ConfigError, match="does not read 3 letters"):
        reader.read(np.zeros((HEIGHT, 192, 3), np.uint8))
