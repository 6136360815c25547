"""Age."""

from pathlib import Path

import numpy as np
import pytest

from tests.vision.conftest import central_face
from vultus.media.images.picture import decode_picture
from vultus.vision.attributes.age import age_of


def test_the_age_is_the_expected_one_and_its_deviation_that_of_the_ages_that_may_be() -> None:
    shares = np.zeros(81)
    shares[[20, 40]] = 0.5
    age = age_of(shares, spread=1.5)
    assert age.years == pytest.approx(30)
    assert age.deviation == pytest.approx(15)


def test_a_certain_age_does_not_deviate() -> None:
    shares = np.zeros(81)
    shares[7] = 1
    age = age_of(shares, spread=1.5)
    assert (age.years, age.deviation) == (7, 0)


@pytest.mark.proves("Figure.Age")
def test_ages_are_right_within_six_years_on_average(analyser, data: Path) -> None:
    errors = []
    for file in sorted((data / "attr-utkface").iterdir())[::8]:
        pixels = decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**7).pixels
        errors.append(abs(central_face(analyser, pixels).traits.age.years - int(file.name.split("_")[0])))
    assert np.mean(errors) < 6.5  # on 50 of 400; benchmarks/ages.py judges all
