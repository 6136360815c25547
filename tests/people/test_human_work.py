"""Human work survives: whatever is added, changed, deleted, run, decided and undone, each decision that stands holds.

A model beside the catalog remembers what people said; after every step the catalog is held against it.
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from tests.people.passers import MODEL, PEOPLE, RESEMBLANCE, SETTINGS, embedding, look_again, strangers
from tests.people.said import Said
from tests.synthetic import SyntheticAlbum, face
from vultus.catalog import Catalog, schema
from vultus.errors import CannotUndo
from vultus.model import FigureCluster, File
from vultus.people.grouping import Grouping
from vultus.people.splitting import Splitting
from vultus.people.watch import silent

FIRST, SECOND = 10, 300  # left edges of the two faces that a photo may show, pixels; they are 120 wide
SHIFT = 150  # pixels by which cropping moves a face, which is then nowhere near to where any was


@dataclass
class Shown:
    """What the catalog answers."""

    clusters: dict[str, FigureCluster]
    ignored: set[str]
    place: dict[str, str]  # the cluster of each face that is in one
    photo: dict[str, str]  # the URI of each face that is in a cluster
    row: dict[int, str]  # faces


class HumanWork(RuleBasedStateMachine):
    """Random work on one album."""

    empty: Path  # a catalog without rows

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(prefix="vultus-human-work-")
        path = Path(self.folder.name) / "catalog.db"
        shutil.copy(self.empty, path)
        self.catalog = Catalog(f"sqlite:///{path}")
        self.album = SyntheticAlbum.make(self.catalog)
        self.dataset = self.album.dataset
        self.photos: dict[str, dict[int, bytes]] = {}  # embeddings of the faces of each, by their left edges
        self.said = Said()
        self.decisions: dict[int, tuple[Said, Said]] = {}  # before and after, of those that stand
        self.step = 0
        self.number = 0

    def teardown(self) -> None:
        self.catalog.close()
        self.folder.cleanup()

    # What the album holds

    def shown(self) -> Shown:
        clusters: dict[str, FigureCluster] = {}
        ignored: set[str] = set()
        for hidden in (False, True):
            for each in self.catalog.clusters.query(self.dataset, "CreateTime", ignored=hidden, limit=1000).clusters:
                clusters[str(each.object_id)] = each
                if hidden:
                    ignored.add(str(each.object_id))
        place, photo = {}, {}
        for raw in self.catalog.files.get_many(self.dataset, self.photos):
            file = msgspec.json.decode(raw, type=File)
            for figure in file.figures or []:
                if str(figure.figure_cluster_id).startswith("Cluster-"):
                    place[str(figure.figure_id)] = str(figure.figure_cluster_id)
                    photo[str(figure.figure_id)] = str(file.uri)
        with self.catalog._database.reading() as connection:
            rows = connection.execute(
                select(schema.figures.c.id, schema.figures.c.figure_id).order_by(schema.figures.c.id)
            ).all()
            return Shown(clusters, ignored, place, photo, {row.id: row.figure_id for row in rows})

    def pick(self, data: st.DataObject, values: Iterable[str], what: str) -> str:
        """One of some values, whose order must be the same whenever the same is done: ids are random."""
        return data.draw(st.sampled_from(list(values)), label=what)

    def pair(self, data: st.DataObject) -> tuple[str, str]:
        """Two clusters."""
        clusters = list(self.shown().clusters)
        first = self.pick(data, clusters, "first")
        return first, self.pick(data, [each for each in clusters if each != first], "second")

    def some_faces(self, data: st.DataObject) -> list[str]:
        faces = list(self.shown().row.values())
        return data.draw(st.lists(st.sampled_from(faces), min_size=1, max_size=4, unique=True), label="faces")

    # Life goes on

    @initialize()
    def begin(self) -> None:
        self.add_photos([0, 0, 0, 0, 1, 1, 1, 2, 2, 2])
        self.run()

    @rule(people=st.lists(st.integers(0, PEOPLE - 1), min_size=1, max_size=5))
    def add_photos(self, people: list[int]) -> None:
        for person in people:
            self.save(f"oss://album/{self.number + 1:03}.jpg", {FIRST: self.face_of(person)})

    def face_of(self, person: int) -> bytes:
        self.number += 1
        return embedding(person, self.number)

    def save(self, uri: str, faces: dict[int, bytes]) -> None:
        """Have a photo that shows these faces, by their left edges."""
        self.photos[uri] = faces
        found = [msgspec.structs.replace(face(left=left), embedding=vector) for left, vector in faces.items()]
        self.album.add(uri, found, model=MODEL, resemblance=RESEMBLANCE)

    @rule(data=st.data(), cropped=st.booleans(), person=st.none() | st.integers(0, PEOPLE - 1))
    def change_a_photo(self, data: st.DataObject, cropped: bool, person: int | None) -> None:
        """Edit or crop it, perhaps adding somebody: who was there is still there, and all that was said of them."""
        uri, before = self.pick(data, self.photos, "photo"), self.shown()
        moved = {left: left for left in self.photos[uri]}
        if cropped:
            moved = {left: left + (SHIFT if left in (FIRST, SECOND) else -SHIFT) for left in moved}
        self.number += 1
        faces = {moved[left]: look_again(vector, self.number) for left, vector in self.photos[uri].items()}
        free = [left for left in (FIRST, SECOND) if not any(abs(left - other) < SHIFT for other in faces)]
        if person is not None and free and person in self.unlike(faces.values()):
            faces[free[0]] = self.face_of(person)
        self.save(uri, faces)
        after = self.shown()
        assert after.place == before.place
        assert before.row.items() <= after.row.items()
        assert len(after.row) - len(before.row) == len(faces) - len(moved), "who was added is new"

    @rule(data=st.data(), person=st.none() | st.integers(0, PEOPLE - 1))
    @precondition(lambda self: any(self.photos.values()))
    def put_a_stranger_in_a_place(self, data: st.DataObject, person: int | None) -> None:
        """Paint somebody out, or a stranger over them: what was said of who was there is not said of anybody else."""
        uri, before = self.pick(data, [uri for uri, faces in self.photos.items() if faces], "photo"), self.shown()
        faces = dict(self.photos[uri])
        left = data.draw(st.sampled_from(list(faces)), label="place")
        gone = faces.pop(left)
        if person in self.unlike([gone, *faces.values()]):
            faces[left] = self.face_of(person)
        self.save(uri, faces)
        after = self.shown()
        [lost] = before.row.keys() - after.row.keys()
        assert after.place == {each: home for each, home in before.place.items() if each != before.row[lost]}

    def unlike(self, vectors: Iterable[bytes]) -> set[int]:
        """The people who are none of these faces."""
        return set(range(PEOPLE)).intersection(*(strangers(vector) for vector in vectors))

    @rule(data=st.data())
    @precondition(lambda self: len(self.photos) > 3)
    def delete_a_photo(self, data: st.DataObject) -> None:
        uri, before = self.pick(data, self.photos, "photo"), self.shown().place
        del self.photos[uri]
        self.catalog.files.delete(self.dataset, [uri])
        after = self.shown()
        left = set(after.row.values())
        assert after.place == {each: home for each, home in before.items() if each in left}

    @rule(full=st.booleans())
    def run(self, full: bool = False) -> None:
        before, settled = self.shown(), self.settled()
        Grouping(self.catalog, SETTINGS).run(self.dataset.id, silent, lambda _: None, full=full)
        after = self.shown()
        assert settled <= after.clusters.keys(), "people of whom something was said are still there"
        stayed = {each: home for each, home in before.place.items() if home in settled}
        assert {each: after.place.get(each) for each in stayed} == stayed, "and so are their faces"

    @rule()
    def ask_what_a_full_run_would_change(self) -> None:
        before = self.shown()
        proposal = Grouping(self.catalog, SETTINGS).propose(self.dataset.id, silent)
        assert self.shown() == before
        settled = self.settled()
        assert not {each.source.object_id for each in proposal.join} & settled
        assert not {each.person.object_id for each in proposal.split} & settled

    def settled(self) -> set[str]:
        """The people of whom something was said and not taken back."""
        said = self.said
        named = {*said.names, *said.ignored, *(home for home, _ in said.homes.values())}
        named |= {cluster for _, cluster in said.not_of} | {each for pair in said.apart for each in pair}
        return named & self.shown().clusters.keys()

    # Decisions

    def decided(self, before: Said) -> None:
        number = self.catalog.decisions.latest(self.dataset.id, limit=1)[0].id
        self.decisions[number] = (before, self.said.copy())
        self.step += 1

    def has_people(self) -> bool:
        return bool(self.shown().clusters)

    @rule(data=st.data(), name=st.sampled_from(["Anna", "Ben", "Cleo", ""]))
    @precondition(has_people)
    def name(self, data: st.DataObject, name: str) -> None:
        cluster, before = self.pick(data, self.shown().clusters, "person"), self.said.copy()
        self.catalog.clusters.update(self.dataset, FigureCluster(object_id=cluster, name=name), "root")
        self.said.names.pop(cluster, None)
        if name:
            self.said.names[cluster] = (name, self.step)
        self.decided(before)

    @rule(data=st.data())
    @precondition(lambda self: len(self.shown().clusters) > 1)
    def merge(self, data: st.DataObject) -> None:
        shown, before, said = self.shown(), self.said.copy(), self.said
        target, source = self.pair(data)
        self.catalog.clusters.merge(self.dataset, target, [source], "root")
        if (lent := said.names.pop(source, None)) and target not in said.names:
            said.names[target] = (lent[0], self.step)
        for each, (home, _) in list(said.homes.items()):
            if home == source:
                said.homes[each] = (target, self.step)
        inside = {each for each, home in shown.place.items() if home in (source, target)}
        for each, cluster in list(said.not_of):
            if cluster == source:
                del said.not_of[each, cluster]
                said.not_of[each, target] = self.step
        for each in inside:
            said.not_of.pop((each, target), None)
        said.ignored.pop(source, None)
        for pair in list(said.apart):
            if source in pair:
                del said.apart[pair]
                if pair != {source, target}:
                    said.apart[pair - {source} | {target}] = self.step
        self.decided(before)

    @rule(data=st.data(), new=st.booleans())
    @precondition(has_people)
    def move(self, data: st.DataObject, new: bool) -> None:
        before, faces = self.said.copy(), self.some_faces(data)
        target = None if new else self.pick(data, self.shown().clusters, "person")
        home = self.catalog.figures.move(self.dataset, faces, target, "root")
        for each in faces:
            self.said.homes[each] = (home, self.step)
            self.said.states.pop(each, None)
            self.said.not_of.pop((each, home), None)
        self.decided(before)

    @rule(data=st.data())
    @precondition(has_people)
    def reject(self, data: st.DataObject) -> None:
        shown, before, faces = self.shown(), self.said.copy(), self.some_faces(data)
        cluster = self.pick(data, shown.clusters, "person")
        self.catalog.figures.reject(self.dataset, faces, cluster, "root")
        for each in faces:
            self.said.not_of[each, cluster] = self.step
            if shown.place.get(each) == cluster:
                self.said.homes.pop(each, None)
        self.decided(before)

    @rule(data=st.data(), state=st.sampled_from(["ignored", "not-a-face", "live"]))
    def leave_alone(self, data: st.DataObject, state: str) -> None:
        before, faces = self.said.copy(), self.some_faces(data)
        self.catalog.figures.judge(self.dataset, faces, state, "root")
        for each in faces:
            if state == "live":
                self.said.states.pop(each, None)
            else:
                self.said.states[each] = self.step
                self.said.homes.pop(each, None)
        self.decided(before)

    @rule(data=st.data(), ignored=st.booleans())
    @precondition(has_people)
    def ignore(self, data: st.DataObject, ignored: bool) -> None:
        before, cluster = self.said.copy(), self.pick(data, self.shown().clusters, "person")
        self.catalog.clusters.ignore(self.dataset, cluster, ignored, "root")
        if ignored:
            self.said.ignored[cluster] = self.step
        else:
            self.said.ignored.pop(cluster, None)
        self.decided(before)

    @rule(data=st.data())
    @precondition(lambda self: len(self.shown().clusters) > 1)
    def tell_apart(self, data: st.DataObject) -> None:
        before = self.said.copy()
        first, second = self.pair(data)
        self.catalog.clusters.distinguish(self.dataset, first, second, "root")
        self.said.apart[frozenset((first, second))] = self.step
        self.decided(before)

    @rule(data=st.data(), strictness=st.sampled_from([0.0, 0.3, 0.8]))
    @precondition(has_people)
    def split(self, data: st.DataObject, strictness: float) -> None:
        before = self.said.copy()
        cluster = self.pick(data, self.shown().clusters, "person")
        made = Splitting(self.catalog, SETTINGS).run(self.dataset, cluster, strictness, "root")
        if made:
            for each in made:
                self.said.apart[frozenset((cluster, each))] = self.step
            for each, home in self.shown().place.items():
                if home in made:
                    self.said.not_of[each, cluster] = self.step
            self.decided(before)

    @rule()
    @precondition(lambda self: bool(self.decisions))
    def undo_the_last(self) -> None:
        self.undo(max(self.decisions))

    @rule(data=st.data())
    @precondition(lambda self: bool(self.decisions))
    def undo_any(self, data: st.DataObject) -> None:
        self.undo(data.draw(st.sampled_from(sorted(self.decisions)), label="decision"))

    def undo(self, number: int) -> None:
        """Take back a decision. A refusal changes nothing; it comes when later decisions rest on this one."""
        shown = self.shown()
        try:
            self.catalog.decisions.undo(self.dataset.id, number, "root")
        except CannotUndo:
            assert self.shown() == shown
        else:
            self.said.take_back(*self.decisions.pop(number))

    # What must be true at any time

    @invariant()
    def every_decision_holds(self) -> None:
        shown, said = self.shown(), self.said
        faces = set(shown.row.values())
        for cluster, (name, _) in said.names.items():
            if cluster in shown.clusters:
                assert shown.clusters[cluster].name == name
        for each, (home, _) in said.homes.items():
            if each in faces:
                assert shown.place.get(each) == home, "a face that was moved by hand is where it was put"
        for each, cluster in said.not_of:
            assert shown.place.get(each) != cluster, "a face is not with whom it was said not to be"
        for each in said.states.keys() & faces:
            assert each not in shown.place, "a face that is left alone belongs to nobody"
        assert shown.ignored == said.ignored.keys() & shown.clusters.keys()
        assert self.pairs_apart() == {pair for pair in said.apart if pair <= shown.clusters.keys()}

    @invariant()
    def counts_agree_with_a_recount(self) -> None:
        shown = self.shown()
        homes = list(shown.place.values())
        assert set(homes) == set(shown.clusters), "a person is there as long as a face is, and no longer"
        for cluster, said in shown.clusters.items():
            assert said.face_count == homes.count(cluster)
            assert said.image_count == len({shown.photo[each] for each, home in shown.place.items() if home == cluster})
            cover = msgspec.json.decode(said.cover, type=File)
            assert cover.uri in self.photos
            assert cluster in [shown.place.get(str(each.figure_id)) for each in cover.figures]

    @invariant()
    def the_audit_is_clean(self) -> None:
        assert self.catalog.audit.check(self.dataset.id) == []

    def pairs_apart(self) -> set[frozenset[str]]:
        with self.catalog._database.reading() as connection:
            rows = connection.execute(select(schema.clusters.c.id, schema.clusters.c.object_id))
            names = {row.id: row.object_id for row in rows}
        return {frozenset(names[row] for row in pair) for pair in self.catalog.clusters.distinctions(self.dataset.id)}


def test_human_work_survives(new_sqlite_file):
    machine = type("HumanWorkHere", (HumanWork,), {"empty": new_sqlite_file})
    steps = settings(
        max_examples=int(os.environ.get("VULTUS_TEST_EXAMPLES", "20")),
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=steps)
