"""The second look: who is found only by it, and that it takes nothing else for a face."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from vultus.config import Faces
from vultus.media.images.picture import decode_picture
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.faces.detect import Detections, Detector

# Left, top, width and height of pieces without a face, in which the cascade sees one.
BODIES = {
    "photos-celeba/005333.jpg": (122, 324, 157, 164),
    "photos-celeba/015343.jpg": (214, 516, 346, 248),
    "photos-celeba/022649.jpg": (272, 547, 258, 311),
    "photos-celeba/051002.jpg": (56, 345, 257, 192),
    "photos-celeba/063826.jpg": (38, 317, 336, 410),
}


@pytest.fixture(scope="module")
def detector(analyser: FaceAnalyser) -> Detector:
    return analyser.detector


@pytest.fixture(scope="module")
def cascade(models) -> Detector:
    return Detector(models.models.cascade("mtcnn"), models.path, Faces().min_side)


def pixels_of(file: Path) -> np.ndarray:
    return decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**8).pixels


def found_in(detector: Detector, folder: Path) -> dict[str, Detections]:
    return {file.name: detector.detect(pixels_of(file)) for file in sorted(folder.iterdir())}


def test_masked_faces_are_found(detector: Detector, data: Path) -> None:
    found = found_in(detector, data / "attr-mask" / "with_mask")
    assert sum(len(faces) > 0 for faces in found.values()) >= 0.9 * len(found)


def test_the_landmarks_of_masked_faces_lie_as_in_others(detector: Detector, data: Path) -> None:
    for name, faces in found_in(detector, data / "attr-mask" / "with_mask").items():
        for left_eye, right_eye, _, left_mouth, right_mouth in faces.landmarks[:1]:
            eyes, mouth = (left_eye + right_eye) / 2, (left_mouth + right_mouth) / 2
            assert left_eye[0] < right_eye[0], name
            assert mouth[1] > eyes[1] + 0.4 * (right_eye[0] - left_eye[0]), name


def test_rooms_hold_no_face_at_a_second_look_either(detector: Detector, data: Path) -> None:
    found = found_in(detector, data / "noface")
    assert sum(len(faces) > 0 for faces in found.values()) <= 1


def test_hands_bodies_and_cloth_are_no_faces(detector: Detector, cascade: Detector, data: Path) -> None:
    """Pieces of photos that show somebody, cut out below the face."""
    taken, left = 0, 0
    for name, (left_edge, top, width, height) in BODIES.items():
        pixels = np.ascontiguousarray(pixels_of(data / name)[top : top + height, left_edge : left_edge + width])
        taken += len(cascade.detect(pixels)) > 0
        left += len(detector.detect(pixels)) > 0
    assert (taken, left) == (5, 0)


def test_leaves_are_no_face(detector: Detector, data: Path) -> None:
    assert not len(detector.detect(pixels_of(data / "media" / "exif-samples__heic__IMG_5195.HEIC")))


def test_faces_are_as_sure_as_all_that_were_asked(detector: Detector, data: Path) -> None:
    """A masked face that the cascade misses is less sure than one that it finds, where the mesh sees none."""
    plain = detector.detect(pixels_of(data / "attr-mask" / "with_mask" / "with_mask079.jpg"))
    hidden = detector.detect(pixels_of(data / "attr-mask" / "with_mask" / "0_0_16 copy 6.jpg"))
    assert plain.confidence[0] > 0.99
    assert 0.5 < hidden.confidence[0] < 0.6


def test_where_a_face_was_found_nobody_looks_again(detector: Detector, cascade: Detector, data: Path) -> None:
    for file in sorted((data / "groups-friends6").iterdir())[:6]:
        pixels = pixels_of(file)
        once, twice = cascade.detect(pixels), detector.detect(pixels)
        assert np.array_equal(once.boxes, twice.boxes), file


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 2), (5, 5), (12, 40), (600, 900)])
def test_pictures_of_nothing_hold_no_face_at_a_second_look(detector: Detector, shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    for pixels in (np.zeros_like(noise), np.full_like(noise, 255), noise):
        found = detector.detect(pixels)
        assert (len(found), found.landmarks.shape) == (0, (0, 5, 2))


def test_a_masked_face_is_found_in_pictures_of_any_size(detector: Detector, data: Path) -> None:
    pixels = pixels_of(data / "attr-mask" / "with_mask" / "with_mask391.jpg")
    for side in (60, 200, 1000):
        size = (side, round(side * pixels.shape[0] / pixels.shape[1]))
        assert len(detector.detect(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))) == 1, side
