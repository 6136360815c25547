"""Alignment."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vultus.vision.faces.align import MEAN_FACE, TEMPLATE, aligned, framed, similarity


@given(st.floats(-180, 180), st.floats(0.05, 20), st.floats(-2000, 2000), st.floats(-2000, 2000))
def test_landmarks_turned_scaled_and_moved_come_back_to_the_template(
    angle: float, scale: float, across: float, down: float
) -> None:
    turn = np.deg2rad(angle)
    matrix = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    landmarks = TEMPLATE @ matrix.T + [across, down]
    back = similarity(landmarks)
    np.testing.assert_allclose(landmarks @ back[:, :2].T + back[:, 2], TEMPLATE, atol=1e-3)


def test_landmarks_on_one_spot_give_a_chip_all_the_same() -> None:
    chip = aligned(np.full((50, 50, 3), 7, np.uint8), np.full((5, 2), 25, np.float32))
    assert chip.shape == (112, 112, 3)


def test_fine_patterns_of_a_large_face_are_averaged_and_not_sampled() -> None:
    stripes = np.zeros((1120, 1120, 3), np.uint8)
    stripes[:, ::2] = 254
    chip = aligned(stripes, TEMPLATE * 10)
    assert np.abs(chip[10:-10, 10:-10].astype(int) - 127).max() <= 8


def test_the_chip_of_a_large_face_lies_where_that_of_a_small_one_lies() -> None:
    column, row = np.meshgrid(np.arange(112), np.arange(112))
    spot = (255 * np.exp(-((column - 40) ** 2 + (row - 70) ** 2) / 200)).astype(np.uint8)
    small = np.dstack([spot] * 3)
    large = small.repeat(6, axis=0).repeat(6, axis=1)
    landmarks = (TEMPLATE + 0.5) * 6 - 0.5  # the middle of a pixel lies half a pixel from its edge
    assert np.abs(aligned(large, landmarks).astype(int) - aligned(small, TEMPLATE)).max() <= 6


def test_a_framed_face_fills_its_chip_but_for_the_margin() -> None:
    picture = np.zeros((300, 300, 3), np.uint8)
    picture[100:200, 100:200] = 200
    chip = framed(picture, MEAN_FACE * 100 + 99.5, 70, 0.2)
    assert (chip[11:59, 11:59] == 200).all()
    assert (chip[:9] == 0).all()
    assert (chip[:, -9:] == 0).all()


def test_a_framed_face_at_the_edge_of_a_picture_has_no_black_about_it() -> None:
    picture = np.full((100, 100, 3), 90, np.uint8)
    assert (framed(picture, MEAN_FACE * 100, 32, 0.2) == 90).all()
