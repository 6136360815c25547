"""Only large, frontal, clear faces found a cluster."""

import numpy as np
import pytest

from vultus.config import People
from vultus.people.gate import founding, skipped


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


def test_faces_of_nobody_are_counted_by_what_they_lack_first():
    side = np.array([50, 50, 200, 200, 200])
    pose = np.array([[0, 0, 0], [0, 0, 60], [0, 0, 60], [0, 0, 0], [0, 0, 0]], np.float32)
    quality = np.array([0.9, 0.1, 0.1, 0.1, 0.9])
    counts = {"too small": 2, "turned away": 1, "not clear enough": 1, "too few alike": 1}
    assert skipped(side, pose, quality, People()) == counts
    assert founding(side, pose, quality, People()).tolist() == [False, False, False, False, True]


def test_where_everybody_has_a_person_nothing_is_counted():
    assert skipped(np.empty(0), np.empty((0, 3)), np.empty(0), People()) == {}
