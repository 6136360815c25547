"""Head pose from meshes and from landmarks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.vision.conftest import central_face
from vultus.vision.attributes.mesh import POINTS, Mesh
from vultus.vision.attributes.pose import AVERAGE, HEAD, RIGID, pose_of, pose_of_mesh

MIRRORED = [1, 0, 2, 4, 3]  # left and right change places


def seen(pitch: float = 0, roll: float = 0, yaw: float = 0, scale: float = 1.5) -> np.ndarray:
    """Landmarks of the average head, turned."""
    return (scale * HEAD @ turn(pitch, roll, yaw).T)[:, :2].astype(np.float32) + 300


def mesh(pitch: float = 0, roll: float = 0, yaw: float = 0, scale: float = 1.5) -> Mesh:
    """The mesh of the average head, turned."""
    points = np.zeros((POINTS, 3))
    points[RIGID] = scale * AVERAGE @ turn(pitch, roll, yaw).T + 300
    return Mesh(points)


def turn(pitch: float, roll: float, yaw: float) -> np.ndarray:
    """First up, then to the side, then leaning."""
    p, r, y = np.deg2rad([-pitch, roll, -yaw])
    up = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    aside = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    lean = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return lean @ aside @ up


@given(st.floats(-85, 85), st.floats(-175, 175), st.floats(-85, 85), st.floats(0.2, 9))
def test_the_pose_of_a_turned_mesh_is_found(pitch: float, roll: float, yaw: float, scale: float) -> None:
    pose = pose_of_mesh(mesh(pitch, roll, yaw, scale))
    np.testing.assert_allclose([pose.pitch, pose.roll, pose.yaw], [pitch, roll, yaw], atol=0.05)


@given(st.floats(-60, 60), st.floats(-175, 175), st.floats(-70, 70), st.floats(0.2, 9))
@pytest.mark.proves("HeadPose.Pitch Roll Yaw")
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


def test_roll_grows_with_every_turn_of_the_picture(analyser, sample_faces) -> None:
    for pixels, face in sample_faces[:8]:
        rolls = [face.pose.roll]
        for angle in (10, 20, 30):
            turned = np.asarray(Image.fromarray(pixels).rotate(-angle, Image.Resampling.BILINEAR))
            rolls.append(central_face(analyser, turned).pose.roll)
        assert (np.diff(rolls) > 5).all()


def test_landmarks_and_points_on_one_spot_give_numbers() -> None:
    for pose in (pose_of(np.full((5, 2), 25, np.float32)), pose_of_mesh(Mesh(np.full((POINTS, 3), 25.0)))):
        assert np.isfinite([pose.pitch, pose.roll, pose.yaw]).all()
