"""What a face wears: what is told, how surely, and of whom."""

from pathlib import Path

import numpy as np
import pytest

from tests.vision.conftest import picture_of
from vultus.config import Faces
from vultus.media.images.picture import decode_picture
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.attributes.heads import Evidence
from vultus.vision.attributes.wearing import TOLD, beard_of, glasses_of, hat_of, mask_of
from vultus.vision.faces.face import Traits

NOTHING = Evidence(mask=-5, eyewear=-5, dark=-5, hat=-5, beard=-5)


def traits_of(analyser: FaceAnalyser, file: Path) -> Traits:
    faces = analyser.analyse(decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**8))
    return faces[0].traits if faces else Traits()


def test_who_wears_nothing_is_told_so_with_confidence() -> None:
    for told in (mask_of(NOTHING), glasses_of(NOTHING), hat_of(NOTHING), beard_of(NOTHING)):
        assert told.value == "none"
        assert told.confidence > 0.99


@pytest.mark.parametrize(("dark", "value"), [(-3.0, "glasses"), (3.0, "sunglasses")])
def test_glasses_are_dark_or_not(dark: float, value: str) -> None:
    told = glasses_of(NOTHING._replace(eyewear=6.0, dark=dark))
    assert told.value == value
    assert told.confidence > 0.9


def test_glasses_that_may_be_there_and_may_be_dark_are_none() -> None:
    assert glasses_of(NOTHING._replace(eyewear=0.1, dark=0.0)).value == "none"


def test_no_beard_is_seen_through_a_mask() -> None:
    told = beard_of(NOTHING._replace(mask=4.0, beard=4.0))
    assert told.value == "none"
    assert told.confidence <= 0.5


@pytest.mark.parametrize("rule", [mask_of, glasses_of, hat_of, beard_of])
def test_confidence_is_a_probability_whatever_the_evidence(rule) -> None:
    for value in (-1e4, -1.0, 0.0, 1.0, 1e4):
        assert TOLD <= rule(Evidence(*[value] * 5)).confidence <= 1


@pytest.mark.proves("Figure.Mask")
def test_masks_are_told_of_masked_faces_and_of_no_others(analyser: FaceAnalyser, data: Path) -> None:
    for folder, value in (("with_mask", "mask"), ("without_mask", "none")):
        told = [traits_of(analyser, file).mask for file in sorted((data / "attr-mask" / folder).iterdir())]
        right = [trait.value == value for trait in told if trait]
        assert np.mean(right) >= 0.95, folder


def test_nothing_is_told_of_what_a_mask_hides(analyser: FaceAnalyser, data: Path) -> None:
    masked, bare = (
        [traits_of(analyser, file) for file in sorted((data / "attr-mask" / folder).iterdir())[:12]]
        for folder in ("with_mask", "without_mask")
    )
    hidden = [traits for traits in masked if traits.mask and traits.mask.value == "mask"]
    assert hidden
    assert all(traits.mouth is None and traits.emotion is None for traits in hidden)
    assert any(traits.mouth and traits.emotion for traits in bare)


def test_a_mirrored_face_wears_the_same(analyser: FaceAnalyser, sample_faces) -> None:
    for pixels, _ in sample_faces[:8]:
        one, other = (analyser.analyse(picture_of(side))[0].traits for side in (pixels, pixels[:, ::-1]))
        for name in ("mask", "glasses", "hat", "beard"):
            assert abs(getattr(one, name).confidence - getattr(other, name).confidence) < 0.2 or (
                getattr(one, name).value == getattr(other, name).value
            )


def test_the_light_model_tells_what_the_default_one_tells(models, analyser: FaceAnalyser, sample_faces) -> None:
    light = FaceAnalyser(models, Faces(profile="mobilefacenet-192", attributes=("mask", "glasses", "hat", "beard")))
    for pixels, _ in sample_faces[:4]:
        one, other = (each.analyse(picture_of(pixels))[0].traits for each in (analyser, light))
        assert (one.mask, one.glasses, one.hat, one.beard) == (other.mask, other.glasses, other.hat, other.beard)


def test_what_a_face_wears_is_left_out_when_nobody_asks(models, sample_faces) -> None:
    bare = FaceAnalyser(models, Faces(attributes=("beard",)))
    traits = bare.analyse(picture_of(sample_faces[0][0]))[0].traits
    assert traits == Traits(beard=traits.beard)
    assert traits.beard is not None
