from pathlib import Path

import pytest

from vultus import model
from vultus.index.steps.cropping import suggestions_of
from vultus.media.images.picture import decode_picture

RATIOS = ["1:1", "4:3", "3:4", "16:9", "9:16"]


def cuts(crop: model.Boundary, face: model.Boundary) -> bool:
    """Whether a part of a face is inside, and a part outside."""
    across = min(crop.left + crop.width, face.left + face.width) - max(crop.left, face.left)
    down = min(crop.top + crop.height, face.top + face.height) - max(crop.top, face.top)
    return across > 0 and down > 0 and (across, down) != (face.width, face.height)


def check(document: model.File) -> None:
    assert [each.aspect_ratio for each in document.cropping_suggestions] == RATIOS
    for suggestion in document.cropping_suggestions:
        crop = suggestion.boundary
        across, down = map(int, suggestion.aspect_ratio.split(":"))
        assert abs(crop.width - crop.height * across / down) <= 1
        assert abs(crop.height - crop.width * down / across) <= 1
        assert min(crop.left, crop.top) >= 0
        assert crop.left + crop.width <= document.image_width
        assert crop.top + crop.height <= document.image_height
        assert 0 <= suggestion.confidence <= 1


@pytest.mark.parametrize("name", ["sample1.jpg", "sample4.jpg", "sample6.jpg", "obama.jpg"])
@pytest.mark.proves("File.CroppingSuggestions", "CroppingSuggestion.AspectRatio Confidence Boundary")
def test_a_photo_is_cropped_to_every_ratio_and_no_face_is_cut(subject_of, samples, name):
    subject = subject_of(samples / name, "cropping")
    check(subject.document)
    assert subject.faces
    for suggestion in subject.document.cropping_suggestions:
        assert not [face for face in subject.faces if cuts(suggestion.boundary, face.figure.boundary)]


def test_a_portrait_keeps_its_face_in_every_shape(subject_of, sample_face):
    subject = subject_of(sample_face, "cropping")
    face = subject.faces[0].figure.boundary
    for suggestion in subject.document.cropping_suggestions:
        crop = suggestion.boundary
        assert crop.left <= face.left <= face.left + face.width <= crop.left + crop.width
        assert suggestion.confidence > 0.5


def test_a_picture_without_faces_is_cropped_as_well(samples):
    picture = decode_picture((samples / "sample2.jpg").read_bytes(), working_side=512, max_pixels=10**8)
    found = suggestions_of(picture, [])
    assert [each.aspect_ratio for each in found] == RATIOS
    assert max(each.boundary.width for each in found) > 512  # in pixels of the whole image


def test_no_face_of_group_photos_is_cut(subject_of, data):
    photos = sorted((data / "groups-friends6").iterdir())
    assert len(photos) == 50
    found = []
    for photo in photos:
        subject = subject_of(Path(photo), "cropping")
        check(subject.document)
        faces = [face.figure.boundary for face in subject.faces]
        found += faces
        for suggestion in subject.document.cropping_suggestions:
            assert not [face for face in faces if cuts(suggestion.boundary, face)], photo.name
    assert len(found) > 150
