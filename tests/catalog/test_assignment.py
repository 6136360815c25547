import threading

import pytest

from tests.catalog.conftest import MODEL, face
from vultus.catalog import Absorption, Applied, Assignment
from vultus.model import FigureCluster


@pytest.fixture
def rows(catalog, album):
    """Rows of six free faces, each of its own file."""
    for name in "abcdef":
        album.add(name, face())
    return album.faces_of(*"abcdef")


@pytest.fixture
def apply(catalog, album):
    def apply(attach=(), create=(), seen=()):
        sure = [[(row, 0.9) for row in group] for group in create]
        return catalog.clusters.apply(album.dataset.id, attach, sure, seen)

    return apply


@pytest.fixture
def places(catalog, album):
    """For each face its cluster, and whether a run looked at it."""

    def places():
        faces = catalog.figures.load(album.dataset.id, MODEL)
        return dict(
            zip(faces.id.tolist(), zip(faces.cluster.tolist(), faces.clustered.tolist(), strict=True), strict=True)
        )

    return places


def test_a_run_founds_attaches_and_remembers_what_it_looked_at(apply, rows, places):
    first = apply(create=[rows[:2]])
    [cluster] = first.touched
    second = apply([(rows[2], cluster, 0.7)], [rows[3:5]], rows)
    assert (second.attached, second.created, second.founded) == (1, 1, 2)
    [other] = second.touched - {cluster}
    assert places() == {
        **dict.fromkeys(rows[:3], (cluster, True)),
        **dict.fromkeys(rows[3:5], (other, True)),
        rows[5]: (-1, True),
    }


def test_faces_that_were_not_looked_at_stay_so(apply, rows, places):
    apply(seen=rows[:1])
    assert places()[rows[0]] == (-1, True)
    assert places()[rows[1]] == (-1, False)


def test_a_face_that_has_a_cluster_stays_there(apply, rows, places):
    [cluster] = apply(create=[rows[:2]]).touched
    [other] = apply(create=[rows[2:4]]).touched
    assert apply([(rows[0], other, 1.0)]) == Applied(0, 0, 0, frozenset())
    assert places()[rows[0]] == (cluster, True)


def test_a_cluster_is_not_made_when_one_of_its_faces_is_gone(catalog, album, apply, rows, places):
    album.delete("a")
    assert apply(create=[rows[:3]], seen=rows) == Applied(0, 0, 0, frozenset())
    assert album.clusters() == []
    assert places()[rows[1]] == (-1, False)
    assert places()[rows[3]] == (-1, True)


def test_a_face_is_not_put_into_a_cluster_that_is_gone(album, apply, rows, places):
    [cluster] = apply(create=[rows[:1]]).touched
    album.delete("a")
    apply(create=[rows[1:2]])
    assert apply([(rows[2], cluster, 0.9)], seen=rows[2:3]).attached == 0
    assert places()[rows[2]] == (-1, False)


def test_faces_and_clusters_of_other_datasets_are_out_of_reach(catalog, album, apply, rows):
    other = catalog.datasets.create(album.dataset.project_id, "other")
    [cluster] = apply(create=[rows[:1]]).touched
    applied = catalog.clusters.apply(other.id, [(rows[1], cluster, 1.0)], [[(rows[2], 1.0)]], rows)
    assert applied == Applied(0, 0, 0, frozenset())
    assert catalog.clusters.total(other) == 0


def test_an_empty_plan_changes_nothing(apply, album):
    assert apply(create=[[]]) == Applied(0, 0, 0, frozenset())
    assert album.clusters() == []


def test_runs_and_deletions_at_the_same_time_neither_stall_nor_disagree(catalog, album):
    names = [f"{number}" for number in range(40)]
    for name in names:
        album.add(name, face())
    rows = album.faces_of(*names)
    [cluster] = catalog.clusters.apply(album.dataset.id, [], [[(rows[0], 1.0)]], []).touched

    def attach(mine):
        for row in mine:
            catalog.clusters.apply(album.dataset.id, [(row, cluster, 0.5)], [], [row])

    def delete(mine):
        for start in range(0, len(mine), 3):
            album.delete(*mine[start : start + 3])

    threads = [
        threading.Thread(target=attach, args=(rows[1:20],)),
        threading.Thread(target=attach, args=(rows[:0:-1],)),
        threading.Thread(target=delete, args=(names[:20:-1],)),
        threading.Thread(target=delete, args=(names[5:35],)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    faces = catalog.figures.load(album.dataset.id, MODEL)
    assert faces.cluster.tolist() == [cluster] * 5
    [only] = catalog.clusters.query(album.dataset).clusters
    assert (only.face_count, only.image_count) == (5, 5)


@pytest.fixture
def rearrange(catalog, album):
    def rearrange(**planned):
        return catalog.clusters.rearrange(album.dataset.id, Assignment(**planned))

    return rearrange


@pytest.fixture
def two(apply, rows):
    """The rows of two clusters of three faces each."""
    [first] = apply(create=[rows[:3]]).touched
    [second] = apply(create=[rows[3:]]).touched
    return first, second


def name(catalog, album, cluster):
    known = catalog.overview.people(album.dataset.id)
    catalog.clusters.update(album.dataset, FigureCluster(object_id=known[cluster].object_id, name="Anna"))


def test_a_run_joins_a_cluster_to_another_and_says_how_sure_it_is(catalog, album, rearrange, rows, places, two):
    first, second = two
    applied = rearrange(absorb=[Absorption(second, first, [(rows[3], 0.25)])])
    assert applied == Applied(0, 0, 0, frozenset({first}), joined=1)
    assert {place for place, _ in places().values()} == {first}
    [left] = catalog.clusters.query(album.dataset).clusters
    assert left.face_count == 6
    found = catalog.files.get_many(album.dataset, [album.uri("d")])
    assert b'"FigureClusterConfidence":0.25' in bytes(found[0])


def test_a_run_lets_faces_go_and_moves_them(rearrange, rows, places, two):
    first, second = two
    applied = rearrange(
        attach=[(rows[3], first, 0.8)],
        create=[[(rows[4], 0.7)]],
        release=[rows[0]],
        leaving={rows[0]: first, rows[3]: second, rows[4]: second},
    )
    [made] = applied.touched - {first, second}
    assert applied == Applied(1, 1, 1, frozenset({first, second, made}), released=1)
    assert [places()[row][0] for row in rows] == [-1, first, first, first, made, second]


def test_a_cluster_that_everybody_leaves_is_gone(catalog, album, rearrange, rows, two):
    first, second = two
    rearrange(release=rows[:3], leaving=dict.fromkeys(rows[:3], first))
    assert list(catalog.overview.people(album.dataset.id)) == [second]


def test_who_was_named_since_is_neither_joined_nor_left(catalog, album, rearrange, rows, places, two):
    first, second = two
    name(catalog, album, second)
    applied = rearrange(absorb=[Absorption(second, first)], release=[rows[5]], leaving={rows[5]: second})
    assert applied == Applied(0, 0, 0, frozenset())
    assert [places()[row][0] for row in rows] == [first] * 3 + [second] * 3


def test_a_cluster_is_not_joined_to_whom_one_of_its_faces_was_since_said_not_to_be(
    catalog, album, rearrange, rows, places, two
):
    first, second = two
    people = catalog.overview.people(album.dataset.id)
    [figure] = catalog.figures.names([rows[4]]).values()
    catalog.figures.reject(album.dataset, [figure], people[first].object_id)
    assert rearrange(absorb=[Absorption(second, first)]).joined == 0
    assert places()[rows[4]][0] == second


def test_a_face_that_is_elsewhere_by_now_is_left_there(rearrange, rows, places, two):
    first, second = two
    wrong = {rows[0]: second}
    assert rearrange(release=[rows[0]], leaving=wrong).released == 0
    assert rearrange(attach=[(rows[0], second, 0.9)], leaving=wrong).attached == 0
    assert rearrange(create=[[(rows[0], 0.9), (rows[3], 0.9)]], leaving={**wrong, rows[3]: second}).created == 0
    assert [places()[row][0] for row in rows] == [first] * 3 + [second] * 3


def test_a_pinned_face_is_not_let_go(catalog, album, rearrange, rows, places, two):
    first, _ = two
    people = catalog.overview.people(album.dataset.id)
    [figure] = catalog.figures.names([rows[5]]).values()
    catalog.figures.move(album.dataset, [figure], people[first].object_id)
    assert rearrange(release=[rows[5]], leaving={rows[5]: first}).released == 0
    assert places()[rows[5]][0] == first


def test_clusters_of_other_datasets_are_neither_joined_nor_left(catalog, album, rearrange, rows, places, two):
    other = catalog.datasets.create(album.dataset.project_id, "other")
    first, second = two
    planned = Assignment(absorb=[Absorption(second, first)], release=[rows[0]], leaving={rows[0]: first})
    assert catalog.clusters.rearrange(other.id, planned) == Applied(0, 0, 0, frozenset())
    assert [places()[row][0] for row in rows] == [first] * 3 + [second] * 3
