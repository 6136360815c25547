"""Sharpness."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vultus.vision.faces.align import aligned
from vultus.vision.faces.sharpness import sharpness_of


@pytest.fixture(scope="module")
def chips(sample_faces) -> list[np.ndarray]:
    return [aligned(pixels, face.landmarks) for pixels, face in sample_faces]


def noisy(pixels: np.ndarray, deviation: float) -> np.ndarray:
    noise = np.random.default_rng(3).normal(0, deviation, pixels.shape)
    return np.clip(pixels + noise, 0, 255).round().astype(np.uint8)


def test_sharpness_falls_with_every_step_of_blur(chips) -> None:
    for chip in chips:
        blurred = [sharpness_of(cv2.GaussianBlur(chip, (0, 0), radius)) for radius in (0.8, 1.5, 3, 6)]
        steps = [sharpness_of(chip), *blurred]
        assert steps == sorted(steps, reverse=True)


def test_sharpness_falls_with_every_step_of_noise(sample_faces) -> None:
    for pixels, face in sample_faces:
        steps = [sharpness_of(aligned(noisy(pixels, deviation), face.landmarks)) for deviation in (0, 10, 20, 40)]
        assert steps == sorted(steps, reverse=True)


def test_noise_does_not_sharpen_what_is_blurred(sample_faces) -> None:
    for pixels, face in sample_faces:
        blurred = cv2.GaussianBlur(pixels, (0, 0), 3)
        assert sharpness_of(aligned(noisy(blurred, 20), face.landmarks)) < 0.5


def test_noise_alone_is_not_sharp() -> None:
    assert sharpness_of(noisy(np.full((112, 112, 3), 128, np.uint8), 30)) < 0.2


def test_a_small_face_made_large_is_less_sharp(sample_faces) -> None:
    for pixels, face in sample_faces:
        small = cv2.resize(pixels, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
        enlarged = sharpness_of(aligned(small, face.landmarks * np.float32(0.4)))
        assert enlarged < sharpness_of(aligned(pixels, face.landmarks))


def test_photos_are_sharp_and_their_blurred_copies_are_not(chips) -> None:
    assert np.mean([sharpness_of(chip) > 0.5 for chip in chips]) > 0.8
    assert all(sharpness_of(cv2.GaussianBlur(chip, (0, 0), 3)) < 0.5 for chip in chips)


def test_a_dim_picture_of_a_sharp_face_is_as_sharp(chips) -> None:
    for chip in chips:
        dim = (chip.astype(np.float32) * 0.4).round().astype(np.uint8)
        assert sharpness_of(dim) == pytest.approx(sharpness_of(chip), abs=0.05)


def test_a_chip_of_one_colour_has_no_sharpness() -> None:
    assert sharpness_of(np.full((112, 112, 3), 80, np.uint8)) == 0


@given(arrays(np.uint8, (112, 112, 3), elements=st.integers(0, 255), fill=st.integers(0, 255)))
def test_sharpness_is_a_share_of_whatever_chip(chip: np.ndarray) -> None:
    assert 0 <= sharpness_of(chip) <= 1
