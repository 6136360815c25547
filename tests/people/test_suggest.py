"""Who may be one person: the likeliest first, nobody who was said to be two, and photos of both speak against it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.people.curve import FarCurve
from vultus.people.suggest import closeness, seen_together, suggest

CURVE = FarCurve.of("mobilefacenet-192")
FACES = 5  # of each cluster


def library(likeness, *, clusters=40, seed=3):
    """Clusters of which 0 and 1 have centres that are ``likeness`` spans alike; all others are strangers."""
    random = np.random.default_rng(seed)
    centre = np.linalg.qr(random.normal(size=(192, clusters)))[0].T
    cosine = CURVE.similarity_at(likeness)
    centre[1] = cosine * centre[0] + np.sqrt(1 - cosine**2) * centre[1]
    cluster = np.repeat(np.arange(clusters), FACES)
    noise = random.normal(size=(len(cluster), 192))
    faces = centre[cluster] + 0.02 * noise
    return (faces / np.linalg.norm(faces, axis=1, keepdims=True)).astype(np.float32), cluster * 10


def suggested(faces, cluster, *, photo=None, quality=None, **said):
    photo = np.arange(len(faces)) if photo is None else photo
    quality = np.ones(len(faces), np.float32) if quality is None else quality
    return suggest(faces, cluster, photo=photo, quality=quality, curve=CURVE, **said)


def confidence(found, first=0, second=10):
    pairs = {(int(a), int(b)): float(c) for a, b, c in zip(found.first, found.second, found.confidence, strict=True)}
    return pairs.get((first, second), 0.0)


def test_the_pair_that_is_alike_is_suggested_and_strangers_are_not():
    found = suggested(*library(0.9))
    assert (found.first.tolist(), found.second.tolist()) == ([0], [10])
    assert found.likeness[0] == pytest.approx(0.8, abs=0.15)
    assert found.together.tolist() == [0]


def test_the_more_alike_the_more_confident():
    sure = [confidence(suggested(*library(likeness))) for likeness in (0.0, 0.3, 0.5, 0.9)]
    assert sure == sorted(sure)
    assert sure[0] < 0.1
    assert sure[-1] > 0.5


def test_those_who_were_said_to_be_two_are_not_suggested_whatever_is_said_of_others():
    faces, cluster = library(0.9)
    assert len(suggested(faces, cluster, distinct={(0, 10), (20, 99), (77, 88)})) == 0
    assert len(suggested(faces, cluster, distinct={(0, 20), (10, 20)})) == 1


def test_every_photo_that_shows_both_speaks_against_it():
    faces, cluster = library(0.5)
    first, second = np.flatnonzero(cluster == 0), np.flatnonzero(cluster == 10)
    sure = []
    for shared in range(FACES + 1):
        photo = np.arange(len(faces))
        photo[second[:shared]] = photo[first[:shared]]
        found = suggested(faces, cluster, photo=photo)
        sure.append(confidence(found))
        if sure[-1]:
            assert found.together.tolist() == [shared]
    assert sure == sorted(sure, reverse=True)
    assert sure[1] < 0.5 * sure[0]


def test_poor_faces_are_suggested_with_less_confidence():
    faces, cluster = library(0.9)
    poor = np.full(len(faces), 0.2, np.float32)
    assert 0 < confidence(suggested(faces, cluster, quality=poor)) < confidence(suggested(faces, cluster))


def test_faces_of_nobody_are_not_suggested():
    faces, cluster = library(0.9)
    cluster[cluster == 10] = -1
    assert len(suggested(faces, cluster)) == 0


@pytest.mark.parametrize("clusters", [[], [5], [-1, -1], [5, 5, -1]])
def test_with_less_than_two_people_there_is_nothing_to_suggest(clusters):
    faces = np.eye(192, dtype=np.float32)[: len(clusters)]
    assert len(suggested(faces, np.array(clusters, np.int64))) == 0


def test_the_larger_cluster_is_named_first():
    faces, cluster = library(0.9)
    keep = np.ones(len(faces), bool)
    keep[np.flatnonzero(cluster == 0)[:2]] = False
    found = suggested(faces[keep], cluster[keep])
    assert (found.first.tolist(), found.second.tolist()) == ([10], [0])


@given(st.permutations(range(60)))
def test_the_order_of_rows_does_not_matter(order):
    faces, cluster = library(0.9, clusters=12)
    photo = np.arange(60) // 2
    order = np.array(order)
    one = suggested(faces, cluster, photo=photo)
    other = suggested(faces[order], cluster[order], photo=photo[order])
    assert one.first.tolist() == other.first.tolist()
    assert one.second.tolist() == other.second.tolist()
    np.testing.assert_allclose(one.confidence, other.confidence, atol=1e-5)


def test_more_clusters_than_fit_into_a_block_are_all_compared():
    random = np.random.default_rng(1)
    strangers = random.normal(size=(2_500, 192))
    faces = strangers / np.linalg.norm(strangers, axis=1, keepdims=True)
    faces[2_400] = faces[7]
    found = suggested(faces.astype(np.float32), np.arange(2_500))
    assert confidence(found, 7, 2_400) == max(found.confidence) > 0.5


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), min_size=1, max_size=40))
def test_photos_that_show_both_are_counted_once(faces):
    own, photo = np.array(faces).T
    first, second = np.triu_indices(5, 1)
    shown = [set(photo[own == cluster]) for cluster in range(5)]
    present = np.isin(first, own) & np.isin(second, own)
    counted = seen_together(own, photo, first[present], second[present])
    expected = [len(shown[a] & shown[b]) for a, b in zip(first[present], second[present], strict=True)]
    assert counted.tolist() == expected


def test_the_closest_faces_are_found_and_close_pairs_counted():
    faces, cluster = library(0.5)
    first, second = np.flatnonzero(cluster == 0), np.flatnonzero(cluster == 10)
    faces[second[3]] = faces[first[1]]
    close = closeness(faces, first, second, np.ones(len(faces), np.float32), CURVE)
    similarity = faces[first] @ faces[second].T
    assert close.closest == (first[1], second[3])
    assert close.likeness == pytest.approx(float(CURVE.spans(np.float64(1.0))), abs=1e-4)
    assert close.close_pairs == (similarity >= CURVE.threshold(len(faces))).sum()
