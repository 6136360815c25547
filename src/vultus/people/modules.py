"""Graphs whose nodes are modules of the nodes of another graph."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from vultus.people.constraints import Pairs
from vultus.people.kernel import compiled

Labels = NDArray[np.int64]
Indices = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ModuleGraph:
    """A graph of modules, with the weight of edges for flow.

    Attributes:
        links: (m, m) csr, symmetric, zero diagonal, columns ascending: weight of the edges between two nodes.
        flow: (m,) weight of the edges at a node, those inside it counted twice.
        exit: (m,) weight of the edges that leave a node.
        apart: (m, m) csr, symmetric: nodes that may not share a module.
    """

    links: Any
    flow: Floats
    exit: Floats
    apart: Any

    @classmethod
    def of(cls, graph: Any, apart: Pairs) -> Self:
        """The nodes of a symmetric sparse graph, each for itself; what the diagonal holds is left out."""
        n = graph.shape[0]
        links = sparse.csr_matrix(graph, dtype=np.float64)
        links.sort_indices()
        flow = np.asarray(links.sum(axis=1), np.float64).ravel() - links.diagonal()
        both = np.concatenate([apart, apart[:, ::-1]])
        away = sparse.csr_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(n, n))
        return cls(links, flow, flow, away)

    def joined(self, label: Labels, awake: Flags | None = None) -> Self:
        """The graph whose nodes are the modules of ``label``, numbered from 0 without gaps.

        Args:
            label: (m,) module of each node.
            awake: (m,) nodes whose edges are wanted, a union of connected parts; the others have none in the result.
        """
        count = int(label.max(initial=-1)) + 1
        awake = np.ones(len(label), np.bool_) if awake is None else awake
        member = np.argsort(label, kind="stable")
        first = np.concatenate([[0], np.cumsum(np.bincount(label, minlength=count))])
        size = np.zeros(count + 1, np.int64)
        _count_links(self.links.indptr, self.links.indices, label, awake, member, first, size[1:])
        start = np.cumsum(size)
        column, weight = np.empty(start[-1], np.int32), np.empty(start[-1])
        leave = np.zeros(count)
        _join_links(
            self.links.indptr, self.links.indices, self.links.data, label, awake, member, first,
            start, column, weight, leave,
        )  # fmt: skip
        links = sparse.csr_matrix((weight, column, start), shape=(count, count))
        links.has_sorted_indices = True
        flow = np.bincount(label, self.flow, count).astype(np.float64)
        return type(self)(links, flow, leave, self._still_apart(label, count))

    def _still_apart(self, label: Labels, count: int) -> Any:
        apart = self.apart.tocoo()
        return sparse.csr_matrix((apart.data, (label[apart.row], label[apart.col])), shape=(count, count))


@compiled
def _count_links(
    indptr: Indices, indices: Indices, label: Labels, awake: Flags, member: Labels, first: Labels, size: Labels
) -> None:
    """Other modules that edges of each module lead to."""
    seen = np.full(len(size), -1, np.int64)
    for module in range(len(size)):
        for i in member[first[module] : first[module + 1]]:
            if not awake[i]:
                continue
            for e in range(indptr[i], indptr[i + 1]):
                other = label[indices[e]]
                if other != module and seen[other] != module:
                    seen[other] = module
                    size[module] += 1


@compiled
def _join_links(
    indptr: Indices,
    indices: Indices,
    weight: Floats,
    label: Labels,
    awake: Flags,
    member: Labels,
    first: Labels,
    start: Labels,
    column: Indices,
    joined: Floats,
    leave: Floats,
) -> None:
    """Sum the edges between modules, into rows with ascending columns."""
    total = np.zeros(len(leave))
    for module in range(len(leave)):
        end = start[module]
        for i in member[first[module] : first[module + 1]]:
            if not awake[i]:
                continue
            for e in range(indptr[i], indptr[i + 1]):
                other = label[indices[e]]
                if other != module:
                    if total[other] == 0.0:
                        column[end] = other
                        end += 1
                    total[other] += weight[e]
        column[start[module] : end].sort()
        for e in range(start[module], end):
            joined[e] = total[column[e]]
            leave[module] += joined[e]
            total[column[e]] = 0.0
