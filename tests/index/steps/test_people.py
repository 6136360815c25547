"""Whether somebody is to be seen, alone or in company, is said of images and videos."""

import numpy as np
import pytest
from msgspec import UNSET

from tests.film import film, photo
from vultus.catalog import IndexedFace
from vultus.index.label import labels_of
from vultus.index.steps.people import findings_of
from vultus.index.worn import correct, with_worn
from vultus.model import Boundary, Figure, Label
from vultus.vision.pictures.concept import all_concepts
from vultus.vision.pictures.labels import Finding


def face(left: int, top: int, side: int, confidence: float = 0.99) -> IndexedFace:
    figure = Figure(figure_confidence=confidence, boundary=Boundary(left=left, top=top, width=side, height=side))
    return IndexedFace(figure=figure, embedding=b"", side=side, quality=1, pitch=0, roll=0, yaw=0)


def central(face: IndexedFace) -> float:
    return 0.5


def names(*faces: IndexedFace) -> list[str]:
    return [finding.concept.id for finding in findings_of(faces, 1000, 800)]


def test_one_large_face_is_a_portrait_and_a_small_one_is_somebody():
    assert names(face(400, 300, 200)) == ["Person", "Portrait"]
    assert names(face(400, 300, 100)) == ["Person"]


def test_three_faces_side_by_side_are_a_group_and_two_are_not():
    row = [face(100 + 200 * number, 300, 120) for number in range(3)]
    assert names(*row) == ["Person", "Group photo"]
    assert names(*row[:2]) == ["Person"]


def test_passers_by_in_the_background_make_no_group():
    assert names(face(400, 300, 300), face(50, 100, 60), face(900, 100, 60)) == ["Person"]


def test_a_group_is_as_sure_as_its_third_face():
    somebody, group = findings_of([face(100 * n, 300, 90, 0.9 - n / 10) for n in range(4)], 1000, 800)
    assert somebody.confidence == pytest.approx(0.9)
    assert group.confidence == pytest.approx(0.7)


def test_who_is_in_the_middle_is_most_central():
    middle, corner = (findings_of([face(*place, 100)], 1000, 800)[0].centrality for place in ((450, 350), (0, 0)))
    assert middle == pytest.approx(1)
    assert corner < 0.2


def dressed(**worn: object) -> IndexedFace:
    somebody = face(400, 300, 200)
    for name, value in worn.items():
        setattr(somebody.figure, name, value)
    return somebody


def sure_of(labels: list[Label]) -> dict[str, float]:
    return {label.label_name: label.label_confidence for label in labels if label.language == "en"}


def test_what_a_face_wears_is_a_label_as_sure_as_the_figure():
    worn = with_worn([], [dressed(hat="hat", hat_confidence=0.9, glasses="glasses", glasses_confidence=0.8)], central)
    assert sure_of(worn) == {"Clothing": 0.9, "Hat": 0.9, "Glasses": 0.8}
    assert [label.label_name for label in worn if label.language == "zh-Hans"] == ["服饰", "帽子", "眼镜"]
    assert (
        with_worn([], [dressed(hat="hat", hat_confidence=0.4), dressed(hat="none", hat_confidence=0.9)], central) == []
    )


def test_what_the_image_shows_already_is_not_labelled_twice():
    shown = labels_of([Finding(all_concepts()[name], 0.6, 0.5) for name in ("Clothing", "Hat")])
    assert sure_of(with_worn(shown, [dressed(hat="hat", hat_confidence=0.9)], central)) == {"Clothing": 0.9, "Hat": 0.9}
    assert len(shown) == 4


@pytest.mark.parametrize("seen", ["Hat", "Helmet"])
def test_a_hat_that_the_whole_portrait_shows_is_one_of_the_figure_too(seen: str):
    figure = dressed(hat="none", hat_confidence=0.9).figure
    correct(figure, labels_of([Finding(all_concepts()[seen], 0.6, 0.5)]))
    assert (figure.hat, figure.hat_confidence) == ("hat", 0.6)


def test_sunglasses_of_the_image_tell_which_glasses_a_face_wears_and_not_whether():
    seen = labels_of([Finding(all_concepts()["Sunglasses"], 0.6, 0.5)])
    for worn, told in (("glasses", "sunglasses"), ("none", "none")):
        figure = dressed(glasses=worn, glasses_confidence=0.9).figure
        correct(figure, seen)
        assert figure.glasses == told


def test_what_was_not_looked_for_is_not_told():
    figure = dressed().figure
    correct(figure, labels_of([Finding(all_concepts()["Hat"], 0.6, 0.5)]))
    assert figure.hat is UNSET


def test_figures_and_labels_of_portraits_agree_on_hats(subject_of, data):
    for name in ("photos-celeba/079460.jpg", "faces-lfw/Nicholas_Tse/Nicholas_Tse_0001.jpg"):
        subject = subject_of(data / name, "people", "labels")
        [somebody], named = subject.faces, sure_of(subject.document.labels)
        assert (somebody.figure.hat == "hat") == ("Hat" in named), name
        assert (somebody.figure.glasses == "sunglasses") == ("Sunglasses" in named), name


def test_a_portrait_is_labelled_as_one_before_all_else(subject_of, sample_face):
    labels = subject_of(sample_face, "people").document.labels
    assert [label.label_name for label in labels[:4]] == ["Person", "人物", "Portrait", "人像"]
    assert labels[2].parent_label_name == "Person"
    assert labels[0].label_confidence > 0.9


def test_an_image_without_a_face_shows_nobody(subject_of, data):
    labels = subject_of(min((data / "noface").glob("*.jpg")), "people").document.labels
    assert "Person" not in [label.label_name for label in labels or []]


@pytest.mark.proves("SceneElement.Labels", "Label.Clips")
def test_a_video_says_when_somebody_is_to_be_seen(subject_of, samples):
    obama = photo(samples / "obama.jpg", 320, 240)
    grey = np.full((240, 320, 3), 90, np.uint8)
    document = subject_of(film([grey] * 20 + [obama] * 30), "people", name="film.mp4").document
    empty, seen = document.scene_elements
    assert not empty.labels
    assert seen.labels[0].label_name == "Person"
    [person] = [label for label in document.labels if label.label_name == "Person"]
    assert [clip.time_range for clip in person.clips] == [seen.time_range]
