"""The pool loses no pair and no candidate, however clusters merge."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.people.cluster_pairs import ClusterPairs, Clusters
from vultus.people.constraints import NO_PAIRS
from vultus.people.curve import FarCurve
from vultus.people.limits import Limits
from vultus.people.neighbours import nearest
from vultus.people.pair_pool import PairPool

CURVE = FarCurve.of("mobilefacenet-192")
FACES = 60


def library(seed):
    random = np.random.default_rng(seed)
    rows = np.repeat(random.normal(size=(12, 20)), 5, axis=0) + 0.6 * random.normal(size=(FACES, 20))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return rows, nearest(rows, 10), Clusters.of(np.arange(FACES) // 2, rows, random.random(FACES) / 50)


def pool_of(clusters, neighbours, apart=NO_PAIRS):
    pairs = ClusterPairs.connected(clusters, neighbours, 0.2, apart)
    return PairPool.of(pairs, Limits.of(clusters, CURVE, 1.0, 0.5))


def merge_some(random, clusters):
    """Each of some clusters goes into a lower one, no two into the same."""
    target = np.arange(len(clusters.size))
    living = random.permutation(np.flatnonzero(clusters.size > 0))[:4]
    for low, high in np.sort(living.reshape(-1, 2)[: len(living) // 2], axis=1) if len(living) == 4 else []:
        target[high] = low
    return target


def as_table(pairs):
    order = np.lexsort((pairs.second, pairs.first))
    return pairs.first[order], pairs.second[order], pairs.mean[order]


@given(st.integers(0, 2**32 - 1), st.integers(1, 10))
def test_after_any_merges_it_holds_the_pairs_that_are_connected_then(seed, merges):
    rows, neighbours, clusters = library(seed)
    random = np.random.default_rng(seed)
    apart = random.integers(FACES, size=(3, 2))
    apart = apart[apart[:, 0] // 2 != apart[:, 1] // 2]
    pool = pool_of(clusters, neighbours, apart)
    for _ in range(merges):
        target = merge_some(random, clusters)
        clusters.absorb(target)
        pool.follow(target, clusters, apart, Limits.of(clusters, CURVE, 1.0, 0.5))
    first, second, mean = as_table(pool.pairs())
    expected = as_table(ClusterPairs.connected(clusters, neighbours, 0.2, apart))
    assert (first == expected[0]).all()
    assert (second == expected[1]).all()
    between = [rows[clusters.label == a] @ rows[clusters.label == b].T for a, b in zip(first, second, strict=True)]
    assert np.allclose(mean, [float(each.mean()) for each in between], atol=1e-5)


@given(st.integers(0, 2**32 - 1), st.integers(1, 10))
def test_pairs_that_reach_their_limit_are_never_idle(seed, merges):
    _, neighbours, clusters = library(seed)
    random = np.random.default_rng(seed)
    pool = pool_of(clusters, neighbours)
    for _ in range(merges):
        target = merge_some(random, clusters)
        clusters.absorb(target)
        pool.follow(target, clusters, NO_PAIRS, Limits.of(clusters, CURVE, 1.0, 0.5))
        limits = Limits.of(clusters, CURVE, 1.0)
        if pool.outlived(limits):
            pool = PairPool.of(pool.pairs(), Limits.of(clusters, CURVE, 1.0, 0.5))
        idle = pool.idle.take(np.flatnonzero(pool.idle.first != pool.idle.second))
        assert (idle.mean <= limits.threshold(idle.first, idle.second)).all()


@pytest.mark.parametrize("fewer", [0.5, 0.1])
def test_fewer_rivals_never_ask_for_more(fewer):
    _, _, clusters = library(1)
    limits, relaxed = Limits.of(clusters, CURVE, 1.0), Limits.of(clusters, CURVE, 1.0, fewer)
    assert (relaxed.single <= limits.single).all()
    assert (relaxed.larger == limits.larger).all()
