"""A run on a real catalog: what it does is what it says, and what a person says meanwhile counts."""

import numpy as np
import pytest

from tests.synthetic import SyntheticAlbum
from vultus.config import Faces, Settings
from vultus.model import FigureCluster
from vultus.people.grouping import Grouping
from vultus.people.library import NONE
from vultus.people.proposal import Joining, Person
from vultus.people.watch import Phase, silent

MODEL = "mobilefacenet-192"


def vectors_of(person, count, noise=0.6, first=0):
    """Faces of a person, each another photo."""
    centre = np.random.default_rng(person).normal(size=192)
    random = np.random.default_rng([person, first])
    rows = centre / np.linalg.norm(centre) + noise * random.normal(size=(count, 192)) / np.sqrt(192)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class People(SyntheticAlbum):
    """An album whose faces are known by the photo they are in: one each."""

    def run(self, *, full=False, watch=silent):
        reports = []
        settings = Settings(faces=Faces(profile=MODEL))
        report = Grouping(self.catalog, settings).run(self.dataset.id, watch, reports.append, full=full)
        assert reports == [report]
        return report

    def proposal(self):
        return Grouping(self.catalog, Settings(faces=Faces(profile=MODEL))).propose(self.dataset.id, silent)

    def faces(self):
        return self.catalog.figures.load(self.dataset.id, MODEL)

    def names(self):
        """The ids of the faces, in the order they came."""
        rows = self.faces().id.tolist()
        known = self.catalog.figures.names(rows)
        return [known[row] for row in rows]

    def homes(self):
        """The cluster of each face, None for nobody, in the order they came."""
        people = self.catalog.overview.people(self.dataset.id)
        return [None if key == NONE else people[key].object_id for key in self.faces().cluster.tolist()]


@pytest.fixture
def album(sqlite_catalog):
    return People.make(sqlite_catalog)


def at(phase, happens):
    """A watch during which something happens, once, at the beginning of a phase."""

    def watch(now, done, total):
        if (now, done) == (phase, 0):
            happens()

    return watch


def fragments(album):
    """Two clusters of one person, the larger first."""
    return album.grouped("a", vectors_of(1, 5), MODEL), album.grouped("b", vectors_of(1, 3, first=5), MODEL)


def test_the_report_says_what_was_done(album):
    album.grouped("a", vectors_of(1, 4), MODEL)
    album.free("new", [*vectors_of(1, 2, first=4), *vectors_of(2, 3), *vectors_of(3, 1)], MODEL)
    report = album.run()
    assert (report.faces, report.attached, report.created, report.placed) == (6, 2, 1, 3)
    assert (report.joined, report.released, report.alone, report.skipped) == (0, 0, 1, {"too few alike": 1})


def test_a_full_run_makes_one_of_two_pieces_of_a_person(album):
    larger, smaller = fragments(album)
    proposal = album.proposal()
    assert proposal.join == [Joining(Person(larger, ""), Person(smaller, ""), 3)]
    assert album.homes() == [larger] * 5 + [smaller] * 3, "asking changes nothing"
    assert album.run(full=True).joined == 1
    assert album.homes() == [larger] * 8
    assert album.catalog.clusters.get(album.dataset, larger).face_count == 8
    assert album.catalog.audit.check(album.dataset.id) == []
    assert album.proposal().empty


def test_a_full_run_takes_two_people_apart(album):
    both = album.grouped("both", [*vectors_of(1, 5), *vectors_of(2, 3)], MODEL)
    assert album.proposal().split[0].faces == 3
    album.run(full=True)
    homes = album.homes()
    assert homes[:5] == [both] * 5
    assert len(set(homes[5:])) == 1
    assert homes[5] not in (both, None)


def test_who_fits_nobody_is_let_go(album):
    known = album.grouped("a", [*vectors_of(1, 4), *vectors_of(2, 1)], MODEL)
    assert album.run(full=True).released == 1
    assert album.homes() == [known] * 4 + [None]


@pytest.mark.parametrize("full", [False, True])
def test_people_who_were_told_apart_stay_two(album, full):
    first, second = fragments(album)
    album.catalog.clusters.distinguish(album.dataset, first, second)
    album.free("new", vectors_of(1, 1, first=9), MODEL)
    album.run(full=full)
    assert album.homes()[:8] == [first] * 5 + [second] * 3


@pytest.mark.parametrize("full", [False, True])
def test_a_face_does_not_come_back_to_whom_it_is_not(album, full):
    known = album.grouped("a", vectors_of(1, 5), MODEL)
    album.catalog.figures.reject(album.dataset, album.names()[4:], known)
    album.free("new", vectors_of(1, 1, first=9), MODEL)
    album.run(full=full)
    assert album.homes() == [known] * 4 + [None, known]


def test_a_named_person_takes_in_a_piece_and_keeps_every_face(album):
    _, smaller = fragments(album)
    album.catalog.clusters.update(album.dataset, FigureCluster(object_id=smaller, name="Anna"))
    album.run(full=True)
    assert album.homes() == [smaller] * 8
    assert album.catalog.clusters.get(album.dataset, smaller).name == "Anna"


def test_what_is_said_of_a_person_while_the_run_thinks_keeps_them(album):
    larger, smaller = fragments(album)

    def name():
        album.catalog.clusters.update(album.dataset, FigureCluster(object_id=smaller, name="Ben"))

    assert album.run(full=True, watch=at(Phase.PLACING, name)).joined == 0
    assert album.homes() == [larger] * 5 + [smaller] * 3


def test_a_face_that_is_moved_while_the_run_thinks_stays_where_it_was_put(album):
    known = album.grouped("a", [*vectors_of(1, 4), *vectors_of(2, 1)], MODEL)
    moved = album.names()[4]
    album.run(full=True, watch=at(Phase.PLACING, lambda: album.catalog.figures.move(album.dataset, [moved], known)))
    assert album.homes() == [known] * 5


def test_a_person_who_goes_while_the_run_thinks_is_not_missed(album):
    larger, _ = fragments(album)
    gone = [f"oss://album/b-{number}.jpg" for number in range(3)]
    report = album.run(full=True, watch=at(Phase.PLACING, lambda: album.catalog.files.delete(album.dataset, gone)))
    assert report.joined == 0
    assert album.homes() == [larger] * 5


def test_who_a_face_was_taken_from_by_hand_is_not_made_one_with_whom_it_was_given_to(album):
    known = album.grouped("a", vectors_of(1, 5), MODEL)
    moved = album.names()[4]
    elsewhere = album.catalog.figures.move(album.dataset, [moved], None)
    album.free("new", vectors_of(1, 1, first=9), MODEL)
    album.run()
    album.run(full=True)
    assert album.homes() == [known] * 4 + [elsewhere, known]


def test_undoing_a_judgement_follows_the_piece_that_a_run_has_joined_to_another(album):
    larger, _ = fragments(album)
    album.catalog.figures.judge(album.dataset, album.names()[7:], "ignored")
    album.run(full=True)
    assert album.homes() == [larger] * 7
    decision = album.catalog.decisions.latest(album.dataset.id)[0].id
    album.catalog.decisions.undo(album.dataset.id, decision, "root")
    assert album.homes() == [larger] * 8
    assert album.catalog.audit.check(album.dataset.id) == []


def test_undoing_a_move_works_after_a_full_run_that_joined_others_to_whom_it_was_taken_from(album):
    _, smaller = fragments(album)
    elsewhere = album.catalog.figures.move(album.dataset, album.names()[7:], None)
    assert album.run(full=True).joined == 1
    assert album.homes() == [smaller] * 7 + [elsewhere]
    decision = album.catalog.decisions.latest(album.dataset.id)[0].id
    album.catalog.decisions.undo(album.dataset.id, decision, "root")
    assert album.homes() == [smaller] * 8
    assert album.catalog.audit.check(album.dataset.id) == []


def test_undoing_a_rejection_works_after_full_runs(album):
    known = album.grouped("a", vectors_of(1, 5), MODEL)
    album.catalog.figures.reject(album.dataset, album.names()[4:], known)
    decision = album.catalog.decisions.latest(album.dataset.id)[0].id
    album.grouped("b", vectors_of(1, 3, first=5), MODEL)
    album.run(full=True)
    assert album.homes()[4] != known
    album.catalog.decisions.undo(album.dataset.id, decision, "root")
    assert album.homes()[4] == known
    assert album.catalog.audit.check(album.dataset.id) == []


def test_a_run_without_faces_says_so(album):
    report = album.run(full=True)
    assert (report.faces, report.alone, report.skipped) == (0, 0, {})
    assert album.proposal().empty


def test_nothing_changes_when_the_run_is_broken_off(album):
    album.free("new", vectors_of(1, 4), MODEL)

    def stop():
        raise InterruptedError

    with pytest.raises(InterruptedError):
        album.run(watch=at(Phase.PLACING, stop))
    assert album.homes() == [None] * 4
