"""Cuts are told from what moves."""

import numpy as np

from tests.film import drawn
from vultus.media.videos.scene import SKETCH, is_cut


def test_two_pictures_are_two_scenes():
    assert is_cut(sketch(1), sketch(2))


def test_a_picture_is_one_scene_with_itself_however_light_or_dark_it_gets():
    picture = sketch(1)
    assert not is_cut(picture, picture)
    assert not is_cut(picture, picture // 2)


def test_what_moves_a_little_is_one_scene():
    wide = drawn(1, 320, 18)[:, :, 0]
    assert not is_cut(wide[:, 100:132], wide[:, 102:134])


def test_black_is_cut_from_a_picture():
    assert is_cut(np.zeros(SKETCH[::-1], np.uint8), sketch(1))


def sketch(seed: int) -> np.ndarray:
    return drawn(seed, *SKETCH)[:, :, 0]
