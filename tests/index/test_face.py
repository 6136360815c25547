"""What is kept of a face."""

import dataclasses

import msgspec
import numpy as np
import pytest

from vultus.index.face import indexed_face
from vultus.vision.faces.face import Age, Face, Pose, Trait, Traits

FACE = Face(
    box=(1, 2, 30, 40),
    landmarks=np.zeros((5, 2), np.float32),
    confidence=0.9,
    pose=Pose(1.0, 2.0, 3.0),
    sharpness=0.5,
    quality=0.7,
    embedding=np.eye(4, dtype=np.float32)[0],
)
TOLD = {"Age", "AgeSD", "Gender", "GenderConfidence"}
MORE = {"Emotion", "EmotionConfidence", "Mouth", "MouthConfidence", "Attractive"}


def test_what_no_model_tells_of_a_face_is_left_out() -> None:
    assert not (TOLD | MORE) & msgspec.to_builtins(indexed_face(FACE).figure).keys()


def test_age_is_told_in_whole_years_with_its_deviation_and_gender_with_its_confidence() -> None:
    face = dataclasses.replace(FACE, traits=Traits(age=Age(29.6, 5.126), gender=Trait("female", 0.97)))
    figure = msgspec.to_builtins(indexed_face(face).figure)
    assert [figure[name] for name in sorted(TOLD)] == [30, pytest.approx(5.13), "female", 0.97]


def test_emotion_mouth_and_appeal_are_told_by_the_names_of_the_api() -> None:
    traits = Traits(emotion=Trait("none", 0.8), mouth=Trait("close", 0.9), appeal=0.0)
    figure = msgspec.to_builtins(indexed_face(dataclasses.replace(FACE, traits=traits)).figure)
    told = {"Emotion": "none", "EmotionConfidence": 0.8, "Mouth": "close", "MouthConfidence": 0.9, "Attractive": 0.0}
    assert told.items() <= figure.items()


@pytest.mark.proves(
    "Figure.FigureType FigureConfidence FaceQuality Sharpness Boundary HeadPose Age AgeSD Gender GenderConfidence",
    "Figure.Emotion EmotionConfidence Mouth MouthConfidence Mask MaskConfidence Glasses GlassesConfidence",
    "Figure.Hat HatConfidence Beard BeardConfidence Attractive",
    "Boundary.Left Top Width Height",
    "HeadPose.Pitch Roll Yaw",
)
def test_all_that_is_known_of_a_face_is_told_under_the_names_of_the_api() -> None:
    traits = Traits(
        age=Age(29.6, 5.126),
        gender=Trait("female", 0.97),
        emotion=Trait("happiness", 0.8),
        mouth=Trait("open", 0.9),
        mask=Trait("none", 0.99),
        glasses=Trait("sunglasses", 0.7),
        hat=Trait("hat", 0.6),
        beard=Trait("none", 0.95),
        appeal=0.4,
    )
    assert msgspec.to_builtins(indexed_face(dataclasses.replace(FACE, traits=traits)).figure) == {
        "FigureType": "face",
        "FigureConfidence": 0.9,
        "FaceQuality": 0.7,
        "Sharpness": 0.5,
        "Boundary": {"Left": 1, "Top": 2, "Width": 30, "Height": 40},
        "HeadPose": {"Pitch": 1.0, "Roll": 2.0, "Yaw": 3.0},
        "Age": 30,
        "AgeSD": 5.13,
        "Gender": "female",
        "GenderConfidence": 0.97,
        "Emotion": "happiness",
        "EmotionConfidence": 0.8,
        "Mouth": "open",
        "MouthConfidence": 0.9,
        "Mask": "none",
        "MaskConfidence": 0.99,
        "Glasses": "sunglasses",
        "GlassesConfidence": 0.7,
        "Hat": "hat",
        "HatConfidence": 0.6,
        "Beard": "none",
        "BeardConfidence": 0.95,
        "Attractive": 0.4,
    }
