"""Sharpness."""

import cv2
import numpy as np
import pytest

from vultus.vision.align import aligned
from vultus.vision.sharpness import sharpness_of


@pytest.fixture(scope="module")
def chips(sample_faces) -> list[np.ndarray]:
    return [aligned(pixels, face.landmarks) for pixels, face in sample_faces]


def test_sharpness_falls_with_every_step_of_blur(chips) -> None:
    for chip in chips:
        blurred = [sharpness_of(cv2.GaussianBlur(chip, (0, 0), radius)) for radius in (0.8, 1.5, 3, 6)]
        steps = [sharpness_of(chip), *blurred]
        assert steps == sorted(steps, reverse=True)


def test_photos_are_sharp_and_their_blurred_copies_are_not(chips) -> None:
    assert np.mean([sharpness_of(chip) > 0.5 for chip in chips]) > 0.8
    assert all(sharpness_of(cv2.GaussianBlur(chip, (0, 0), 3)) < 0.5 for chip in chips)


def test_a_dim_picture_of_a_sharp_face_is_as_sharp(chips) -> None:
    for chip in chips:
        dim = (chip.astype(np.float32) * 0.4).round().astype(np.uint8)
        assert sharpness_of(dim) == pytest.approx(sharpness_of(chip), abs=0.05)


def test_a_chip_of_one_colour_has_no_sharpness() -> None:
    assert sharpness_of(np.full((112, 112, 3), 80, np.uint8)) == 0
