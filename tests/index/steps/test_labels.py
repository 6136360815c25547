"""What images and videos show goes into their records."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.film import film
from tests.vision.conftest import things  # noqa: F401  photos of things


def png(pixels) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.mark.proves(
    "File.Labels",
    "Label.Language LabelName LabelAlias ParentLabelName LabelLevel LabelConfidence CentricScore",
)
def test_an_image_is_labelled_in_english_and_in_chinese(subject_of, things):  # noqa: F811
    labels = subject_of(png(things["chelsea.png"]), "labels").document.labels
    assert [
        (each.language, each.label_name, each.label_alias, each.parent_label_name, each.label_level) for each in labels
    ] == [
        ("en", "Animal", "", "", 1),
        ("zh-Hans", "动物", "", "", 1),
        ("en", "Cat", "kitten", "Animal", 2),
        ("zh-Hans", "猫", "", "动物", 2),
    ]
    for label in labels:
        assert 0.45 <= label.label_confidence <= 1
        assert 0 <= label.centric_score <= 1
        assert not label.clips


def test_an_image_that_shows_nothing_known_has_no_labels(subject_of):
    assert not subject_of(png(np.full((200, 300, 3), 128, np.uint8)), "labels").document.labels


@pytest.fixture(scope="module")
def of_two_scenes(things) -> bytes:  # noqa: F811
    """Three seconds of a cat, then three of a cup of coffee."""
    cat, coffee = (
        np.asarray(Image.fromarray(things[name]).resize((320, 240))) for name in ("chelsea.png", "coffee.png")
    )
    return film([cat] * 30 + [coffee] * 30)


@pytest.mark.proves("File.SceneElements", "SceneElement.TimeRange Labels", "Label.Clips", "Clip.TimeRange")
def test_a_video_is_labelled_scene_by_scene_and_says_when_each_thing_is_to_be_seen(subject_of, of_two_scenes):
    document = subject_of(of_two_scenes, "labels", name="film.mp4", faces=False).document
    first, second = document.scene_elements
    assert [label.label_name for label in first.labels if label.language == "en"] == ["Animal", "Cat"]
    assert [label.label_name for label in second.labels if label.language == "en"] == ["Food", "Drink", "Coffee"]
    clips = {label.label_name: [clip.time_range for clip in label.clips] for label in document.labels}
    assert clips["Cat"] == clips["猫"] == [first.time_range]
    assert clips["Coffee"] == clips["咖啡"] == [second.time_range]
    assert first.time_range[1] == second.time_range[0] == pytest.approx(3000, abs=400)
