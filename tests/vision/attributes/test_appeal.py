"""Attractive: how well a photo shows a face."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.config import Faces
from vultus.vision.attributes.appeal import appeal_of, light_of
from vultus.vision.faces.align import aligned
from vultus.vision.faces.face import Pose

STRAIGHT = Pose(0.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def chips(sample_faces) -> list[np.ndarray]:
    return [aligned(pixels, face.landmarks) for pixels, face in sample_faces]


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 1), st.floats(0, 2))
def test_appeal_is_a_share(pitch: float, roll: float, yaw: float, sharpness: float, openness: float) -> None:
    chip = np.random.default_rng(7).integers(0, 256, (112, 112, 3), np.uint8)
    assert 0 <= appeal_of(chip, sharpness, Pose(pitch, roll, yaw), openness) <= 1


def test_blur_turning_away_and_closing_the_eyes_cost_appeal(chips) -> None:
    for chip in chips:
        best = appeal_of(chip, 0.9, STRAIGHT, 0.3)
        assert appeal_of(chip, 0.4, STRAIGHT, 0.3) < best
        assert appeal_of(chip, 0.9, Pose(0.0, 0.0, 50.0), 0.3) < best
        assert appeal_of(chip, 0.9, STRAIGHT, 0.06) < best


def test_narrow_eyes_are_open_eyes(chips) -> None:
    assert appeal_of(chips[0], 0.9, STRAIGHT, 0.16) == appeal_of(chips[0], 0.9, STRAIGHT, 0.4)


def test_a_darker_face_under_the_same_light_is_lit_as_well(chips) -> None:
    """Skin that gives back half of the light leaves light as it is, as long as all of it can be seen."""
    for chip in chips:
        clear = np.clip(chip, 24, 236)
        assert light_of(clear // 2) == pytest.approx(light_of(clear), abs=0.05)


def test_a_face_half_in_the_shade_or_washed_out_is_lit_worse(chips) -> None:
    for chip in chips:
        even = cv2.addWeighted(chip, 0.5, np.ascontiguousarray(chip[:, ::-1]), 0.5, 0)
        shaded = even.copy()
        shaded[:, :56] //= 4
        washed = cv2.convertScaleAbs(even, alpha=1.0, beta=200)
        assert light_of(shaded) < 0.5 * light_of(even)
        assert light_of(washed) < 0.5 * light_of(even)


def test_appeal_is_told_only_to_who_asks(models, sample_faces) -> None:
    assert "attractive" not in Faces().attributes
    assert all(face.traits.appeal is None for _, face in sample_faces)
