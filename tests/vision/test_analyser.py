"""The face analyser, from decoded picture to faces."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.vision.conftest import central_face, picture_of
from vultus.config import ConfigError, Faces, Settings
from vultus.media.images.picture import Picture, decode_picture
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.attributes.pose import pose_of
from vultus.vision.faces.face import Traits
from vultus.vision.models.store import ModelStore

NOWHERE = """
[[files]]
id = "{0}"
file = "{0}.onnx"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
bytes = 1
licence = "CC0-1.0"
"""


def test_boxes_lie_inside_the_full_size_picture(analyser, data: Path) -> None:
    for file in sorted((data / "groups-friends6").iterdir())[:20]:
        picture = decode_picture(file.read_bytes(), working_side=512, max_pixels=10**8)
        for face in analyser.analyse(picture):
            left, top, width, height = face.box
            assert min(left, top) >= 0
            assert min(width, height) >= 1
            assert left + width <= picture.width
            assert top + height <= picture.height


def test_a_reduced_picture_gives_boxes_and_landmarks_of_the_full_size_one(analyser, sample_faces) -> None:
    for pixels, face in sample_faces[:6]:
        reduced = Picture(pixels, 1000, 1000, None)
        larger = min(
            analyser.analyse(reduced), key=lambda other: float(np.abs(other.landmarks - face.landmarks * 4).max())
        )
        np.testing.assert_allclose(larger.box, np.array(face.box) * 4, atol=4)
        np.testing.assert_allclose(larger.landmarks, face.landmarks * 4, atol=0.01)
        assert larger.embedding @ face.embedding == pytest.approx(1, abs=1e-5)


def test_a_box_that_reaches_beyond_the_picture_ends_at_its_edge(analyser, sample_faces) -> None:
    pixels, face = sample_faces[0]
    left, top, width, height = face.box
    half = pixels[top + height // 5 : top + height, left : left + width]
    found = analyser.analyse(picture_of(half))
    assert found
    assert all(other.box[1] >= 0 and other.box[1] + other.box[3] <= half.shape[0] for other in found)


def test_faces_come_largest_first(analyser, data: Path) -> None:
    for file in sorted((data / "groups-friends6").iterdir())[:10]:
        faces = analyser.analyse(decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**8))
        areas = [face.box[2] * face.box[3] for face in faces]
        assert areas == sorted(areas, reverse=True)


def test_the_same_picture_gives_the_same_faces(analyser, sample_faces) -> None:
    pixels, face = sample_faces[0]
    again = central_face(analyser, pixels)
    assert again.box == face.box
    assert again.quality == face.quality
    assert (again.embedding == face.embedding).all()


def test_shares_are_shares_and_embeddings_are_of_unit_length(sample_faces) -> None:
    for _, face in sample_faces:
        assert 0 < face.confidence <= 1
        assert 0 <= face.sharpness <= 1
        assert 0 <= face.quality <= 1
        assert np.linalg.norm(face.embedding) == pytest.approx(1, abs=1e-5)


def test_a_picture_without_a_face_gives_none(analyser) -> None:
    assert analyser.analyse(picture_of(np.zeros((300, 400, 3), np.uint8))) == []


def test_families_pass_the_gate(analyser, data: Path) -> None:
    """Box over 75 pixels, every angle under 30 degrees, quality over 0.8: what founds a cluster."""
    passed = []
    for file in sorted((data / "families-azure").glob("Family*.jpg")):
        face = analyser.analyse(decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**8))[0]
        angles = [abs(face.pose.pitch), abs(face.pose.roll), abs(face.pose.yaw)]
        passed.append(min(face.box[2:]) > 75 and max(angles) < 30 and face.quality > 0.8)
    assert np.mean(passed) > 0.85


def test_an_unknown_embedding_model_is_refused(models) -> None:
    with pytest.raises(ConfigError, match="'facenet'"):
        FaceAnalyser(models, Faces(profile="facenet"))


def test_a_face_is_found_and_embedded_without_the_models_of_age_and_gender(
    models, analyser, sample_faces, tmp_path: Path, caplog
) -> None:
    """Where a model cannot be had, what it would tell is left out, and the log says why."""
    (tmp_path / "models").mkdir()
    for entry in models.entries:
        if entry.id not in {"age", "gender"}:
            shutil.copy(models.path(entry.id), tmp_path / "models")
    (tmp_path / "models.toml").write_text(NOWHERE.format("age") + NOWHERE.format("gender"))
    poor = FaceAnalyser(ModelStore(Settings(home=tmp_path)), Faces())
    pixels, face = sample_faces[0]
    seen = central_face(poor, pixels)
    assert (seen.traits.age, seen.traits.gender) == (None, None)
    assert (seen.embedding == face.embedding).all()
    assert "without age" in caplog.text
    assert "without gender" in caplog.text


def test_without_the_mesh_poses_come_from_landmarks_and_mouths_are_not_told(
    models, sample_faces, tmp_path: Path, caplog
) -> None:
    (tmp_path / "models").mkdir()
    for entry in models.entries:
        if entry.id != "face-landmarker":
            shutil.copy(models.path(entry.id), tmp_path / "models")
    (tmp_path / "models.toml").write_text(NOWHERE.format("face-landmarker"))
    poor = FaceAnalyser(ModelStore(Settings(home=tmp_path)), Faces(attributes=("mouth", "emotion", "attractive")))
    pixels, face = sample_faces[0]
    seen = central_face(poor, pixels)
    assert seen.pose == pose_of(seen.landmarks)
    assert seen.traits == Traits(emotion=face.traits.emotion)
    assert "without mouth" in caplog.text


def test_all_that_is_asked_for_is_told(models, sample_faces) -> None:
    pixels, face = sample_faces[0]
    seen = central_face(FaceAnalyser(models, Faces(attributes=("emotion", "mouth", "attractive"))), pixels)
    assert (seen.traits.emotion, seen.traits.mouth) == (face.traits.emotion, face.traits.mouth)
    assert seen.traits.appeal is not None
    assert 0 < seen.traits.appeal < 1


def test_what_nobody_asks_for_is_not_told(models, analyser, sample_faces) -> None:
    pixels, face = sample_faces[0]
    bare = central_face(FaceAnalyser(models, Faces(attributes=())), pixels)
    some = central_face(FaceAnalyser(models, Faces(attributes=("age",))), pixels)
    assert bare.traits == Traits()
    assert some.traits == Traits(age=face.traits.age)
    assert (bare.embedding == face.embedding).all()
