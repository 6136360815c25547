"""After any history, what is stored of a cluster is what a recount of its faces gives."""

from collections import defaultdict
from typing import ClassVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from sqlalchemy import select

from tests.catalog.conftest import MODEL, Album, face
from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.catalog.summary import Member, summarise
from vultus.config import People
from vultus.model import Figure, FigureCluster, File

FILES = st.integers(0, 5)
FACES = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([0.3, 0.85, 0.95]), st.sampled_from([None, 8, 30, 61])), max_size=4
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), FILES, FACES, st.sampled_from(["image", "image", "video"])),
        st.tuples(st.just("write"), FILES, FACES, st.just("image")),
        st.tuples(st.just("delete"), st.lists(FILES, min_size=1, max_size=3)),
        st.tuples(st.just("fail"), FILES),
        st.tuples(st.just("found"), st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True)),
        st.tuples(st.just("attach"), st.integers(0, 9), st.integers(0, 3)),
        st.tuples(st.just("pin"), st.integers(0, 3), st.integers(0, 9)),
    ),
    max_size=14,
)


class History:
    """Takes steps, some of which have nothing to work on and do nothing."""

    GENDERS: ClassVar = {8: UNSET, 30: "female", 61: "male"}

    def __init__(self, album: Album, database: Database) -> None:
        self.album = album
        self.database = database
        self.catalog = album.catalog
        self.pinned: dict[int, int] = {}

    def write(self, number, faces, media_type):
        found = []
        for spot, quality, age in faces:
            said = {"age": age, "gender": self.GENDERS[age]} if age else {}
            found.append(face(spot * 150, quality=quality, **said))
        self.album.add(f"{number}", *found, media_type=media_type)

    def delete(self, numbers):
        self.album.delete(*(str(number) for number in numbers))
        for number in numbers:
            self.album.files.pop(str(number), None)

    def fail(self, number):
        if str(number) in self.album.files:
            self.catalog.files.fail(self.album.files[str(number)], "gone")

    def found(self, choice):
        free = self._rows(lambda faces: faces.cluster < 0)
        chosen = {free[index % len(free)] for index in choice} if free else ()
        if chosen:
            self.catalog.clusters.apply(self.album.dataset.id, [], [[(row, 0.5) for row in chosen]], chosen)

    def attach(self, index, which):
        free, clusters = self._rows(lambda faces: faces.cluster < 0), self._clusters()
        if free and clusters:
            row, cluster = free[index % len(free)], clusters[which % len(clusters)]
            self.catalog.clusters.apply(self.album.dataset.id, [(row, cluster.id, 0.5)], [], [row])

    def pin(self, which, index):
        if clusters := self._clusters():
            cluster = clusters[which % len(clusters)]
            members = self._rows(lambda faces: faces.cluster == cluster.id)
            row = members[index % len(members)]
            cover = File(figures=[Figure(figure_id=self._figure_id(row))])
            self.catalog.clusters.update(self.album.dataset, FigureCluster(object_id=cluster.object_id, cover=cover))
            self.pinned[cluster.id] = row

    def check(self):
        members = self._members()
        stored = {row.id: row for row in self._clusters()}
        assert stored.keys() == members.keys()
        for cluster_id, faces in members.items():
            row, expected = stored[cluster_id], summarise(faces, People())
            for name in ("face_count", "image_count", "video_count", "gender", "average_age", "min_age", "max_age"):
                assert getattr(row, name) == getattr(expected, name), name
            if self.pinned.get(cluster_id) not in {face.figure for face in faces}:
                self.pinned.pop(cluster_id, None)
            assert row.cover_pinned == (cluster_id in self.pinned)
            assert row.cover_figure == self.pinned.get(cluster_id, expected.cover_figure)

    def _members(self):
        """All faces of clusters, read in the plainest way."""
        figures, files, fragments = schema.figures.c, schema.files.c, schema.fragments.c
        query = select(schema.figures, files.media_type, fragments.cluster_id).join_from(
            schema.figures, schema.fragments
        )
        query = query.join(schema.files, files.id == figures.file_id)
        members = defaultdict(list)
        with self.database.reading() as connection:
            for row in connection.execute(query.where(figures.dataset_id == self.album.dataset.id)):
                names = ("id", "file_id", "media_type", "side", "quality", "pitch", "roll", "yaw", "gender", "age")
                members[row.cluster_id].append(Member(*(getattr(row, name) for name in names)))
        return members

    def _rows(self, chosen):
        faces = self.catalog.figures.load(self.album.dataset.id, MODEL)
        return [int(row) for row in faces.id[chosen(faces)]] if len(faces) else []

    def _clusters(self):
        query = select(schema.clusters).where(schema.clusters.c.dataset_id == self.album.dataset.id)
        with self.database.reading() as connection:
            return connection.execute(query.order_by(schema.clusters.c.id)).all()

    def _figure_id(self, row):
        with self.database.reading() as connection:
            return connection.scalar(select(schema.figures.c.figure_id).where(schema.figures.c.id == row))


@given(steps=STEPS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_clusters_say_is_true_after_any_history(catalog, catalog_url, steps):
    database = Database(catalog_url)
    number = len(catalog.projects.page())
    project = catalog.projects.create(f"project-{number}")
    history = History(Album(catalog, catalog.datasets.create(project.id, "dataset")), database)
    for name, *arguments in steps:
        getattr(history, name)(*arguments)
        history.check()
    database.close()


def test_a_cluster_changes_its_time_only_when_it_changes(catalog, album):
    for name in ("a", "b", "c"):
        album.add(name, face())
    cluster = catalog.clusters.get(album.dataset, album.found("a", "b"))
    assert cluster.create_time == cluster.update_time
    album.write(album.files["a"], face())
    assert catalog.clusters.get(album.dataset, cluster.object_id).update_time == cluster.update_time
    album.write(album.files["a"], face(quality=0.99))
    assert catalog.clusters.get(album.dataset, cluster.object_id).update_time == cluster.update_time
    album.write(album.files["a"], face(), face(400))
    album.write(album.files["b"])
    assert catalog.clusters.get(album.dataset, cluster.object_id).update_time > cluster.update_time
