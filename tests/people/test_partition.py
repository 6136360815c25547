"""The map equation finds the communities, keeps what it is told and depends on nothing else."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from vultus.people.partition import first_appearance, map_equation

NODES = 14


def graph_of(edges, n=NODES):
    weight = np.zeros((n, n))
    for a, b, w in edges:
        if a != b:
            weight[a, b] = weight[b, a] = w
    return sparse.csr_matrix(weight)


def cliques(count, size, bridge):
    n = count * size
    edges = [(i, j, 1.0) for i in range(n) for j in range(i) if i // size == j // size]
    edges += [(c * size, (c + 1) % count * size + 1, bridge) for c in range(count)]
    return graph_of(edges, n)


nodes = st.integers(0, NODES - 1)
edges = st.lists(st.tuples(nodes, nodes, st.floats(0.01, 1.0)), max_size=40)


def test_cliques_with_weak_bridges_are_told_apart():
    label = map_equation(cliques(count=6, size=5, bridge=0.2))
    assert (label == np.repeat(np.arange(6), 5)).all()


def test_a_graph_without_edges_leaves_everyone_alone():
    assert (map_equation(graph_of([])) == np.arange(NODES)).all()


@given(edges)
def test_labels_are_numbered_in_order_of_first_appearance(album):
    label = map_equation(graph_of(album))
    assert (label == first_appearance(label)).all()


@given(edges)
def test_nodes_without_a_path_between_them_never_share_a_module(album):
    graph = graph_of(album)
    part = sparse.csgraph.connected_components(graph, directed=False)[1]
    label = map_equation(graph)
    assert len(set(zip(label.tolist(), part.tolist(), strict=True))) == label.max() + 1


@given(edges, st.lists(st.tuples(nodes, nodes), max_size=8), st.lists(st.tuples(nodes, nodes), max_size=8))
def test_constraints_always_hold(album, must, cannot):
    links = sparse.coo_matrix((np.ones(len(must)), ([a for a, _ in must], [b for _, b in must])), shape=(NODES, NODES))
    together = first_appearance(sparse.csgraph.connected_components(links, directed=False)[1].astype(np.int64))
    apart = np.array([pair for pair in cannot if together[pair[0]] != together[pair[1]]], np.int64).reshape(-1, 2)
    label = map_equation(graph_of(album), apart, together)
    assert all(label[a] == label[b] for a, b in must)
    assert all(label[a] != label[b] for a, b in apart)


@given(edges)
def test_the_same_graph_gives_the_same_partition(album):
    assert (map_equation(graph_of(album)) == map_equation(graph_of(album))).all()


def test_who_shares_a_module_does_not_depend_on_the_rest_of_the_library():
    pair = cliques(count=2, size=12, bridge=1.0)
    alone = map_equation(pair)
    among = map_equation(sparse.block_diag([pair, cliques(count=400, size=6, bridge=0.3)], format="csr"))
    assert (among[:24] == alone).all()
