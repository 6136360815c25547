"""The scores say what they are defined to say."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.people.metrics import score

albums = st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 4)), min_size=1, max_size=25)


def columns(album):
    label, identity = zip(*album, strict=True)
    return np.array(label), np.array(identity)


def ratio(part, whole):
    return part / whole if whole else 1.0


@given(albums)
def test_pairwise_counts_every_pair_of_known_faces(album):
    known = [face for face in album if face[1] >= 0]
    pairs = list(combinations(known, 2))
    joined = [pair for pair in pairs if pair[0][0] == pair[1][0]]
    same = [pair for pair in pairs if pair[0][1] == pair[1][1]]
    right = [pair for pair in joined if pair[0][1] == pair[1][1]]
    found = score(*columns(album)).pairwise
    assert found.precision == pytest.approx(ratio(len(right), len(joined)))
    assert found.recall == pytest.approx(ratio(len(right), len(same)))


@given(albums)
def test_bcubed_averages_over_known_faces(album):
    known = [face for face in album if face[1] >= 0]
    precision = recall = 0.0
    for label, identity in known:
        both = known.count((label, identity))
        precision += both / sum(other[0] == label for other in known)
        recall += both / sum(other[1] == identity for other in known)
    found = score(*columns(album)).bcubed
    assert found.precision == pytest.approx(ratio(precision, len(known)))
    assert found.recall == pytest.approx(ratio(recall, len(known)))


@given(albums)
def test_merges_and_splits_are_counted_apart(album):
    known = {face for face in album if face[1] >= 0}
    found = score(*columns(album))
    assert found.merge_errors == len(known) - len({label for label, _ in known})
    assert found.split_errors == len(known) - len({identity for _, identity in known})


def test_the_truth_scores_one():
    identity = np.array([0, 0, 1, 1, 2, -1])
    assert score(identity, identity).mean_f == 1.0


def test_bystanders_do_not_lower_the_score():
    identity = np.array([0, 0, -1, -1])
    assert score(np.array([4, 4, 4, 4]), identity) == score(np.array([4, 4, 7, 8]), identity)
