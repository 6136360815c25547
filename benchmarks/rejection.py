"""Error against rejection: how often one person is not known again when the poorest faces are left out.

Source: Grother and Tabassi, Performance of biometric quality measures, 2007; the error versus discard characteristic of
ISO/IEC 29794-1.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Values = NDArray[np.float64]
REJECTED = np.linspace(0, 0.5, 11)  # shares of faces left out
TIMES = 1000  # people are drawn anew
BEYOND_CHANCE = 0.95  # of redrawn curves; one limit for all places of a curve, upwards only
HIGHEST = 0.975  # of redrawn areas; the upper end of an interval of 95 %


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of faces of one person, from different photos.

    Attributes:
        faces: how many faces there are.
        one, other: (m,) rows of the faces.
        person: (m,) whom they show.
        failed: (m,) whether the two are not known to be one person.
    """

    faces: int
    one: Rows
    other: Rows
    person: Rows
    failed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tally:
    """What is left of each person's pairs at each share of faces left out.

    Attributes:
        kept: (p, 11) pairs.
        failed: (p, 11) those of them that fail.
    """

    kept: Values
    failed: Values

    @property
    def curve(self) -> Values:
        """(11,) share of pairs that fail; where no pair is left, none fails."""
        curve: Values = self.failed.sum(axis=0) / np.maximum(self.kept.sum(axis=0), 1)
        return curve

    def redrawn(self, times: int = TIMES, seed: int = 0) -> Values:
        """(times, 11) curves of as many people, drawn with replacement: pairs of one person hang together."""
        people = len(self.kept)
        drawn = np.random.default_rng(seed).multinomial(people, np.full(people, 1 / people), times)
        curves: Values = (drawn @ self.failed) / np.maximum(drawn @ self.kept, 1)
        return curves


def genuine_pairs(similarity: NDArray[np.float32], person: Rows, photo: Rows, threshold: float) -> Pairs:
    """All pairs of one person; those at most as similar as ``threshold`` fail."""
    one, other = np.nonzero(np.triu((person[:, None] == person) & (photo[:, None] != photo)))
    return Pairs(len(person), one, other, person[one], similarity[one, other] <= threshold)


def impostor_threshold(similarity: NDArray[np.float32], person: Rows, rate: float) -> float:
    """The similarity that this share of the pairs of two people exceeds."""
    impostors = np.sort(similarity[np.triu(person[:, None] != person)])
    return float(impostors[min(int(np.ceil(len(impostors) * (1 - rate))), len(impostors)) - 1])


def tally(pairs: Pairs, score: Values) -> Tally:
    """Leave out the faces of the lowest score, and every pair with such a face.

    A pair is as good as the poorer of its faces. Faces of one score go in an order of chance.
    """
    chance = np.random.default_rng(0).random(pairs.faces)
    place = np.empty(pairs.faces)
    place[np.lexsort((chance, score))] = np.arange(pairs.faces) / max(pairs.faces, 1)
    poorer = np.minimum(place[pairs.one], place[pairs.other])
    kept = poorer[:, None] >= REJECTED - 1e-9
    _, person = np.unique(pairs.person, return_inverse=True)
    sums = np.zeros((2, int(person.max(initial=-1)) + 1, len(REJECTED)))
    np.add.at(sums[0], person, kept)
    np.add.at(sums[1], person, kept & pairs.failed[:, None])
    return Tally(*sums)


def oracle(pairs: Pairs) -> Values:
    """(n,) the score of somebody who knows every error: of the faces left, the one in most failing pairs goes first.

    A limit that no measure reaches, for whether two faces are told to be one person is a matter of both.
    """
    failing = [set[int]() for _ in range(pairs.faces)]
    for one, other in zip(pairs.one[pairs.failed].tolist(), pairs.other[pairs.failed].tolist(), strict=True):
        failing[one].add(other)
        failing[other].add(one)
    score = np.full(pairs.faces, float(pairs.faces))
    for turn in range(pairs.faces):
        worst = max(range(pairs.faces), key=lambda face: len(failing[face]))
        if not failing[worst]:
            break
        score[worst] = turn
        for other in failing[worst]:
            failing[other].discard(worst)
        failing[worst] = set()
    return score


def area(curve: Values) -> float:
    """Under a curve."""
    return float(np.trapezoid(curve, REJECTED))


def rises(counted: Tally) -> list[tuple[float, float]]:
    """From which share left out to which the error rises beyond chance.

    All differences of two places of the curve are looked at, so that one limit is set for all of them together: how far
    beyond what is seen, in standard deviations, the farthest of them lies in 19 of 20 redrawn curves. A standard
    deviation is that of the redrawn curves, and no less than what a meaningless score would make by leaving pairs out
    at random; for where few fail, redrawing does not know of those who might have failed.
    """
    one, other = (np.array(each) for each in zip(*combinations(range(len(REJECTED)), 2), strict=True))
    curve, redrawn, left = counted.curve, counted.redrawn(), np.maximum(counted.kept.sum(axis=0), 1)
    seen, drawn = curve[other] - curve[one], redrawn[:, other] - redrawn[:, one]
    at_random = redrawn.std(axis=0)[one] * np.sqrt((left[one] - left[other]) / left[other])
    deviation = np.maximum(np.maximum(drawn.std(axis=0), at_random), 1e-12)
    limit = np.quantile(((drawn - seen) / deviation).max(axis=1), BEYOND_CHANCE)
    up = seen > limit * deviation
    return [(float(REJECTED[low]), float(REJECTED[high])) for low, high in zip(one[up], other[up], strict=True)]


def falls(counted: Tally) -> bool:
    """Whether the area under the curve is smaller than without rejection, beyond chance."""
    saved = [area(curve) - area(np.full(len(REJECTED), curve[0])) for curve in counted.redrawn()]
    return bool(np.quantile(saved, HIGHEST) < 0)
