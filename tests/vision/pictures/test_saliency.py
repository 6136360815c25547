import numpy as np
import pytest

from vultus.media.images.picture import Picture
from vultus.vision.pictures.saliency import SIDE, saliency_of


def shown(pixels: np.ndarray) -> np.ndarray:
    return saliency_of(Picture(pixels, pixels.shape[1], pixels.shape[0], None))


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (7, 3), (10, 1024), (480, 640), (1000, 10)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_what_draws_the_eye_adds_up_to_one_whatever_is_shown(size, level):
    for pixels in (
        np.full((*size, 3), level, np.uint8),
        np.random.default_rng(1).integers(0, 256, (*size, 3), np.uint8),
    ):
        found = shown(pixels)
        assert found.sum() == pytest.approx(1)
        assert found.min() >= 0
        assert max(found.shape) <= SIDE


@pytest.mark.parametrize(("top", "left"), [(60, 100), (60, 500), (360, 100), (360, 500)])
def test_what_is_unlike_its_surroundings_draws_the_eye(top, left):
    pixels = np.random.default_rng(2).integers(100, 120, (480, 640, 3), np.uint8)
    pixels[top : top + 60, left : left + 60] = 240
    found = shown(pixels)
    row, column = np.unravel_index(found.argmax(), found.shape)
    assert abs(row * 10 - (top + 30)) < 60
    assert abs(column * 10 - (left + 30)) < 60


def test_the_middle_of_nothing_in_particular_draws_the_eye():
    found = shown(np.full((480, 640, 3), 90, np.uint8))
    assert np.unravel_index(found.argmax(), found.shape) == pytest.approx((24, 32), abs=1)
