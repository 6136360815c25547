"""What a person decided holds, is written down, and can be taken back."""

import msgspec
import pytest

from tests.catalog.conftest import MODEL, face
from tests.catalog.home import Home
from vultus.errors import CannotUndo, InvalidArgument, LockVersionConflict, ResourceNotFound
from vultus.model import Figure, FigureCluster, File


@pytest.fixture
def home(catalog, album):
    return Home(catalog, album)


def test_the_journal_keeps_decisions_in_the_order_they_were_made(catalog, dataset):
    first = catalog.decisions.append(dataset.id, "name", {"cluster": "Cluster-1", "name": "Anna"}, "root")
    second = catalog.decisions.append(dataset.id, "merge", {"from": ["Cluster-2"]}, "ben")
    journal = catalog.decisions.list(dataset.id)
    assert [(row.id, row.kind, row.payload, row.actor) for row in journal] == [
        (first, "name", {"cluster": "Cluster-1", "name": "Anna"}, "root"),
        (second, "merge", {"from": ["Cluster-2"]}, "ben"),
    ]
    assert [row.undone_time for row in journal] == [None, None]
    assert catalog.decisions.list(dataset.id, after=first, limit=5) == [journal[1]]
    assert catalog.decisions.list(dataset.id, limit=1) == [journal[0]]
    assert catalog.decisions.latest(dataset.id) == [journal[1], journal[0]]
    assert catalog.decisions.latest(dataset.id, before=second) == [journal[0]]


def test_every_dataset_has_its_own_journal(catalog, dataset):
    other = catalog.datasets.create(dataset.project_id, "other")
    number = catalog.decisions.append(dataset.id, "name", {}, "root")
    assert catalog.decisions.list(other.id) == []
    with pytest.raises(ResourceNotFound, match=f"decision {number}"):
        catalog.decisions.undo(other.id, number, "root")


def test_a_name_is_in_the_journal_with_who_gave_it(home, catalog):
    anna = home.person("a")
    home.name(anna, "Anna")
    [row] = catalog.decisions.list(home.dataset.id)
    assert (row.kind, row.actor, row.about) == ("update", "anna", {"cluster": anna, "name": "Anna"})


def test_a_change_that_is_refused_is_not_in_the_journal(home, catalog):
    anna = home.person("a")
    with pytest.raises(LockVersionConflict):
        home.name(anna, "Anna", meta_lock_version=7)
    assert catalog.decisions.list(home.dataset.id) == []


def everything(home):
    """Each kind of decision, by name, made about two people of three photos each and a lone face."""
    a, b = home.person("a1", "a2", "a3"), home.person("b1", "b2", "b3")
    home.album.add("lone", face())
    home.name(a, "Anna", custom_labels={"k": "v"})
    files, clusters = home.catalog.figures, home.catalog.clusters
    dataset = home.dataset
    cover = File(figures=[Figure(figure_id=home.figure("a2"))])
    return {
        "name": lambda: home.name(b, "Ben", custom_id="7"),
        "clear": lambda: home.name(a, "", custom_labels={}),
        "cover": lambda: clusters.update(dataset, FigureCluster(object_id=a, cover=cover)),
        "merge": lambda: clusters.merge(dataset, a, [b]),
        "merge into the nameless": lambda: clusters.merge(dataset, b, [a]),
        "move": lambda: files.move(dataset, home.figures("a1", "lone"), b),
        "move to a new one": lambda: files.move(dataset, home.figures("a1", "b1"), None),
        "move all away": lambda: files.move(dataset, home.figures("a1", "a2", "a3"), b),
        "reject": lambda: files.reject(dataset, home.figures("a1", "lone"), a),
        "reject all": lambda: files.reject(dataset, home.figures("a1", "a2", "a3"), a),
        "detach": lambda: files.detach(dataset, home.figures("a1", "lone")),
        "release": lambda: files.release(dataset, home.figures("a1", "lone")),
        "ignore faces": lambda: files.judge(dataset, home.figures("a1", "lone"), "ignored"),
        "not a face": lambda: files.judge(dataset, home.figures("a1"), "not-a-face"),
        "ignore a person": lambda: clusters.ignore(dataset, a),
        "two people": lambda: clusters.distinguish(dataset, a, b),
        "split": lambda: clusters.split(dataset, a, [home.figures("a1", "a2")]),
    }


KINDS = [
    *("name", "clear", "cover", "merge", "merge into the nameless", "move", "move to a new one", "move all away"),
    *("reject", "reject all", "detach", "release", "ignore faces", "not a face", "ignore a person", "two people"),
    "split",
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_decision_can_be_undone_and_all_is_as_it_was(home, catalog, kind):
    kinds = everything(home)
    assert list(kinds) == KINDS
    before = home.state()
    kinds[kind]()
    if kind not in ("two people",):
        assert home.state() != before
    home.undo()
    assert home.state() == before
    undone, undo = catalog.decisions.list(home.dataset.id)[-2:]
    assert undone.undone_time is not None
    assert (undo.kind, undo.actor, undo.about["decision"]) == ("undo", "root", undone.id)
    with pytest.raises(CannotUndo, match="before"):
        home.undo(undone.id)
    with pytest.raises(CannotUndo, match="'undo'"):
        home.undo(undo.id)


@pytest.mark.parametrize("kind", KINDS)
def test_a_decision_is_written_together_with_its_effect_or_not_at_all(home, catalog, kind):
    decide = everything(home)[kind]
    before, journal = home.state(), catalog.decisions.list(home.dataset.id)

    def decide_and_fail():
        with catalog.transaction():
            decide()
            raise KeyError("afterwards")

    with pytest.raises(KeyError, match="afterwards"):
        decide_and_fail()
    assert home.state() == before
    assert catalog.decisions.list(home.dataset.id) == journal


def test_a_moved_face_is_where_it_was_put_with_certainty(home):
    a, b = home.person("a1", "a2"), home.person("b1")
    home.catalog.figures.move(home.dataset, home.figures("a1"), b)
    [document] = home.catalog.files.get_many(home.dataset, [home.album.uri("a1")])
    figure = msgspec.json.decode(document, type=File).figures[0]
    assert (figure.figure_cluster_id, figure.figure_cluster_confidence) == (b, 1.0)
    assert (home.get(a).face_count, home.get(b).face_count) == (1, 2)


def test_a_person_who_lost_all_faces_to_a_move_comes_back_with_it(home):
    a, b = home.person("a1", "a2"), home.person("b1")
    home.album.add("lone", face())
    home.name(a, "Anna")
    home.catalog.figures.reject(home.dataset, home.figures("lone"), a)
    home.catalog.figures.move(home.dataset, home.figures("a1", "a2"), b)
    assert not home.exists(a)
    home.undo()
    assert (home.get(a).name, home.get(a).face_count) == ("Anna", 2)
    assert len(home.catalog.clusters.rejections(home.dataset.id)) == 1


def test_no_run_puts_a_rejected_face_back(home):
    a = home.person("a1", "a2")
    home.catalog.figures.reject(home.dataset, home.figures("a1"), a)
    faces = home.catalog.figures.load(home.dataset.id, MODEL)
    [lone] = faces.id[faces.cluster == -1].tolist()
    [member] = faces.cluster[faces.cluster != -1].tolist()
    applied = home.catalog.clusters.apply(home.dataset.id, [(lone, member, 0.9)], [], [lone])
    assert applied.attached == 0
    assert home.where("a1") == "figure-cluster-id-independent"


def test_who_puts_a_rejected_face_back_by_hand_takes_the_rejection_back(home):
    a = home.person("a1", "a2")
    home.catalog.figures.reject(home.dataset, home.figures("a1"), a)
    home.catalog.figures.move(home.dataset, home.figures("a1"), a)
    assert home.where("a1") == a
    assert home.catalog.clusters.rejections(home.dataset.id) == set()
    home.undo()
    assert len(home.catalog.clusters.rejections(home.dataset.id)) == 1


def test_a_face_does_not_return_to_whom_it_was_said_not_to_be_since(home):
    a, b = home.person("a1", "a2"), home.person("b1")
    home.catalog.figures.move(home.dataset, home.figures("a1"), b)
    move = home.last()
    home.catalog.figures.reject(home.dataset, home.figures("a1"), a)
    before = home.state()
    with pytest.raises(CannotUndo, match="said not to be"):
        home.undo(move)
    assert home.state() == before
    assert home.catalog.decisions.get(home.dataset.id, move).undone_time is None


def test_a_face_does_not_return_to_whom_it_was_said_not_to_be_when_they_went_with_that(home):
    anna = home.person("a", "b")
    home.catalog.figures.judge(home.dataset, home.figures("a"), "ignored")
    ignoring = home.last()
    home.catalog.figures.reject(home.dataset, home.figures("a", "b"), anna)
    assert not home.exists(anna)
    with pytest.raises(CannotUndo):
        home.undo(ignoring)
    home.undo()
    home.undo(ignoring)
    assert {home.where(name) for name in "ab"} == {anna}


def test_ignored_people_are_not_listed_but_answered_and_stay_ignored(home):
    a, b = home.person("a1"), home.person("b1")
    home.catalog.clusters.ignore(home.dataset, a)
    assert home.album.clusters() == [b]
    assert home.catalog.clusters.total(home.dataset) == 1
    assert home.get(a).face_count == 1
    ignored = home.catalog.clusters.query(home.dataset, ignored=True).clusters
    assert [each.object_id for each in ignored] == [a]
    home.album.add("new", face())
    faces = home.catalog.figures.load(home.dataset.id, MODEL)
    home.catalog.clusters.apply(home.dataset.id, [(int(faces.id[-1]), int(faces.cluster[0]), 0.9)], [], [])
    assert home.where("new") == a
    assert home.album.clusters() == [b]
    home.catalog.clusters.ignore(home.dataset, a, False)
    assert set(home.album.clusters()) == {a, b}


@pytest.mark.parametrize("state", ["ignored", "not-a-face"])
def test_a_face_that_is_left_alone_counts_nowhere_even_when_its_file_is_indexed_again(home, state):
    a = home.person("a1", "a2")
    home.catalog.figures.judge(home.dataset, home.figures("a1"), state)
    home.album.write(home.album.files["a1"], face(1))
    assert home.get(a).face_count == 1
    assert len(home.catalog.figures.load(home.dataset.id, MODEL)) == 1
    [document] = home.catalog.files.get_many(home.dataset, [home.album.uri("a1")])
    figures = msgspec.json.decode(document, type=File).figures or []
    shown = [figure.figure_cluster_id for figure in figures]
    assert shown == (["figure-cluster-id-independent"] if state == "ignored" else [])


def test_a_face_that_lives_again_waits_for_the_next_run(home):
    home.person("a1", "a2")
    figures = home.figures("a1")
    home.catalog.figures.judge(home.dataset, figures, "not-a-face")
    home.catalog.figures.judge(home.dataset, figures, "live")
    assert home.where("a1") == "figure-cluster-id-unavailable"


def test_a_split_is_not_done_with_faces_that_have_left(home):
    a, b = home.person("a1", "a2", "a3"), home.person("b1")
    figures = home.figures("a1", "a2")
    home.catalog.figures.move(home.dataset, figures[:1], b)
    with pytest.raises(InvalidArgument, match="moved meanwhile"):
        home.catalog.clusters.split(home.dataset, a, [figures])


def test_undoing_a_split_takes_the_new_person_away_whoever_joined_since(home):
    a = home.person("a1", "a2", "a3")
    [new] = home.catalog.clusters.split(home.dataset, a, [home.figures("a1", "a2")])
    home.album.add("late", face())
    faces = home.catalog.figures.load(home.dataset.id, MODEL)
    home.catalog.clusters.apply(home.dataset.id, [(int(faces.id[-1]), int(faces.cluster[0]), 0.9)], [], [])
    assert home.where("late") == new
    home.undo()
    assert not home.exists(new)
    assert home.where("late") == "figure-cluster-id-unavailable"
    assert home.get(a).face_count == 3


def test_what_is_left_is_undone_when_some_faces_are_gone_and_nothing_when_all_are(home):
    a, b = home.person("a1", "a2", "a3"), home.person("b1")
    home.catalog.figures.move(home.dataset, home.figures("a1", "a2"), b)
    home.album.delete("a1")
    home.undo()
    assert home.where("a2") == a
    home.catalog.figures.move(home.dataset, home.figures("a2"), b)
    home.album.delete("a2")
    with pytest.raises(CannotUndo, match="None of the faces"):
        home.undo()


def test_the_journal_outlives_the_people_it_is_about(home, catalog):
    a = home.person("a1")
    home.name(a, "Anna")
    home.album.delete("a1")
    assert not home.exists(a)
    assert [row.about["name"] for row in catalog.decisions.list(home.dataset.id)] == ["Anna"]
    with pytest.raises(CannotUndo, match="gone"):
        home.undo()


@pytest.mark.parametrize("verb", ["move", "reject", "detach", "release", "judge"])
def test_a_face_of_another_dataset_is_unknown_here(home, catalog, verb):
    a = home.person("a1")
    other = catalog.datasets.create(home.dataset.project_id, "other")
    more = {"move": (None,), "reject": (a,), "judge": ("ignored",)}.get(verb, ())
    with pytest.raises(ResourceNotFound, match="figure"):
        getattr(catalog.figures, verb)(other, home.figures("a1"), *more)
