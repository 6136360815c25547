"""Two-level map equation: the partition of a graph that describes a random walk on it most shortly.

In the original, naming the module that a walk enters costs the more bits the more modules there are, so that two people
who are told apart in an album are one in a library of strangers. Here a step between modules costs what it costs in an
album of some thousand faces, always: who is grouped depends on the faces around, and on no others.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csgraph

from vultus.people.constraints import NO_PAIRS, Pairs
from vultus.people.kernel import compiled
from vultus.people.modules import Flags, Floats, Indices, Labels, ModuleGraph
from vultus.people.thresholds import BETWEEN_MODULES, EXACT_TO, PARTITION_NODES, PARTITION_ROUNDS, PARTITION_STARTS
from vultus.people.watch import Phase, Watch, silent

__all__ = ["Labels", "first_appearance", "map_equation"]

BLOCK = 4_096  # nodes that lie together
STEP_BITS = float(np.log2(BETWEEN_MODULES) + 1 / np.log(2))  # the derivative of plogp there


def map_equation(graph: Any, apart: Pairs = NO_PAIRS, together: Labels | None = None, watch: Watch = silent) -> Labels:
    """Partition an undirected weighted graph.

    In each connected part the best of several greedy descents, each with its own order of nodes. The orders are drawn
    from the seed and the number of nodes alone: equal graphs give equal partitions.

    Args:
        graph: (n, n) scipy sparse, symmetric, positive weights; the diagonal is not looked at.
        apart: (m, 2) pairs of nodes that may not share a module.
        together: (n,) groups of nodes that must share a module, numbered from 0; none may hold a pair of ``apart``.
        watch: told how many rounds of the descents are done, of those there can be.

    Returns:
        (n,) labels from 0, in order of first appearance; a node without an edge is alone unless ``together`` says
        otherwise.

    Source: Rosvall, Axelsson, Bergstrom, "The map equation" (2009), moved greedily as in Blondel et al. (2008).
    """
    n = graph.shape[0]
    watch(Phase.PARTITION, 0, 1)
    start = np.arange(n, dtype=np.int64) if together is None else together
    nodes = ModuleGraph.of(graph, apart).joined(start)
    if nodes.links.nnz == 0:
        return first_appearance(start)
    parts, part = csgraph.connected_components(nodes.links, directed=False)
    best, shortest = np.empty(len(nodes.flow), np.int64), np.full(parts, np.inf)
    starts = max(1, min(PARTITION_STARTS, PARTITION_NODES // len(nodes.flow)))
    for seed in range(starts):
        label = _Descent(nodes, part, parts, seed, starts, watch).run()
        length = _codelengths(nodes, label, part, parts)
        shorter = length < shortest - 1e-9
        shortest[shorter] = length[shorter]
        best = np.where(shorter[part], seed * len(label) + label, best)
    return first_appearance(best[start])


def first_appearance(label: Labels) -> Labels:
    """The same partition with labels 0, 1, 2, ... in order of first appearance."""
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]


class _Descent:
    """Single nodes, then modules of them, then single nodes again, until nothing moves.

    Connected parts do not know of each other: one in which nothing moved any more is asleep, and not looked at again.
    """

    def __init__(self, nodes: ModuleGraph, part: Indices, parts: int, seed: int, starts: int, watch: Watch) -> None:
        self.nodes, self.part, self.parts, self.seed, self.starts, self.watch = nodes, part, parts, seed, starts, watch
        self.random = np.random.default_rng(seed)
        self.turn = 0

    def run(self) -> Labels:
        label = np.arange(len(self.nodes.flow), dtype=np.int64)
        awake = np.ones(self.parts, np.bool_)
        for self.turn in range(PARTITION_ROUNDS):
            label, moved = self._settle(self.nodes, label, self.part, awake)
            label, climbed = self._climb(label, awake)
            if not moved.any():
                break
            awake = moved | climbed
        return label

    def _climb(self, label: Labels, awake: Flags) -> tuple[Labels, Flags]:
        """Join whole modules; also tell in which parts any were."""
        climbed = np.zeros(self.parts, np.bool_)
        modules = self.nodes.joined(label, awake[self.part])
        while True:
            part = np.empty(len(modules.flow), np.int32)
            part[label] = self.part
            above, awake = self._settle(modules, np.arange(len(part), dtype=np.int64), part, awake)
            if not awake.any():
                return label, climbed
            climbed |= awake
            label = above[label]
            modules = modules.joined(above, awake[part])

    def _settle(self, level: ModuleGraph, label: Labels, part: Indices, awake: Flags) -> tuple[Labels, Flags]:
        """Move nodes one by one until none moves; also tell in which parts any did."""
        links, apart, label = level.links, level.apart, label.copy()
        order = _shuffled(len(label), self.random)
        moved = np.zeros(self.parts, np.bool_)
        order = order[awake[part[order]]]
        inside, leaving = _module_flows(links.indptr, links.indices, links.data, level.flow, label, order)
        for _ in range(PARTITION_ROUNDS):
            self.watch(Phase.PARTITION, self.seed * PARTITION_ROUNDS + self.turn, self.starts * PARTITION_ROUNDS)
            awake = np.zeros(self.parts, np.bool_)
            _move_nodes(
                links.indptr, links.indices, links.data, level.flow, level.exit, apart.indptr, apart.indices, label,
                inside, leaving, order, part, awake,
            )  # fmt: skip
            if not awake.any():
                break
            moved |= awake
            order = order[awake[part[order]]]
        return first_appearance(label), moved


def _shuffled(n: int, random: np.random.Generator) -> Labels:
    """Nodes in random order; of very many those that lie together stay together, and the processor has them at hand."""
    if n <= EXACT_TO:
        return random.permutation(n)
    blocks = random.permutation(-(-n // BLOCK)) * BLOCK
    return np.concatenate([start + random.permutation(min(BLOCK, n - start)) for start in blocks.tolist()])


def _codelengths(level: ModuleGraph, label: Labels, part: Indices, parts: int) -> Floats:
    """Bits of the code of each connected part, less what no partition changes."""
    modules = level.joined(label)
    leave = modules.exit
    bits = STEP_BITS * leave - 2 * _plogp(leave) + _plogp(leave + modules.flow)
    where = np.empty(len(leave), np.int64)
    where[label] = part
    return np.bincount(where, bits, parts).astype(np.float64)


def _plogp(p: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(p > 1e-15, p * np.log2(np.maximum(p, 1e-15)), 0.0)


@compiled
def _bits(p: float) -> float:
    return p * np.log2(p) if p > 1e-15 else 0.0


@compiled
def _module_bits(leave: float, flow: float) -> float:
    """The part of the code's length that a module's own exit and flow make."""
    return _bits(leave + flow) - 2 * _bits(leave) + STEP_BITS * leave


@compiled
def _module_flows(
    indptr: Indices, indices: Indices, weight: Floats, flow: Floats, label: Labels, nodes: Labels
) -> tuple[Floats, Floats]:
    """Flow and exit flow of every module that some nodes are in."""
    inside = np.zeros(len(flow))
    leaving = np.zeros(len(flow))
    for i in nodes:
        inside[label[i]] += flow[i]
        for e in range(indptr[i], indptr[i + 1]):
            if label[indices[e]] != label[i]:
                leaving[label[i]] += weight[e]
    return inside, leaving


@compiled
def _best_module(
    own: int,
    leave: float,
    flow: float,
    seen: Labels,
    to_module: Floats,
    barred: Flags,
    inside: Floats,
    leaving: Floats,
) -> int:
    """The module whose code, with a node of ``own`` moved to it, is shortest; ``own`` when no move shortens it."""
    left = leaving[own] - leave + 2 * to_module[own]
    gone = _module_bits(left, inside[own] - flow) - _module_bits(leaving[own], inside[own])
    best, best_change = own, -1e-9  # bits; less is rounding
    for module in seen:
        if module == own or barred[module]:
            continue
        joined = leaving[module] + leave - 2 * to_module[module]
        change = gone + _module_bits(joined, inside[module] + flow) - _module_bits(leaving[module], inside[module])
        if change < best_change:
            best, best_change = module, change
    return best


@compiled
def _move_nodes(
    indptr: Indices,
    indices: Indices,
    weight: Floats,
    flow: Floats,
    leave: Floats,
    apart_indptr: Indices,
    apart_indices: Indices,
    label: Labels,
    inside: Floats,
    leaving: Floats,
    order: Labels,
    part: Indices,
    moved: Flags,
) -> None:
    """Move each node, in order, to the module that shortens the code most.

    Changes ``label`` and the flows of the modules in place, and marks the parts in which a node moved. ``leave`` is the
    exit flow of each node.
    """
    to_module = np.zeros(len(flow))  # flow from the node at hand to each module
    barred = np.zeros(len(flow), np.bool_)  # modules that the node at hand may not join
    seen = np.empty(len(flow), np.int64)
    for i in order:
        count = 0
        for e in range(indptr[i], indptr[i + 1]):
            module = label[indices[e]]
            if to_module[module] == 0.0:
                seen[count] = module
                count += 1
            to_module[module] += weight[e]
        for e in range(apart_indptr[i], apart_indptr[i + 1]):
            barred[label[apart_indices[e]]] = True
        own = label[i]
        best = _best_module(own, leave[i], flow[i], seen[:count], to_module, barred, inside, leaving)
        if best != own:
            leaving[own] += 2 * to_module[own] - leave[i]
            leaving[best] += leave[i] - 2 * to_module[best]
            inside[own] -= flow[i]
            inside[best] += flow[i]
            label[i] = best
            moved[part[i]] = True
        to_module[seen[:count]] = 0.0
        for e in range(apart_indptr[i], apart_indptr[i + 1]):
            barred[label[apart_indices[e]]] = False
