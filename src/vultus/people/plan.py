"""What a run would change: the partition compared with the clusters that exist, and with what people said of them."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vultus.people.library import NONE

PASSED_OVER = -1  # the label of a face that the partition did not look at

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes that lead from what exists towards the partition.

    Attributes:
        attach: faces (rows) that join an existing cluster (key), by row: from nobody, or from another cluster.
        create: faces (rows) of each new cluster, ascending; at least the required number of them are founding.
        absorb: clusters (keys) that become part of another, with the faces that do not leave them otherwise.
        release: faces (rows) that leave their cluster and belong to nobody, ascending.
    """

    attach: list[tuple[int, int]] = field(default_factory=list)
    create: list[Rows] = field(default_factory=list)
    absorb: list[tuple[int, int]] = field(default_factory=list)
    release: list[int] = field(default_factory=list)

    def applied(self, current: Rows) -> Rows:
        """Keys of the clusters that faces are in afterwards; those of new clusters are below -1."""
        cluster = current.copy()
        for source, target in self.absorb:
            cluster[current == source] = target
        for face, key in self.attach:
            cluster[face] = key
        cluster[self.release] = NONE
        for number, rows in enumerate(self.create):
            cluster[rows] = NONE - 1 - number
        return cluster


@dataclass(frozen=True, slots=True)
class Standing:
    """What a plan is made against.

    Attributes:
        cluster: (n,) keys of the clusters that faces are in, -1 for none.
        founding: (n,) faces that may found a cluster.
        founding_faces: how many of them a new cluster takes.
        settled: clusters (keys) of which a person has said something.
        forbidden: face (row) and cluster (key) pairs that a person has ruled out.
    """

    cluster: Rows
    founding: NDArray[np.bool_]
    founding_faces: int
    settled: Collection[int] = frozenset()
    forbidden: Collection[tuple[int, int]] = frozenset()


def plan(labels: Rows, standing: Standing, *, full: bool = True) -> Plan:
    """Plan a run.

    A settled cluster keeps every face it has. Any other goes with the group that holds most of its faces; those that
    are elsewhere leave it. Of several clusters whose group is the same, the settled one, or else the one with most
    faces there, takes in the others; settled ones stay beside each other. Faces of nobody, and those that leave their
    cluster, join the cluster of their group unless a person has ruled it out; without one, they found it together when
    enough of them are founding. A cluster that is taken apart and could not be founded with what is left dissolves.

    All that is for a full run. The usual one is patient: it joins no clusters, and lets faces go only where they have
    a place.

    Args:
        labels: (n,) groups of the partition, -1 for faces it did not look at. A cluster is either looked at as a
            whole or not at all.
        standing: what exists, and what people said of it.
        full: whether clusters may become one, and faces may be left to nobody.
    """
    return _Planner(labels, standing, full=full).plan()


class _Planner:
    def __init__(self, labels: Rows, standing: Standing, *, full: bool) -> None:
        self._labels, self._standing, self._full = labels, standing, full
        self._settled = frozenset(standing.settled)
        self._forbidden = frozenset(standing.forbidden)
        cluster = standing.cluster.tolist()
        self._estranged = {(cluster[face], key) for face, key in self._forbidden}
        self._here: dict[int, dict[int, int]] = defaultdict(dict)  # of each group: faces of each cluster in it
        self._size: dict[int, int] = defaultdict(int)
        self._home: dict[int, int] = {}
        self._count()

    def plan(self) -> Plan:
        result = Plan()
        for group, rows in self._busy():
            self._plan_group(group, rows, result)
        result.attach.sort()
        result.create.sort(key=lambda faces: int(faces[0]))
        result.absorb.sort()
        result.release.sort()
        return result

    def _count(self) -> None:
        """How many faces of which cluster are in which group, and in which group most of each."""
        seen = (self._labels != PASSED_OVER) & (self._standing.cluster != NONE)
        pairs = np.stack([self._labels[seen], self._standing.cluster[seen]])
        most: dict[int, int] = defaultdict(int)
        for (group, key), count in zip(*_counted(pairs), strict=True):
            self._here[group][key] = count
            self._size[key] += count
            if count > most[key]:
                most[key], self._home[key] = count, group

    def _busy(self) -> Iterator[tuple[int, Rows]]:
        """The groups in which something may change: not those that are one cluster, or too few to be any."""
        order = np.argsort(self._labels, kind="stable")
        order = order[np.searchsorted(self._labels[order], 0) :]
        label = self._labels[order]
        start = np.flatnonzero(np.diff(label, prepend=-1))
        if not len(start):
            return
        cluster = self._standing.cluster[order]
        founding = np.add.reduceat(self._standing.founding[order].astype(np.int64), start)
        lowest, highest = np.minimum.reduceat(cluster, start), np.maximum.reduceat(cluster, start)
        idle = (lowest == NONE) & (highest == NONE) & (founding < self._standing.founding_faces)
        for index, rows in enumerate(np.split(order, start[1:])):
            key = int(lowest[index])
            whole = key == highest[index] != NONE and self._size[key] == len(rows)
            if not (idle[index] or whole):
                yield int(label[start[index]]), rows

    def _plan_group(self, group: int, rows: Rows, result: Plan) -> None:
        standing, here = self._standing, self._here[group]
        able = int(standing.founding[rows].sum()) >= standing.founding_faces
        loose = [key for key in here if key not in self._settled]
        native = [key for key in loose if self._home[key] == group and (able or here[key] == self._size[key])]
        moving = {NONE, *loose} - set(native)
        movers = rows[np.isin(standing.cluster[rows], list(moving))]
        firm = [key for key in here if key in self._settled and self._claims(key, here, len(movers))]
        if self._full:
            hosts = self._joined(_ranked(firm, here), _ranked(native, here), result)
        else:
            hosts = _ranked(firm + native, here)
        self._place(movers.tolist(), hosts, result)

    def _joined(self, settled: list[int], native: list[int], result: Plan) -> list[int]:
        """Let each of the others become part of the first cluster that it may; return those that are left."""
        hosts = list(settled)
        for key in native:
            host = next((each for each in hosts if (key, each) not in self._estranged), None)
            if host is None:
                hosts.append(key)
            else:
                result.absorb.append((key, host))
        return hosts

    def _claims(self, key: int, here: dict[int, int], movers: int) -> bool:
        """Whether a settled cluster takes in faces of a group.

        One of which only strays are here, fewer than those who would come, takes none: one face put wrong would
        otherwise draw a whole other person after it.
        """
        return 2 * here[key] >= self._size[key] or here[key] >= movers

    def _place(self, movers: list[int], hosts: list[int], result: Plan) -> None:
        left = []
        for face in movers:
            host = next((key for key in hosts if (face, key) not in self._forbidden), None)
            if host is None:
                left.append(face)
            else:
                result.attach.append((face, host))
        if int(self._standing.founding[left].sum()) >= self._standing.founding_faces:
            result.create.append(np.array(left, np.int64))
        elif self._full:
            result.release.extend(face for face in left if self._standing.cluster[face] != NONE)


def _counted(pairs: Rows) -> tuple[list[list[int]], list[int]]:
    found, counts = np.unique(pairs, axis=1, return_counts=True)
    return found.T.tolist(), counts.tolist()


def _ranked(keys: list[int], here: dict[int, int]) -> list[int]:
    """The clusters with most faces of a group first."""
    return sorted(keys, key=lambda key: (-here[key], key))
