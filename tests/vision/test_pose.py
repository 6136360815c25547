"""Head pose from landmarks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.vision.conftest import central_face
from vultus.vision.pose import HEAD, pose_of

MIRRORED = [1, 0, 2, 4, 3]  # left and right change places


def seen(pitch: float = 0, roll: float = 0, yaw: float = 0, scale: float = 1.5) -> np.ndarray:
    """Landmarks of the average head, turned: first up, then to the side, then leaning."""
    p, r, y = np.deg2rad([-pitch, roll, -yaw])
    up = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    aside = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    lean = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return (scale * HEAD @ (lean @ aside @ up).T)[:, :2].astype(np.float32) + 300


@given(st.floats(-60, 60), st.floats(-175, 175), st.floats(-70, 70), st.floats(0.2, 9))
def test_the_pose_of_a_turned_head_is_found(pitch: float, roll: float, yaw: float, scale: float) -> None:
    pose = pose_of(seen(pitch, roll, yaw, scale))
    np.testing.assert_allclose([pose.pitch, pose.roll, pose.yaw], [pitch, roll, yaw], atol=0.05)


def test_signs_are_those_of_the_viewer() -> None:
    nose = pose_of(seen() + np.array([[0, 0], [0, 0], [10, 0], [0, 0], [0, 0]], np.float32))
    assert nose.yaw > 5
    nose = pose_of(seen() - np.array([[0, 0], [0, 0], [0, 10], [0, 0], [0, 0]], np.float32))
    assert nose.pitch > 5
    eyes = seen() + np.array([[0, -10], [0, 10], [0, 0], [0, 0], [0, 0]], np.float32)
    assert pose_of(eyes).roll > 2


def test_a_mirrored_face_looks_the_other_way(analyser, sample_faces) -> None:
    off = []
    for pixels, face in sample_faces:
        other = central_face(analyser, pixels[:, ::-1]).pose
        off.append([other.yaw + face.pose.yaw, other.roll + face.pose.roll, other.pitch - face.pose.pitch])
    assert (np.abs(off).mean(axis=0) < [1.5, 1, 1.5]).all()


def test_mirrored_landmarks_give_exactly_the_other_yaw(sample_faces) -> None:
    for _, face in sample_faces:
        mirrored = face.landmarks[MIRRORED] * np.array([-1, 1], np.float32)
        assert pose_of(mirrored).yaw == pytest.approx(-pose_of(face.landmarks).yaw, abs=1e-3)


@pytest.mark.parametrize("angle", [-20, 15, 25])
def test_a_turned_picture_gives_its_angle_as_roll(analyser, sample_faces, angle: int) -> None:
    off = []
    for pixels, face in sample_faces:
        turned = np.asarray(Image.fromarray(pixels).rotate(-angle, Image.Resampling.BILINEAR))
        off.append(central_face(analyser, turned).pose.roll - face.pose.roll - angle)
    assert np.abs(off).mean() < 0.5


def test_landmarks_on_one_spot_give_numbers() -> None:
    pose = pose_of(np.full((5, 2), 25, np.float32))
    assert np.isfinite([pose.pitch, pose.roll, pose.yaw]).all()
