"""A chain of likenesses does not make one person of two who stand beside each other and look like strangers."""

import numpy as np

from vultus import group_faces
from vultus.people.contradictions import contradictions

FACES = 12


def chain() -> np.ndarray:
    """Faces each of which is like the next, and the last at a right angle to the first."""
    angle = np.linspace(0, np.pi / 2, FACES)
    rows = np.zeros((FACES, 192), np.float32)
    rows[:, 0], rows[:, 1] = np.cos(angle), np.sin(angle)
    return rows


def photos(*together: int) -> np.ndarray:
    """A photo for each face, but one for those."""
    photo = np.arange(FACES)
    photo[list(together)] = min(together, default=0)
    return photo


def test_pairs_of_one_photo_and_one_group_that_are_unlike_are_found():
    label = np.zeros(FACES, np.int64)
    found = contradictions(label, photos(0, 5, 11), chain(), np.arange(FACES), 0.1)
    assert found.tolist() == [[0, 11]]


def test_pairs_of_two_groups_or_of_two_photos_are_none():
    halves = (np.arange(FACES) >= 6).astype(np.int64)
    assert not len(contradictions(halves, photos(0, 11), chain(), np.arange(FACES), 0.1))
    assert not len(contradictions(np.zeros(FACES, np.int64), photos(), chain(), np.arange(FACES), 0.1))


def test_what_people_said_is_one_person_is_no_contradiction():
    together = np.arange(FACES)
    together[11] = 0
    assert not len(contradictions(np.zeros(FACES, np.int64), photos(0, 11), chain(), together, 0.1))


def test_the_ends_of_a_chain_are_one_person_unless_one_photo_shows_both():
    assert len(set(group_faces(chain()).tolist())) == 1
    found = group_faces(chain(), photos=photos(0, 11))
    assert found[0] != found[11]
    assert len(set(found.tolist())) == 2


def test_who_is_said_to_be_both_stays_both():
    found = group_faces(chain(), photos=photos(0, 11), must_link=[(0, 11)])
    assert found[0] == found[11]


def test_a_mirror_shows_one_person_twice():
    found = group_faces(chain(), photos=photos(0, 2))
    assert len(set(found.tolist())) == 1
