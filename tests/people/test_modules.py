"""Joining modules adds up what is between them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from vultus.people.constraints import NO_PAIRS
from vultus.people.modules import ModuleGraph
from vultus.people.partition import first_appearance

NODES = 9
edges = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.floats(0.01, 1)), max_size=30)
labels = st.lists(st.integers(0, 4), min_size=NODES, max_size=NODES)


def table_of(drawn):
    weight = np.zeros((NODES, NODES))
    for a, b, w in drawn:
        weight[a, b] = weight[b, a] = w
    return weight


@given(edges, labels)
def test_links_and_flows_are_those_of_the_modules(drawn, numbers):
    weight, label = table_of(drawn), first_appearance(np.array(numbers))
    modules = ModuleGraph.of(sparse.csr_matrix(weight), NO_PAIRS).joined(label)
    np.fill_diagonal(weight, 0)
    member = (label[:, None] == np.arange(label.max() + 1)).astype(float)
    between = member.T @ weight @ member
    assert np.allclose(modules.flow, between.sum(axis=1))
    np.fill_diagonal(between, 0)
    assert np.allclose(modules.links.toarray(), between)
    assert np.allclose(modules.exit, between.sum(axis=1))


@given(edges, labels)
def test_nodes_that_sleep_have_no_links(drawn, numbers):
    weight = table_of(drawn)
    part = sparse.csgraph.connected_components(sparse.csr_matrix(weight), directed=False)[1]
    awake = part % 2 == 0
    label = first_appearance(np.array(numbers) + 5 * part)  # no module of two parts
    graph = ModuleGraph.of(sparse.csr_matrix(weight), NO_PAIRS)
    whole, some = graph.joined(label).links.toarray(), graph.joined(label, awake).links.toarray()
    awake_module = np.zeros(len(whole), bool)
    awake_module[label] = awake
    assert np.allclose(some[awake_module], whole[awake_module])
    assert not some[~awake_module].any()


def test_nodes_apart_make_modules_apart():
    graph = ModuleGraph.of(sparse.csr_matrix((4, 4)), np.array([[0, 3]]))
    apart = graph.joined(np.array([0, 0, 1, 1])).apart.toarray()
    assert apart[0, 1] > 0
    assert apart[1, 0] > 0
    assert not apart.diagonal().any()
