"""The pyramid: levels and cuttings."""

import numpy as np
import pytest

from vultus.vision.pyramid import GREY, Pyramid


def slope(height: int, width: int) -> np.ndarray:
    """A picture whose red grows to the right and whose green grows downwards."""
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return np.dstack([across, down, np.full_like(across, 90)]).astype(np.uint8)


def test_a_face_of_any_size_is_a_cell_wide_at_some_level() -> None:
    pyramid = Pyramid(slope(480, 640), 40, 12)
    for side in (40, 60, 100, 200, 400):
        sizes = [side * level.across for level in pyramid.searched]
        assert min(abs(np.log2(size / 12)) for size in sizes) <= 0.5


def test_a_cutting_shows_its_square_with_rows_and_columns_exchanged() -> None:
    picture = slope(400, 600)
    (cutting,) = Pyramid(picture, 40, 12).cut(np.array([[200, 100, 296, 196]], np.float32), 48)
    assert cutting.shape == (48, 48, 3)
    expected = picture[100:196, 200:296].reshape(48, 2, 48, 2, 3).mean(axis=(1, 3)).transpose(1, 0, 2)
    assert np.abs(cutting - expected).max() < 4


def test_beyond_the_picture_is_grey() -> None:
    (cutting,) = Pyramid(slope(200, 200), 40, 12).cut(np.array([[-100, 50, 0, 150]], np.float32), 24)
    assert (cutting[:20] == GREY).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 2000), (2000, 3), (13, 13)])
def test_pictures_of_any_shape_have_levels(shape: tuple[int, int]) -> None:
    pyramid = Pyramid(slope(*shape), 20, 12)
    assert all(min(level.pixels.shape[:2]) >= 1 for level in pyramid.searched)
    assert pyramid.cut(np.array([[0, 0, 30, 30]], np.float32), 24).shape == (1, 24, 24, 3)
