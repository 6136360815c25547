"""Synthetic faces: strangers as alike as real ones are, and libraries of people of whom some have thousands of photos.

Everything is drawn from a seed and from what is measured on the saved embeddings; equal seeds give equal faces.

A stranger is a draw from a Gaussian with the mean and the axes of one face of each person of LFW. Real people come in
kinds, which one Gaussian does not know: the spread along its axes is sharpened by a random exponent for each stranger,
and some strangers resemble a real person more than chance would have it. The constants of that are chosen so that pairs
of synthetic strangers, and pairs of a synthetic and a real one, follow the measured impostor curve of the model;
``benchmarks/scale.py`` prints both beside it.

A face of a person in a library is the person and a deviation, with the axes that deviations have in the saved sets;
how large they are differs between people and between faces, as in the sets of photos and of video frames.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from albums import Album, strangers, whole_sets

Rows = NDArray[np.float32]
BLOCK = 50_000  # rows drawn at a time

FITTED = "lfw"  # the set whose people tell the axes: the most people, and the curve was measured on it
SHARPNESS = (1.0, 1.7)  # exponent of the spread along the axes, evenly drawn
LOOKALIKES = 0.6  # share of strangers that resemble a real person
RESEMBLANCE = (0.45, 0.75)  # cosine that they resemble them by, evenly drawn

MEMBERS = 5  # photos from which a person's deviations are measured
TAIL = 1.2  # a person has s faces or more with probability s ** -TAIL: 81 % have three at most
MOST_FACES = 5_000  # of one person
DEVIATION = 0.5  # squared length of the usual deviation from the person, whose length is 1
PEOPLE_DIFFER = 0.4  # standard deviation, between people, of the logarithm of it
FACES_DIFFER = 0.9  # and between faces of one person
FOCUS = 2.0  # exponent of the spread of deviations along their axes
EXTRA = 0.7  # more of SHARPNESS for people in libraries, whom deviations make less alike


@dataclass(frozen=True, slots=True)
class Population:
    """What new faces are drawn from.

    Attributes:
        mean: (d,) of one face of each person.
        axes: (d, d) principal axes of people, one a row.
        spread: (d,) variance along them.
        deviation: (d, d) a root of the covariance of faces about their person, of trace 1.
        real: (r, d) faces of real people, one each, that strangers may resemble.
    """

    mean: Rows
    axes: Rows
    spread: Rows
    deviation: Rows
    real: Rows

    @classmethod
    def of(cls, data: Path) -> "Population":
        """Measure people on the embeddings saved in a folder."""
        sets = whole_sets(data)
        people = np.concatenate([one_each(album) for album in sets if album.name == FITTED])
        spread, axes = np.linalg.eigh(np.cov(people.T))
        deviations = np.concatenate([_deviations(album) for album in sets])
        within, turned = np.linalg.eigh(np.cov(deviations.T))
        within = np.maximum(within, 0) ** FOCUS
        within /= within.sum()
        real = [one_each(album) for album in sets] + [strangers(data)]
        return cls(
            people.mean(axis=0),
            axes.T.astype(np.float32),
            np.maximum(spread, 1e-9).astype(np.float32),
            (np.sqrt(within)[:, None] * turned.T).astype(np.float32),
            np.concatenate([rows for rows in real if len(rows)]),
        )

    def strangers(self, count: int, seed: int) -> Rows:
        """(count, d) rows of unit length, one face of each of so many people."""
        random = np.random.default_rng(seed)
        rows = np.empty((count, len(self.mean)), np.float32)
        for part in _parts(count):
            rows[part] = self._people(part.stop - part.start, SHARPNESS, random)
        return rows

    def library(self, count: int, seed: int) -> Album:
        """A library of so many faces, most people with one to three of them and some with thousands."""
        random = np.random.default_rng(seed)
        identity = _sizes(count, random)
        sharper = (SHARPNESS[0] + EXTRA, SHARPNESS[1] + EXTRA)
        people = np.concatenate(
            [self._people(part.stop - part.start, sharper, random) for part in _parts(int(identity[-1]) + 1)]
        )
        own = np.exp(random.normal(0, PEOPLE_DIFFER, len(people))).astype(np.float32)
        rows = np.empty((count, len(self.mean)), np.float32)
        for part in _parts(count):
            of = identity[part]
            length = np.sqrt(DEVIATION * own[of] * np.exp(random.normal(0, FACES_DIFFER, len(of)))).astype(np.float32)
            noise = random.standard_normal((len(of), len(self.mean)), np.float32) @ self.deviation
            rows[part] = _unit(people[of] + length[:, None] * noise)
        order = random.permutation(count)
        return Album(f"synthetic-{count}", rows[order], identity[order], np.arange(count))

    def _people(self, count: int, sharpness: tuple[float, float], random: np.random.Generator) -> Rows:
        spread = self.spread ** random.uniform(*sharpness, (count, 1)).astype(np.float32)
        spread *= self.spread.sum() / spread.sum(axis=1, keepdims=True)
        drawn = random.standard_normal((count, len(self.mean)), np.float32)
        rows = _unit(self.mean + (drawn * np.sqrt(spread)) @ self.axes)
        alike = np.flatnonzero(random.random(count) < LOOKALIKES)
        to = self.real[random.integers(len(self.real), size=len(alike))]
        cosine = random.uniform(*RESEMBLANCE, (len(alike), 1)).astype(np.float32)
        own = rows[alike] - np.einsum("ij,ij->i", rows[alike], to)[:, None] * to
        rows[alike] = cosine * to + np.sqrt(1 - cosine**2) * _unit(own)
        return rows


def _sizes(count: int, random: np.random.Generator) -> NDArray[np.int64]:
    """(count,) the person of each face, ascending; faces a person follow a power law."""
    sizes = np.minimum(random.random(count) ** (-1 / TAIL), MOST_FACES).astype(np.int64)
    return np.repeat(np.arange(count), sizes)[:count]


def one_each(album: Album) -> Rows:
    known = np.flatnonzero(album.identity >= 0)
    return album.rows[known[np.unique(album.identity[known], return_index=True)[1]]]


def _deviations(album: Album) -> Rows:
    """Faces less the mean of their person, for people with enough of them."""
    found = []
    for person in np.flatnonzero(np.bincount(album.identity[album.identity >= 0]) >= MEMBERS):
        rows = album.rows[album.identity == person]
        found.append((rows - rows.mean(axis=0))[: 4 * MEMBERS])
    return np.concatenate(found)


def _unit(rows: Rows) -> Rows:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _parts(count: int) -> Iterator[slice]:
    return (slice(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK))
