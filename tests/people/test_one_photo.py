"""Faces of one photo: siblings stay two people, mirrors and collages stay one."""

import numpy as np
import pytest

from vultus import group_faces

DIMENSIONS = 192
STRANGERS = 60
RESEMBLANCE = 0.65  # of two siblings; a face of one and one of the other are three quarters as similar as that


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def directions(count, seed):
    """Directions at right angles to each other."""
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(DIMENSIONS, count)))[0].T


def faces_of(centre, count, alike, random):
    """Faces of a person, ``alike`` the mean similarity of two of them."""
    noise = unit(random.normal(size=(count, DIMENSIONS)))
    return unit(np.sqrt(alike) * centre + np.sqrt(1 - alike) * noise)


def two_siblings(resemblance, seed):
    """Eight photos of two siblings side by side, among strangers: rows, photos, sibling (-1 a stranger)."""
    random = np.random.default_rng(seed)
    axes = directions(STRANGERS + 3, seed)
    first, second = (unit(np.sqrt(resemblance) * axes[0] + np.sqrt(1 - resemblance) * axes[own]) for own in (1, 2))
    rows = np.concatenate([faces_of(first, 8, 0.75, random), faces_of(second, 8, 0.75, random), axes[3:]])
    photos = np.r_[np.arange(8), np.arange(8), 8 + np.arange(STRANGERS)]
    sibling = np.r_[np.zeros(8), np.ones(8), np.full(STRANGERS, -1)]
    return rows, photos, sibling


@pytest.mark.parametrize("seed", range(5))
def test_siblings_who_are_always_in_one_photo_stay_two_people(seed):
    rows, photos, sibling = two_siblings(RESEMBLANCE, seed)
    label = group_faces(rows, photos=photos)
    assert not set(label[sibling == 0]) & set(label[sibling == 1])


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_photo_that_tells_siblings_apart(seed):
    rows, _, sibling = two_siblings(RESEMBLANCE, seed)
    label = group_faces(rows)
    assert set(label[sibling == 0]) & set(label[sibling == 1])


@pytest.mark.parametrize("seed", range(5))
def test_a_face_and_its_mirror_image_are_one_person(seed):
    random = np.random.default_rng(seed)
    people = directions(STRANGERS, seed)
    reflected = faces_of(people, STRANGERS, 0.95, random)
    photos = np.r_[np.arange(STRANGERS), np.arange(STRANGERS)]
    label = group_faces(np.concatenate([people, reflected]), photos=photos)
    assert (label[:STRANGERS] == label[STRANGERS:]).all()
    assert len(np.unique(label)) == STRANGERS


@pytest.mark.parametrize("seed", range(5))
def test_a_collage_of_one_person_is_one_person(seed):
    random = np.random.default_rng(seed)
    people = directions(STRANGERS, seed)
    collage = faces_of(people[0], 6, 0.8, random)
    elsewhere = faces_of(people[0], 4, 0.8, random)
    photos = np.r_[np.zeros(6), 1 + np.arange(4 + STRANGERS - 1)]
    label = group_faces(np.concatenate([collage, elsewhere, people[1:]]), photos=photos)
    assert len(set(label[:10])) == 1
    assert len(np.unique(label)) == STRANGERS


@pytest.mark.parametrize("seed", range(5))
def test_two_strangers_in_a_mirror_picture_are_two_people(seed):
    """Each is there twice, and no more than twice."""
    random = np.random.default_rng(seed)
    people = directions(STRANGERS, seed)[:2]
    rows = np.concatenate([people, faces_of(people, 2, 0.95, random)])
    assert group_faces(rows, photos=[0, 0, 0, 0]).tolist() == [0, 1, 0, 1]
