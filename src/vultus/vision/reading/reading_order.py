"""The order in which lines of text are read."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float32]  # (n, 4) left, top, right, bottom

GUTTER = 1.5  # heights of a line between two columns, at least
RIM = 0.25  # heights of a line by which it may reach into the next
COLUMN = 3  # lines that a column has, at least; fewer are the parts of a row


def reading_order(boxes: Boxes) -> list[int]:
    """Return the rows of boxes in the order in which they are read: by columns, down, then to the right.

    What one can walk around is parted: a page into head and body, a body into columns, a column into rows.

    Source: Nagy and Seth, Hierarchical Representation of Optically Scanned Documents, 1984 (the recursive XY cut).
    """
    if not len(boxes):
        return []
    heights = boxes[:, 3] - boxes[:, 1]
    cores = boxes.copy()  # boxes of neighbouring rows may touch
    cores[:, 1] += heights * RIM
    cores[:, 3] -= heights * RIM
    return _ordered(cores, list(range(len(boxes))), float(np.median(heights)))


def _ordered(boxes: Boxes, rows: list[int], height: float) -> list[int]:
    columns = _parted(boxes, rows, 0, GUTTER * height)
    if len(columns) > 1 and all(len(column) >= COLUMN for column in columns):
        return [row for column in columns for row in _ordered(boxes, column, height)]
    blocks = _joined(boxes, _parted(boxes, rows, 1, 0.0), height)
    if len(blocks) > 1:
        return [row for block in blocks for row in _ordered(boxes, block, height)]
    return _by_rows(boxes, rows)


def _parted(boxes: Boxes, rows: Sequence[int], axis: int, gap: float) -> list[list[int]]:
    """Rows in groups between which there is a gap that goes through, along an axis."""
    parts: list[list[int]] = []
    reach = -np.inf
    for row in sorted(rows, key=lambda row: (float(boxes[row, axis]), row)):
        if not parts or boxes[row, axis] > reach + gap:
            parts.append([])
        parts[-1].append(row)
        reach = max(reach, float(boxes[row, axis + 2]))
    return parts


def _joined(boxes: Boxes, bands: list[list[int]], height: float) -> list[list[int]]:
    """Bands, with those that are side by side in columns put together again: only a head or a foot stays apart."""
    blocks: list[list[int]] = []
    for band in bands:
        apart = len(_parted(boxes, band, 0, GUTTER * height)) > 1
        if blocks and apart and len(_parted(boxes, [*blocks[-1], *band], 0, GUTTER * height)) > 1:
            blocks[-1] = [*blocks[-1], *band]
        else:
            blocks.append(list(band))
    return blocks


def _by_rows(boxes: Boxes, rows: Sequence[int]) -> list[int]:
    """Rows of text from the top, each from the left; boxes whose middle is within another's height share its row."""
    ordered: list[list[int]] = []
    for row in sorted(rows, key=lambda row: float(boxes[row, 1] + boxes[row, 3])):
        middle = (boxes[row, 1] + boxes[row, 3]) / 2
        if ordered and boxes[ordered[-1][0], 1] < middle < boxes[ordered[-1][0], 3]:
            ordered[-1].append(row)
        else:
            ordered.append([row])
    return [row for line in ordered for row in sorted(line, key=lambda row: float(boxes[row, 0]))]
