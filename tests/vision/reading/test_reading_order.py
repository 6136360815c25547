"""Lines of text are read in the order in which people read them."""

import numpy as np
import pytest

from vultus.vision.reading.reading_order import reading_order


def boxes(*rows: tuple[float, float, float, float]):
    return np.array(rows, np.float32).reshape(-1, 4)


def test_nothing_has_no_order():
    assert reading_order(boxes()) == []


def test_rows_are_read_from_the_top_and_each_from_the_left():
    lines = boxes((0, 50, 90, 70), (100, 2, 190, 22), (0, 0, 90, 20), (100, 53, 190, 73))
    assert reading_order(lines) == [2, 1, 0, 3]


def test_a_heading_comes_first_and_a_footer_last_with_columns_between():
    left = [(0, 40 + 22 * row, 90, 60 + 22 * row) for row in range(4)]
    right = [(150, 44 + 22 * row, 240, 64 + 22 * row) for row in range(4)]
    lines = boxes((0, 160, 240, 180), *right, (0, 0, 240, 20), *left)
    assert reading_order(lines) == [5, 6, 7, 8, 9, 1, 2, 3, 4, 0]


def test_the_cells_of_a_short_table_are_read_row_by_row():
    lines = boxes((0, 0, 60, 20), (150, 0, 200, 20), (0, 30, 60, 50), (150, 30, 200, 50))
    assert reading_order(lines) == [0, 1, 2, 3]


@pytest.mark.parametrize("seed", range(5))
def test_every_line_is_read_once_wherever_it_lies(seed):
    random = np.random.default_rng(seed)
    corners = random.uniform(0, 500, (60, 2))
    lines = np.hstack([corners, corners + random.uniform(1, 200, (60, 2))]).astype(np.float32)
    assert sorted(reading_order(lines)) == list(range(60))
