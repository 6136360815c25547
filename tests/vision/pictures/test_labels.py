"""Pictures are labelled with what they show."""

import logging

import numpy as np
import pytest
from PIL import Image

from vultus.config import ConfigError, Settings
from vultus.media.images.picture import decode_picture
from vultus.vision.models.registry import OutOfReach
from vultus.vision.pictures.concept import all_concepts
from vultus.vision.pictures.labels import LEAST, Finding, LabelFinder, LabelNetwork, merged


@pytest.fixture(scope="module")
def finder(models) -> LabelFinder:
    return LabelFinder(Settings(home=models.folder.parent))


def names(findings: list[Finding]) -> list[str]:
    return [finding.concept.id for finding in findings]


def named(findings: list[Finding], name: str) -> Finding:
    return next(finding for finding in findings if finding.concept.id == name)


def test_a_cat_is_a_cat_and_an_animal(finder, things):
    findings = finder.find(things["chelsea.png"])
    assert names(findings) == ["Animal", "Cat"]
    assert all(LEAST <= finding.confidence <= 1 for finding in findings)


def test_a_cup_of_coffee_is_coffee_a_drink_and_food(finder, things):
    assert names(finder.find(things["coffee.png"])) == ["Food", "Drink", "Coffee"]


def test_whatever_is_found_what_it_is_a_kind_of_is_found_too(finder, things):
    for pixels in things.values():
        findings = finder.find(pixels)
        assert {finding.concept.parent for finding in findings} - {""} <= set(names(findings))
        assert findings == sorted(findings, key=lambda finding: -finding.confidence)


def test_rooms_have_furniture_in_them_and_no_animals(finder, data):
    rooms = [
        names(finder.find(decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**7).pixels))
        for file in sorted((data / "noface").glob("*.jpg"))
    ]
    assert sum("Furniture" in room for room in rooms) >= 18
    kinds = {all_concepts()[name].parent or name for room in rooms for name in room}
    assert kinds <= {"Furniture", "Bathroom fittings", "Table", "Electronics", "Home appliance"}


def test_nothing_is_seen_in_noise_or_in_a_blank(finder):
    noise = np.random.default_rng(3).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    assert finder.find(noise) == []
    assert finder.find(np.full((300, 400, 3), 255, np.uint8)) == []


@pytest.mark.parametrize("shape", [(1, 1), (2, 3000), (3000, 2)])
def test_pictures_of_any_shape_can_be_looked_at(finder, shape):
    assert isinstance(finder.find(np.full((*shape, 3), 90, np.uint8)), list)


def test_what_is_in_the_middle_is_more_central_than_what_is_in_a_corner(finder, things):
    cat = Image.fromarray(things["chelsea.png"]).resize((330, 220))

    def shown_at(left: int, top: int) -> float:
        scene = Image.new("RGB", (660, 440), (120, 125, 120))
        scene.paste(cat, (left, top))
        return named(finder.find(np.asarray(scene)), "Cat").centrality

    middle = shown_at(165, 110)
    assert middle > 0.6
    assert all(shown_at(*place) < middle - 0.1 for place in ((0, 0), (330, 0), (0, 220), (330, 220)))


def test_of_several_pictures_each_thing_is_as_sure_as_in_the_surest(finder):
    cat, dog, animal = (all_concepts()[name] for name in ("Cat", "Dog", "Animal"))
    first = [Finding(animal, 0.7, 0.5), Finding(cat, 0.6, 0.5)]
    second = [Finding(animal, 0.9, 0.4), Finding(dog, 0.8, 0.4)]
    assert merged([first, [], second]) == [second[0], second[1], first[1]]


def test_weights_of_another_network_are_refused(models, monkeypatch):
    monkeypatch.setattr(
        "vultus.vision.pictures.labels.read_tensors", lambda _: {"_conv_head.weight": np.zeros((2, 2, 1, 1))}
    )
    with pytest.raises(ConfigError, match=r"lack '_bn0\.weight'"):
        LabelNetwork(models.models.labeller("efficientnet-lite2"), b"")


def test_where_the_network_cannot_be_had_labels_are_left_out_and_the_log_says_so_once(home, monkeypatch, caplog):
    def fail(*_):
        raise OutOfReach("there is no network here")

    monkeypatch.setattr("vultus.vision.models.store.fetch_archive", fail)
    with caplog.at_level(logging.WARNING):
        finder = LabelFinder(Settings(home=home))
        assert finder.find(np.zeros((9, 9, 3), np.uint8)) is None
        assert finder.find(np.zeros((9, 9, 3), np.uint8)) is None
    assert [record.message.split(":")[0] for record in caplog.records] == ["Pictures are indexed without labels"]
