"""Finding faces: who must be found, what must not be taken for one, and where the boxes lie."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vultus.vision.faces.detect import Detector


@pytest.fixture(scope="module")
def detector(models) -> Detector:
    return Detector(models.models.cascade("mtcnn"), models.path, min_side=40)


def pixels_of(file: Path, side: int = 1024) -> np.ndarray:
    image = Image.open(file).convert("RGB")
    image.thumbnail((side, side))
    return np.asarray(image)


def test_every_face_of_lfw_is_found_in_the_middle(detector: Detector, data: Path) -> None:
    for file in sorted((data / "faces-lfw").glob("*/*.jpg"))[::8]:
        boxes = detector.detect(pixels_of(file)).boxes
        inside = (boxes[:, :2] < 125).all(axis=1) & (boxes[:, 2:] > 125).all(axis=1)
        assert inside.any(), file


def test_boxes_hold_their_landmarks_and_are_as_wide_as_faces_are(detector: Detector, data: Path) -> None:
    widths = []
    for file in sorted((data / "faces-lfw").glob("*/*.jpg"))[::40]:
        found = detector.detect(pixels_of(file))
        box, landmarks = found.boxes[0], found.landmarks[0]
        assert (landmarks >= box[:2] - 3).all()
        assert (landmarks <= box[2:] + 3).all()
        left_eye, right_eye, nose, left_mouth, right_mouth = landmarks
        assert left_eye[0] < right_eye[0]
        assert left_mouth[0] < right_mouth[0]
        assert left_eye[1] < nose[1] < right_mouth[1]
        widths.append((box[2] - box[0]) / np.hypot(*(right_eye - left_eye)))
    assert 1.8 < np.median(widths) < 2.6


def test_rooms_without_people_hold_no_face(detector: Detector, data: Path) -> None:
    found = {file.name: len(detector.detect(pixels_of(file))) for file in sorted((data / "noface").iterdir())}
    assert {name: count for name, count in found.items() if count} == {}


def test_every_family_photo_has_a_face(detector: Detector, data: Path) -> None:
    for file in sorted((data / "families-azure").iterdir()):
        assert len(detector.detect(pixels_of(file))) >= 1, file


def test_a_face_that_fills_the_picture_is_found(detector: Detector, data: Path) -> None:
    missed = 0
    files = sorted((data / "faces-lfw").glob("*/*.jpg"))[::40]
    for file in files:
        pixels = pixels_of(file)
        left, top, right, bottom = detector.detect(pixels).boxes[0].round().astype(int).clip(0, 250)
        missed += len(detector.detect(pixels[top:bottom, left:right])) == 0
    assert missed <= len(files) // 20


def test_a_face_in_a_thumbnail_is_found(detector: Detector, data: Path) -> None:
    files = sorted((data / "faces-lfw").glob("*/*.jpg"))[::40]
    found = sum(len(detector.detect(pixels_of(file, side=80))) > 0 for file in files)
    assert found >= 0.95 * len(files)


def test_faces_below_the_smallest_side_are_not_looked_for(models, data: Path) -> None:
    file = sorted((data / "faces-lfw").glob("*/*.jpg"))[0]
    canvas = np.full((1000, 1000, 3), 120, np.uint8)
    canvas[300:550, 300:550] = pixels_of(file)
    sides = [
        Detector(models.models.cascade("mtcnn"), models.path, min_side=side).detect(canvas).boxes for side in (40, 200)
    ]
    assert [len(boxes) for boxes in sides] == [1, 0]


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 2), (5, 5), (12, 40), (1024, 1024)])
def test_pictures_of_nothing_hold_no_face(detector: Detector, shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    for pixels in (np.zeros_like(noise), np.full_like(noise, 255), noise):
        found = detector.detect(pixels)
        assert (len(found), found.landmarks.shape) == (0, (0, 5, 2))


def test_the_most_certain_face_comes_first(detector: Detector, data: Path) -> None:
    for file in sorted((data / "groups-friends6").iterdir())[:10]:
        confidence = detector.detect(pixels_of(file)).confidence
        assert list(confidence) == sorted(confidence, reverse=True)
