"""Boxes of faces."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vultus.vision.boxes import Boxes, outermost, shift, square, strongest

edges = st.floats(-1000, 1000, width=16)
sizes = st.floats(1, 500, width=16)
boxes_and_scores = st.lists(st.tuples(edges, edges, sizes, sizes, st.floats(0.5, 1, width=16)), max_size=30)


def boxes_of(rows: list[tuple[float, float, float, float, float]]) -> tuple[Boxes, np.ndarray]:
    table = np.array(rows, np.float32).reshape(-1, 5)
    return np.hstack([table[:, :2], table[:, :2] + table[:, 2:4]]), table[:, 4]


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    shared = np.maximum(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0).prod()
    return float(shared / ((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - shared))


def test_a_square_keeps_centre_and_longer_side() -> None:
    np.testing.assert_allclose(square(np.array([[0, 10, 20, 20]], np.float32)), [[0, 5, 20, 25]])


def test_edges_move_in_parts_of_their_box() -> None:
    moved = shift(np.array([[0, 0, 10, 20]], np.float32), np.array([[0.1, -0.1, 0.5, 0]], np.float32))
    np.testing.assert_allclose(moved, [[1, -2, 15, 20]])


@given(boxes_and_scores)
def test_what_is_kept_does_not_overlap_and_what_is_dropped_overlaps_something_stronger(rows) -> None:
    boxes, scores = boxes_of(rows)
    kept = list(strongest(boxes, scores, 0.5))
    assert list(scores[kept]) == sorted(scores[kept], reverse=True)
    for row in range(len(boxes)):
        stronger = [other for other in kept if other != row and scores[other] >= scores[row]]
        overlaps = [overlap(boxes[row], boxes[other]) for other in stronger]
        if row in kept:
            assert all(share <= 0.5 + 1e-3 for share in overlaps if share < 1)
        else:
            assert max(overlaps) >= 0.5 - 1e-3


def test_a_box_inside_another_goes_however_small() -> None:
    boxes = np.array([[0, 0, 100, 100], [40, 60, 60, 80], [200, 0, 300, 100]], np.float32)
    assert list(outermost(boxes, np.array([0.9, 0.8, 0.7], np.float32), 0.7)) == [0, 2]


def test_no_boxes_give_none() -> None:
    none, scores = boxes_of([])
    assert len(strongest(none, scores, 0.5)) == len(outermost(none, scores, 0.5)) == len(square(none)) == 0
