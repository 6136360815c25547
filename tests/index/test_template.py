"""Workflow templates."""

import pytest

from vultus.config import ConfigError, Settings
from vultus.errors import InvalidArgument
from vultus.index.step import all_steps
from vultus.index.template import official_templates, recipe, steps_of


def names(template: str, **own: list[str]) -> list[str]:
    return [step.name for step in steps_of(template, own)]


def test_a_dataset_that_says_nothing_finds_faces():
    assert names("") == names("Official:FaceManagement")
    assert {"faces", "frames"} <= set(names(""))


def test_the_templates_of_imm_do_what_they_are_named_for():
    assert names("Official:DefaultEmptyId") == []
    assert names("Official:OSSBasicMeta") == ["object_meta", "store"]
    assert set(names("Official:ImageManagement")) >= set(names("Official:FaceManagement"))
    assert set(names("Official:AllFunction")) == set(all_steps())


@pytest.mark.parametrize("template", official_templates())
def test_what_a_step_needs_comes_before_it(template):
    found: set[str] = set()
    steps = steps_of(template, {})
    for step in steps:
        givers = {each.name for each in steps if each.gives & step.needs and each.media & step.media} - {step.name}
        assert givers <= found
        found.add(step.name)


def test_a_template_of_ones_own_brings_what_its_steps_need():
    assert names("mine", mine=["exif"]) == ["object_meta", "image", "exif"]


def test_a_template_that_is_not_known_is_refused():
    with pytest.raises(InvalidArgument, match="TemplateId Official:Nonsense is not known"):
        steps_of("Official:Nonsense", {})


def test_a_template_of_ones_own_that_names_no_step_is_told():
    with pytest.raises(ConfigError, match=r"The template mine names the step txets, .*; did you mean texts?"):
        steps_of("mine", {"mine": ["faces", "txets"]})
    with pytest.raises(ConfigError, match=r"the step zzz, which there is not; there are .*faces"):
        steps_of("mine", {"mine": ["zzz"]})


def test_a_template_of_imms_cannot_be_given_another_meaning():
    with pytest.raises(ConfigError, match="the template Official:FaceManagement, which is IMM's"):
        steps_of("", {"Official:FaceManagement": ["exif"]})


def test_a_file_is_read_again_when_it_is_to_be_asked_for_more(tmp_path):
    settings = Settings(home=tmp_path)
    bare, faces = steps_of("Official:OSSBasicMeta", {}), steps_of("", {})
    assert recipe(bare, settings) == recipe(bare, Settings(home=tmp_path))
    assert recipe(bare, settings) != recipe(faces, settings)
    settings.faces.attributes = ()
    assert recipe(faces, settings) != recipe(faces, Settings(home=tmp_path))
    assert recipe(bare, settings) == recipe(bare, Settings(home=tmp_path))
