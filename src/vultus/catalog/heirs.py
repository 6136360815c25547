"""Which faces of a file that changed are faces that it had before, and so keep their ids and what was said of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from vultus.catalog.overlap import SAME_FACE, Box, best_first, columns, overlaps, pairs_of

IN_PLACE = 0.2  # of cosine that a full overlap is worth: it decides between faces that look the same, and only these
HOUR = 3_600_000  # milliseconds
IN_TIME = 1e-3  # of cosine that an hour less between two frames is worth: only ties are broken by it
TOGETHER = 256  # new faces that are compared at a time: a film of a crowd has ten thousand, and as many before


class Resemblance(msgspec.Struct, frozen=True):
    """Cosines that decide, for an embedding model, whether a face is one that was there before."""

    in_place: float  # below it, a face in the same place is another person's
    elsewhere: float  # from it on, a face in another place is the same


@dataclass(frozen=True, slots=True)
class View:
    """The faces of a file at a time.

    Attributes:
        boxes: where they are.
        embeddings: float16, little endian, unit length.
        models: of the embeddings.
        size: width and height of the picture, pixels; zeros when unknown.
    """

    boxes: Sequence[Box]
    embeddings: Sequence[bytes]
    models: Sequence[str]
    size: tuple[int, int]

    def part(self, start: int) -> "View":
        """Those of its faces that are compared together, from one on."""
        end = start + TOGETHER
        return View(self.boxes[start:end], self.embeddings[start:end], self.models[start:end], self.size)


def heirs(new: View, old: View, resemblance: Resemblance | None) -> dict[int, int]:
    """Pair the faces of a file with those that it had before it changed, best first, each once.

    A face in the same place, in pixels or in shares of the picture's sides, is the same unless it looks like another
    person; one in another place is the same if it looks like it.

    Args:
        new: the faces that were found.
        old: those that are known.
        resemblance: of the model; without it, or between two models, the place alone decides.

    Returns:
        For the index of a new face, the index of its old one; faces without a partner are left out.
    """
    starts = range(0, len(new.boxes), TOGETHER)
    pairs = [pairs_of(_score(new.part(start), old, resemblance), start) for start in starts]
    return best_first(np.concatenate(pairs)) if pairs else {}


def _score(new: View, old: View, resemblance: Resemblance | None) -> NDArray[np.float64]:
    """(n, m) how surely each new face is each old one; minus infinity where it is not."""
    shared = np.maximum(overlaps(new.boxes, old.boxes), overlaps(new.boxes, _scaled(old, new.size)))
    there = shared > SAME_FACE
    if resemblance is None:
        return np.where(there, shared, -np.inf)
    alike = _cosines(new, old)
    apart = np.abs(columns(new.boxes)[:, None, 4] - columns(old.boxes)[None, :, 4]) / HOUR
    known = ~np.isnan(alike)
    same = np.where(known, alike >= np.where(there, resemblance.in_place, resemblance.elsewhere), there)
    score = np.where(known, alike + IN_PLACE * shared, shared) - IN_TIME * np.minimum(apart, 1)
    return np.where(same, score, -np.inf)


def _scaled(view: View, size: tuple[int, int]) -> list[Box]:
    """Where the faces would be if the picture had been made this size."""
    if not all(view.size) or not all(size):
        return list(view.boxes)
    x, y = size[0] / view.size[0], size[1] / view.size[1]
    return [
        Box(round(box.left * x), round(box.top * y), round(box.width * x), round(box.height * y), box.frame)
        for box in view.boxes
    ]


def _cosines(new: View, old: View) -> NDArray[np.float64]:
    """(n, m) cosine of each new face and each old one, not a number where they cannot be compared."""
    alike = np.full((len(new.boxes), len(old.boxes)), np.nan)
    for kind in set(_kinds(new)) & set(_kinds(old)):
        rows, others = ([at for at, each in enumerate(_kinds(view)) if each == kind] for view in (new, old))
        alike[np.ix_(rows, others)] = _vectors(new, rows) @ _vectors(old, others).T
    return alike


def _kinds(view: View) -> list[tuple[str, int]]:
    """Model and length of each embedding."""
    return [(model, len(embedding)) for model, embedding in zip(view.models, view.embeddings, strict=True)]


def _vectors(view: View, rows: Sequence[int]) -> NDArray[np.float64]:
    joined = b"".join(view.embeddings[row] for row in rows)
    return np.frombuffer(joined, "<f2").reshape(len(rows), -1).astype(np.float64)
