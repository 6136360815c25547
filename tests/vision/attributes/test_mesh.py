"""Meshes over faces."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.vision.conftest import picture_of
from vultus.config import ConfigError
from vultus.vision.attributes.mesh import POINTS, FaceMesher, Mesh

LEFT_EYE, RIGHT_EYE, NOSE, LEFT_CORNER, RIGHT_CORNER = 468, 473, 4, 61, 291


@pytest.fixture(scope="session")
def meshes(analyser, sample_faces) -> list[Mesh]:
    """The meshes of the sample faces."""
    return [analyser.mesher.mesh(pixels, face.landmarks) for pixels, face in sample_faces]


def test_a_mesh_lies_on_the_landmarks(sample_faces, meshes) -> None:
    off = []
    for (_, face), mesh in zip(sample_faces, meshes, strict=True):
        five = mesh.points[[LEFT_EYE, RIGHT_EYE, NOSE, LEFT_CORNER, RIGHT_CORNER], :2]
        apart = np.linalg.norm(face.landmarks[1] - face.landmarks[0])
        off.append(np.linalg.norm(five - face.landmarks, axis=1).mean() / apart)
    assert np.median(off) < 0.1
    assert np.max(off) < 0.3


def test_a_nose_is_nearer_than_temples(meshes) -> None:
    for mesh in meshes:
        assert mesh.points.shape == (POINTS, 3)
        assert mesh.points[NOSE, 2] < mesh.points[[127, 356], 2].max()


def test_a_mesh_follows_the_picture(analyser, sample_faces, meshes) -> None:
    """Twice as large and moved, a face has the same mesh, twice as large and moved."""
    for (pixels, face), mesh in list(zip(sample_faces, meshes, strict=True))[:6]:
        large = pixels.repeat(2, axis=0).repeat(2, axis=1)[20:, 10:]
        other = analyser.mesher.mesh(large, face.landmarks * 2 + 0.5 - np.float32([10, 20]))
        moved = mesh.points * 2 + [0.5 - 10, 0.5 - 20, 0]
        assert np.abs(other.points - moved)[:, :2].mean() < 0.01 * mesh.width(127, 356) * 2
        assert other.width(127, 356) == pytest.approx(2 * mesh.width(127, 356), rel=0.03)


def test_no_mesh_is_laid_where_there_is_no_face(analyser) -> None:
    grey = picture_of(np.full((200, 200, 3), 128, np.uint8)).pixels
    landmarks = np.float32([[80, 80], [120, 80], [100, 100], [85, 125], [115, 125]])
    assert analyser.mesher.mesh(grey, landmarks) is None


def test_an_archive_without_the_network_is_refused(models) -> None:
    model = models.models.mesh("mesh")
    with pytest.raises(ConfigError, match="no network that LiteRT can run"):
        FaceMesher(msgspec.structs.replace(model, member="elsewhere.tflite"), models.path(model.file))


def test_a_file_that_is_no_archive_is_refused(models, tmp_path: Path) -> None:
    (tmp_path / "mesh.task").write_bytes(b"not an archive")
    with pytest.raises(ConfigError, match=r"mesh\.task is no network"):
        FaceMesher(models.models.mesh("mesh"), tmp_path / "mesh.task")


def test_another_network_of_the_archive_is_refused(models, sample_faces) -> None:
    model = models.models.mesh("mesh")
    other = FaceMesher(msgspec.structs.replace(model, member="face_detector.tflite", side=128), models.path(model.file))
    pixels, face = sample_faces[0]
    with pytest.raises(ConfigError, match="does not give 478 points"):
        other.mesh(pixels, face.landmarks)
