"""What stands stays in one piece unless it no longer holds together; what people said is heeded."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.people.libraries import library_of
from vultus.people import regroup
from vultus.people.commonness import commonness
from vultus.people.curve import FarCurve
from vultus.people.library import NONE
from vultus.people.plan import PASSED_OVER, Standing, plan
from vultus.people.regroup import regroup_all, regroup_new

CURVE = FarCurve.of("mobilefacenet-192")
FOUNDING_FACES = 3


def faces_of(*people, noise=0.6, seed=0):
    """One row a face; people are numbers, and the same number looks alike."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(20, 192))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    rows = centres[list(people)] + noise * random.normal(size=(len(people), 192)) / np.sqrt(192)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def placed(library):
    """Where the usual run puts everybody; a letter for a new cluster."""
    labels = regroup_new(library, CURVE, FOUNDING_FACES)
    standing = Standing(library.cluster, library.founding, FOUNDING_FACES, library.settled, library.forbidden)
    return plan(labels, standing, full=False).applied(library.cluster).tolist()


def test_a_new_face_joins_its_person_and_nobody_else_is_looked_at():
    people = [1] * 4 + [2] * 4 + [1]
    library = library_of([7] * 4 + [8] * 4 + [NONE], embedding=faces_of(*people))
    labels = regroup_new(library, CURVE, FOUNDING_FACES)
    assert labels[4:8].tolist() == [PASSED_OVER] * 4
    assert placed(library) == [7] * 4 + [8] * 4 + [7]


def test_where_nothing_is_new_nothing_is_looked_at():
    library = library_of([7, 7, 7], embedding=faces_of(1, 1, 2))
    assert regroup_new(library, CURVE, FOUNDING_FACES).tolist() == [PASSED_OVER] * 3


def test_three_who_came_one_by_one_found_a_person():
    cluster = [7] * 6 + [NONE] * 3
    new = np.array([False] * 8 + [True])
    library = library_of(cluster, embedding=faces_of(*[1] * 6, 3, 3, 3), new=new)
    after = placed(library)
    assert after[:6] == [7] * 6
    assert len(set(after[6:])) == 1
    assert after[6] < NONE


def test_a_new_face_shows_that_a_cluster_is_two_people():
    cluster = [7] * 6 + [NONE] * 2
    library = library_of(cluster, embedding=faces_of(1, 1, 1, 1, 2, 2, 2, 2), new=np.array([False] * 6 + [True] * 2))
    after = placed(library)
    assert after[:4] == [7] * 4
    assert len(set(after[4:])) == 1
    assert after[4] < NONE


def test_a_settled_cluster_is_taken_apart_for_nobody():
    cluster = [7] * 6 + [NONE] * 2
    library = library_of(
        cluster,
        embedding=faces_of(1, 1, 1, 1, 2, 2, 2, 2),
        new=np.array([False] * 6 + [True] * 2),
        settled=frozenset({7}),
    )
    assert placed(library)[:6] == [7] * 6


def test_two_people_who_look_alike_and_were_told_apart_are_two_groups():
    library = library_of(
        [7] * 4 + [8] * 4 + [NONE],
        embedding=faces_of(*[1] * 9),
        settled=frozenset({7, 8}),
        distinct=frozenset({(7, 8)}),
    )
    for labels in (regroup_all(library, CURVE), regroup_new(library, CURVE, FOUNDING_FACES)):
        assert not set(labels[:4]) & set(labels[4:8])


def test_a_face_that_was_ruled_out_is_not_grouped_with_whom_it_is_not():
    library = library_of(
        [7] * 4 + [NONE], embedding=faces_of(*[1] * 5), settled=frozenset({7}), forbidden=frozenset({(4, 7)})
    )
    for labels in (regroup_all(library, CURVE), regroup_new(library, CURVE, FOUNDING_FACES)):
        assert labels[4] not in labels[:4]


def test_in_a_large_library_its_people_tell_what_faces_have_in_common(monkeypatch):
    random = np.random.default_rng(0)
    strangers = random.normal(size=(300, 192))
    strangers[:, 0] += 12  # a crowd of poor faces, all alike
    strangers /= np.linalg.norm(strangers, axis=1, keepdims=True)
    new = np.arange(300) >= 290
    library = library_of([NONE] * 300, embedding=strangers, new=new)
    told = []
    monkeypatch.setattr(regroup, "commonness", lambda *a, **k: told.append(commonness(*a, **k)) or told[-1])
    assert len(set(placed(library))) == 1
    assert not told, "too few people"
    monkeypatch.setattr(regroup, "SAMPLE", 200)
    assert len(set(placed(library))) == 1
    assert told[0].min() > 0.1


@given(st.integers(0, 2**32 - 1))
def test_the_faces_of_a_cluster_that_was_looked_at_all_have_a_label(seed):
    random = np.random.default_rng(seed)
    people = random.integers(0, 6, size=60)
    cluster = np.where(random.random(60) < 0.7, people, NONE)
    library = library_of(
        cluster, embedding=faces_of(*people, seed=seed), new=(cluster == NONE) & (random.random(60) < 0.3)
    )
    labels = regroup_new(library, CURVE, FOUNDING_FACES)
    for key in set(cluster.tolist()) - {NONE}:
        seen = labels[cluster == key] != PASSED_OVER
        assert seen.all() or not seen.any()
    if not library.new.any():
        assert (labels == PASSED_OVER).all()
