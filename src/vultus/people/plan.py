"""What a run would change: the partition compared with the clusters that exist."""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

NONE = -1  # the cluster of a face that has none


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes that lead from what exists towards the partition; faces that have a cluster keep it.

    Attributes:
        attach: faces (rows) that join an existing cluster (key), by row.
        create: faces (rows) of each new cluster, ascending; at least the required number of them are founding.
    """

    attach: list[tuple[int, int]] = field(default_factory=list)
    create: list[NDArray[np.int64]] = field(default_factory=list)


def plan(
    labels: NDArray[np.int64],
    current: NDArray[np.int64],
    founding: NDArray[np.bool_],
    founding_faces: int,
    forbidden: Collection[tuple[int, int]] = frozenset(),
) -> Plan:
    """Plan an incremental run.

    A group of the partition in which a cluster lives joins it, except for faces that may not; where several live, the
    one with most faces in the group takes the new ones. A group without a cluster founds one when it can.

    Args:
        labels: (n,) groups of the partition.
        current: (n,) keys of the clusters that faces are in, -1 for none.
        founding: (n,) faces that may found a cluster.
        founding_faces: how many of them a new cluster takes.
        forbidden: face (row) and cluster (key) pairs that a person has ruled out.
    """
    ruled_out = set(forbidden)
    sizes = _counts(current)
    result = Plan()
    for rows in _groups(labels):
        claimants = _claimants(current[rows], sizes)
        left = []
        for face in rows[current[rows] == NONE].tolist():
            cluster = next((key for key in claimants if (face, key) not in ruled_out), NONE)
            if cluster == NONE:
                left.append(face)
            else:
                result.attach.append((face, cluster))
        if founding[left].sum() >= founding_faces:
            result.create.append(np.array(left, np.int64))
    result.attach.sort()
    result.create.sort(key=lambda faces: int(faces[0]))
    return result


def _groups(labels: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(labels[order])) + 1) if len(order) else []


def _counts(current: NDArray[np.int64]) -> dict[int, int]:
    keys, counts = np.unique(current[current != NONE], return_counts=True)
    return dict(zip(keys.tolist(), counts.tolist(), strict=True))


def _claimants(current: NDArray[np.int64], sizes: dict[int, int]) -> list[int]:
    """Clusters that take the new faces of a group, the strongest first.

    A cluster of which only strays are here, fewer than the new faces, takes none: one face put wrong would otherwise
    draw a whole other person after it.
    """
    here = _counts(current)
    new = int((current == NONE).sum())
    living = [key for key, count in here.items() if 2 * count >= sizes[key] or count >= new]
    return sorted(living, key=lambda key: (-here[key], key))
