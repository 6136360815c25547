"""FigureClusterConfidence held against the truth: of faces given 0.9, about 90 % should be right."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from albums import Album
from vultus.people.confidence import attachment_confidence

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.88, 0.92, 0.95, 0.98, 1.0)  # of the bins
LEAST = 3  # faces of a cluster that counts, as the gate has it


@dataclass(frozen=True, slots=True)
class Bin:
    """Faces of about one confidence."""

    least: float
    most: float
    faces: int
    said: float  # mean confidence
    right: float  # share that is of the person most of its cluster is of


def reliability(albums: list[Album], labels: list[NDArray[np.int64]]) -> list[Bin]:
    """Bin the labelled faces of all albums by their confidence.

    Args:
        albums: with their people.
        labels: the groups of each.
    """
    found = [_said_and_right(album, label) for album, label in zip(albums, labels, strict=True)]
    said, right = np.concatenate([said for said, _ in found]), np.concatenate([right for _, right in found])
    bins = []
    for least, most in pairwise(EDGES):
        inside = (said >= least) & ((said < most) | (most == EDGES[-1]))
        if inside.any():
            bins.append(Bin(least, most, int(inside.sum()), float(said[inside].mean()), float(right[inside].mean())))
    return bins


def table(bins: list[Bin]) -> Table:
    shown = Table("confidence", "faces", "said", "right", "ratio", title="FigureClusterConfidence, all albums")
    for each in bins:
        shown.add_row(
            f"{each.least:.2f} to {each.most:.2f}",
            str(each.faces),
            f"{each.said:.3f}",
            f"{each.right:.3f}",
            f"{each.right / each.said:.2f}",
        )
    return shown


def _said_and_right(album: Album, label: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    size = np.bincount(label)
    cluster = np.where(size[label] >= LEAST, label, -1)
    known = (cluster >= 0) & (album.identity >= 0)
    person = np.full(len(size), -1)
    for group in np.unique(cluster[known]):
        people, count = np.unique(album.identity[known & (cluster == group)], return_counts=True)
        person[group] = people[count.argmax()]
    said = attachment_confidence(album.rows, cluster)
    return said[known], album.identity[known] == person[cluster[known]]
