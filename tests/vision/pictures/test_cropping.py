import sys
from collections.abc import Callable
from types import FrameType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from vultus.vision.pictures import cropping
from vultus.vision.pictures.cropping import RATIOS, Box, crops_of
from vultus.vision.pictures.saliency import Map

SIZES = st.tuples(st.integers(1, 6000), st.integers(1, 6000))


@st.composite
def scenes(draw: st.DrawFn) -> tuple[tuple[int, int], list[Box], Map]:
    """A size, faces inside of it, and what draws the eye."""
    width, height = draw(SIZES)
    faces = []
    for _ in range(draw(st.integers(0, 12))):
        left, top = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
        across, down = draw(st.integers(1, max(width // 3, 1))), draw(st.integers(1, max(height // 3, 1)))
        faces.append((left, top, min(across, width - left), min(down, height - top)))
    return (width, height), faces, drawn((width, height), draw(st.integers(0, 5)))


def drawn(size: tuple[int, int], seed: int = 0) -> Map:
    share = 64 / max(size)
    shape = max(round(size[1] * share), 1), max(round(size[0] * share), 1)
    found = np.random.default_rng(seed).random(shape)
    return found / found.sum()


def is_cut(face: Box, crop: Box) -> bool:
    across = min(crop[0] + crop[2], face[0] + face[2]) - max(crop[0], face[0])
    down = min(crop[1] + crop[3], face[1] + face[3]) - max(crop[1], face[1])
    return across > 0 and down > 0 and (across, down) != (face[2], face[3])


@settings(max_examples=300)
@given(scenes())
def test_no_crop_cuts_a_face_leaves_the_picture_or_has_another_ratio(scene):
    (width, height), faces, saliency = scene
    for crop in crops_of((width, height), faces, saliency):
        left, top, across, down = crop.box
        assert 0 <= left <= left + across <= width
        assert 0 <= top <= top + down <= height
        assert across >= 1
        assert down >= 1
        assert abs(across - down * crop.ratio[0] / crop.ratio[1]) <= 1
        assert abs(down - across * crop.ratio[1] / crop.ratio[0]) <= 1
        assert not [face for face in faces if is_cut(face, crop.box)]
        assert 0 <= crop.confidence <= 1


@settings(max_examples=100)
@given(SIZES)
def test_without_faces_every_ratio_has_a_crop_as_large_as_can_be(size):
    crops = {crop.ratio: crop.box for crop in crops_of(size, [], drawn(size))}
    assert list(crops) == list(RATIOS)
    for (across, down), (_, _, width, height) in crops.items():
        assert width >= min(size[0], size[1] * across / down) - 1
        assert height >= min(size[1], size[0] * down / across) - 1


@st.composite
def rows(draw: st.DrawFn) -> tuple[tuple[int, int], list[Box]]:
    """A small picture with faces, for which every place of a crop can be tried."""
    width, height = draw(st.integers(20, 60)), draw(st.integers(20, 60))
    faces = [
        (left, top, min(draw(st.integers(2, 15)), width - left), min(draw(st.integers(2, 15)), height - top))
        for left, top in draw(
            st.lists(st.tuples(st.integers(0, width - 2), st.integers(0, height - 2)), min_size=1, max_size=6)
        )
    ]
    return (width, height), faces


@settings(max_examples=100)
@given(rows())
def test_where_a_largest_crop_without_a_cut_exists_one_is_found(scene):
    size, faces = scene
    found = {crop.ratio: crop.box for crop in crops_of(size, faces, drawn(size))}
    for ratio, largest in {crop.ratio: crop.box for crop in crops_of(size, [], drawn(size))}.items():
        _, _, width, height = largest
        free = [
            (left, top)
            for left in range(size[0] - width + 1)
            for top in range(size[1] - height + 1)
            if not any(is_cut(face, (left, top, width, height)) for face in faces)
        ]
        assert ratio in found or not free


def held(size: tuple[int, int], faces: list[Box], saliency: Map, box: Box) -> float:
    """How much of what matters a crop holds, added up pixel by pixel."""
    field: NDArray[np.float64] = np.repeat(
        np.repeat(saliency, size[1] // len(saliency), 0), size[0] // saliency.shape[1], 1
    )
    field = field / field.sum()
    if faces:
        sides = [np.sqrt(face[2] * face[3]) for face in faces]
        whole = np.zeros_like(field)
        for (left, top, across, down), side in zip(faces, sides, strict=True):
            whole[top : top + down, left : left + across] += side / sum(sides) / (across * down)
        field = (field + whole) / 2
    left, top, across, down = box
    return float(field[top : top + down, left : left + across].sum())


@pytest.mark.parametrize("faces", [[], [(30, 40, 20, 24)], [(30, 40, 20, 24), (200, 60, 12, 12)]])
def test_confidence_is_the_share_of_what_matters_that_is_inside(faces):
    size = (256, 128)
    saliency = drawn(size, 3)
    for crop in crops_of(size, faces, saliency):
        assert crop.confidence == pytest.approx(held(size, faces, saliency, crop.box), abs=1e-6)


@pytest.mark.parametrize("size", [(256, 128), (128, 256), (256, 256)])
def test_no_other_place_of_a_crop_holds_more_by_much(size):
    saliency = drawn(size, 4) ** 4
    saliency /= saliency.sum()
    for crop in crops_of(size, [], saliency):
        _, _, width, height = crop.box
        best = max(
            held(size, [], saliency, (left, top, width, height))
            for left in range(size[0] - width + 1)
            for top in range(size[1] - height + 1)
        )
        assert crop.confidence >= best - 0.02


def test_a_head_is_spared_where_there_is_room():
    size, face = (300, 200), (130, 20, 40, 50)
    for crop in crops_of(size, [face], drawn(size)):
        assert crop.box[1] <= 20 - 0.35 * 50 + 1  # the hair is inside
        assert crop.box[0] <= 124
        assert crop.box[0] + crop.box[2] >= 176


def test_faces_that_leave_no_room_leave_no_crop_of_that_shape():
    wide = [(0, 0, 100, 100)]
    assert {crop.ratio for crop in crops_of((100, 100), wide, drawn((100, 100)))} == {(1, 1)}


def test_a_scrap_beside_a_face_that_fills_the_picture_is_no_crop():
    """The square beside a face of a close portrait shows a bit of wall."""
    face, size = (22, 40, 153, 211), (197, 276)
    for crop in crops_of(size, [face], drawn(size)):
        left, top, width, height = crop.box
        assert left <= 22
        assert top <= 40
        assert left + width >= 22 + 153
        assert top + height >= 40 + 211


def crowd(count: int) -> list[Box]:
    """Faces in rows that leave no gap as wide as a pixel, over all of a picture of 4000 by 3000 pixels."""
    rows = round((count * 3 / 4) ** 0.5)
    columns = -(-count // rows)
    return [
        (left, top, 4000 * (column + 1) // columns - left, 3000 * (row + 1) // rows - top)
        for row in range(rows)
        for column in range(columns)
        for left, top in [(4000 * column // columns, 3000 * row // rows)]
    ]


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, those of NumPy among them."""
    counted = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


def test_a_crop_is_checked_against_a_crowd_in_as_many_steps_as_against_one_face():
    lefts, tops = np.arange(0, 3000, 20), np.arange(0, 2000, 20)
    few, many = (np.array(crowd(count), np.int64) for count in (1, 500))
    assert len(many) >= 500
    assert calls(lambda: cropping._cut(lefts, tops, 1000, 1000, few)) == calls(
        lambda: cropping._cut(lefts, tops, 1000, 1000, many)
    )


def test_no_crowd_takes_more_work_than_trying_each_size_of_a_crop():
    size, faces = (4000, 3000), crowd(500)
    tried = sum(len(list(cropping._sizes(ratio, size, step))) for ratio in RATIOS for step in cropping.STEPS)
    for boxes in (faces, faces[:-1], [face for face in faces if face[0] + face[2] <= 2000]):
        assert calls(lambda boxes=boxes: list(crops_of(size, boxes, drawn(size)))) < 2 * tried * 200


def test_no_face_of_a_crowd_is_cut():
    generator = np.random.default_rng(5)
    faces = [(int(x), int(y), 40, 50) for x, y in generator.integers(0, 3900, (300, 2))]
    for crop in crops_of((4000, 4000), faces, drawn((4000, 4000))):
        assert not [face for face in faces if is_cut(face, crop.box)]
