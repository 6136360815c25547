"""Only large, frontal, clear faces found a cluster."""

import numpy as np
import pytest

from vultus.config import People
from vultus.people.gate import founding


def founds(side=76, pose=(0.0, 0.0, 0.0), quality=0.81):
    return bool(founding(np.array([side]), np.array([pose]), np.array([quality]), People())[0])


def test_a_face_past_every_limit_founds():
    assert founds(pose=(29.9, -29.9, 29.9))


@pytest.mark.parametrize(
    "face",
    [
        {"side": 75},
        {"quality": 0.8},
        {"pose": (30.0, 0.0, 0.0)},
        {"pose": (0.0, -30.0, 0.0)},
        {"pose": (0.0, 0.0, 45.0)},
    ],
)
def test_a_face_on_a_limit_does_not_found(face):
    assert not founds(**face)


def test_the_limits_are_settings():
    gate = People(founding_side=10, founding_angle=90.0, founding_quality=0.1)
    assert founding(np.array([11]), np.array([[60.0, 60.0, 60.0]]), np.array([0.2]), gate).all()
