"""A change of embedding model: all at once, when all is there; nothing that a person said is lost."""

import msgspec
import numpy as np
import pytest
from sqlalchemy import select

from tests.catalog.conftest import MODEL, face
from vultus.catalog import schema
from vultus.catalog.reembedding import NewEmbedding
from vultus.config import People
from vultus.model import FigureCluster, File

NEW = "newer-2"
VERSION = "1"


def vector(*values: float) -> bytes:
    return np.array(values, "<f2").tobytes()


class Change:
    """An album on its way to a new model."""

    def __init__(self, catalog, album) -> None:
        self.catalog, self.album, self.reembedding = catalog, album, catalog.reembedding
        self.dataset = album.dataset.id

    def look_at(self, name: str, quality: float = 0.95, version: str = VERSION, model: str = NEW) -> bool:
        """Put a new embedding of every face of a file."""
        faces = self.reembedding.faces(self.album.files[name])
        found = [NewEmbedding(each.id, vector(0.0, 1.0), quality) for each in faces]
        return self.reembedding.put(self.album.files[name], version, model, found, {})

    def fail_at(self, name: str, reason: str = "It is gone.") -> None:
        faces = self.reembedding.faces(self.album.files[name])
        assert self.reembedding.put(self.album.files[name], VERSION, NEW, [], {each.id: reason for each in faces})

    def switch(self) -> int | None:
        return self.reembedding.switch(self.dataset, NEW)

    def load(self, model: str = NEW):
        return self.catalog.figures.load(self.dataset, model)

    @property
    def model(self) -> str:
        return self.catalog.datasets.by_id(self.dataset).model


@pytest.fixture
def change(catalog, album) -> Change:
    """Two files with a face each, one of which is a person's."""
    album.add("anna.jpg", face(), face(300))
    album.add("bert.jpg", face())
    catalog.datasets.settle_model(album.dataset.id, MODEL)
    return Change(catalog, album)


def test_a_dataset_takes_the_model_that_comes_first_and_keeps_it(catalog, album):
    assert catalog.datasets.settle_model(album.dataset.id, MODEL) == MODEL
    assert catalog.datasets.settle_model(album.dataset.id, NEW) == MODEL
    assert catalog.datasets.by_id(album.dataset.id).model == MODEL


def test_the_old_model_is_in_use_until_every_face_was_looked_at(change):
    change.look_at("anna.jpg")
    assert change.reembedding.pending(change.dataset, NEW)
    assert change.switch() is None
    assert (len(change.load(MODEL)), len(change.load(NEW)), change.model) == (3, 0, MODEL)
    change.look_at("bert.jpg")
    assert not change.reembedding.pending(change.dataset, NEW)
    assert change.switch() == 3
    assert (len(change.load(MODEL)), len(change.load(NEW)), change.model) == (0, 3, NEW)


def test_ids_people_names_and_decisions_stay(change, catalog, album, decode):
    who = album.found("anna.jpg")
    catalog.clusters.update(album.dataset, FigureCluster(object_id=who, name="Anna"))
    figures = decode(catalog.files.get_many(album.dataset, [album.uri("anna.jpg")]))[0].figures
    catalog.figures.reject(album.dataset, [figures[1].figure_id], who)
    change.look_at("anna.jpg", quality=0.5)
    change.look_at("bert.jpg")
    change.switch()
    [after] = catalog.clusters.get_many(album.dataset, [who])
    assert (after.name, after.face_count) == ("Anna", 1)
    again = decode(catalog.files.get_many(album.dataset, [album.uri("anna.jpg")]))[0].figures
    assert [each.figure_id for each in again] == [each.figure_id for each in figures]
    assert [each.face_quality for each in again] == [0.5, 0.5]
    assert again[0].figure_cluster_id == who
    assert change.load().embedding.tolist() == [[0.0, 1.0]] * 3
    assert {decision.kind for decision in catalog.decisions.list(album.dataset.id)} == {"reject", "update"}
    assert catalog.audit.check(album.dataset.id) == []


def test_counts_and_covers_follow_the_new_quality(change, catalog, album):
    who = album.found("anna.jpg", "bert.jpg")
    change.look_at("anna.jpg", quality=People().founding_quality / 2)
    change.look_at("bert.jpg", quality=0.99)
    change.switch()
    [cluster] = catalog.clusters.get_many(album.dataset, [who])
    assert msgspec.json.decode(cluster.cover, type=File).uri == album.uri("bert.jpg")
    assert catalog.audit.check(album.dataset.id) == []


def test_faces_of_nobody_are_looked_at_anew_by_the_next_run(change, catalog, album):
    album.found("bert.jpg")
    catalog.clusters.apply(album.dataset.id, [], [], change.load(MODEL).id.tolist())
    for name in ("anna.jpg", "bert.jpg"):
        change.look_at(name)
    change.switch()
    faces = change.load()
    assert faces.clustered.tolist() == (faces.cluster >= 0).tolist() == [False, False, True]


def test_a_face_that_is_ignored_is_looked_at_as_well_and_stays_so(change, catalog, album, decode):
    figures = decode(catalog.files.get_many(album.dataset, [album.uri("bert.jpg")]))[0].figures
    catalog.figures.judge(album.dataset, [figures[0].figure_id], "ignored")
    change.look_at("anna.jpg")
    assert change.switch() is None
    change.look_at("bert.jpg")
    assert change.switch() == 3
    assert len(change.load()) == 2
    catalog.figures.judge(album.dataset, [figures[0].figure_id], "live")
    assert len(change.load()) == 3


def test_a_file_that_is_indexed_meanwhile_is_looked_at_before_the_change(change, album):
    change.look_at("anna.jpg")
    change.look_at("bert.jpg")
    album.add("carl.jpg", face())
    assert change.switch() is None
    change.look_at("carl.jpg")
    assert change.switch() == 4


def test_a_file_that_is_indexed_again_is_looked_at_again(change, album):
    change.look_at("anna.jpg")
    change.look_at("bert.jpg")
    album.write(album.files["anna.jpg"], face(), face(300))
    assert change.reembedding.unclaimed(change.dataset, NEW, "embed") == [album.files["anna.jpg"]]
    assert change.switch() is None


def test_a_file_that_is_not_as_it_was_when_it_was_looked_at_is_left_for_another_look(change, album):
    before = change.reembedding.faces(album.files["anna.jpg"])
    found = [NewEmbedding(each.id, vector(0.0, 1.0), 0.9) for each in before]
    assert not change.reembedding.put(album.files["anna.jpg"], "2", NEW, found, {})
    assert not change.reembedding.put(album.files["anna.jpg"], VERSION, NEW, found[:1], {})
    album.delete("bert.jpg")
    assert not change.reembedding.put(album.files["bert.jpg"], VERSION, NEW, [], {})
    assert change.reembedding.put(album.files["anna.jpg"], VERSION, NEW, found, {})


def test_files_at_which_somebody_works_are_not_given_out_again(change, catalog, album):
    catalog.jobs.put("embed", dataset_id=change.dataset, file_id=album.files["anna.jpg"])
    assert change.reembedding.unclaimed(change.dataset, NEW, "embed") == [album.files["bert.jpg"]]
    job = catalog.jobs.claim("here", ["embed"], 60)
    assert change.reembedding.unclaimed(change.dataset, NEW, "embed") == [album.files["bert.jpg"]]
    catalog.jobs.finish(job)
    assert len(change.reembedding.unclaimed(change.dataset, NEW, "embed")) == 2


def test_faces_that_cannot_be_seen_are_counted_and_stay_with_their_people(change, catalog, album):
    who = album.found("anna.jpg", "bert.jpg")
    change.fail_at("anna.jpg", "It is gone.")
    change.look_at("bert.jpg")
    missing = change.reembedding.missing(change.dataset, NEW)
    assert (missing.figures, missing.files) == (2, 1)
    assert (missing.uri, missing.reason) == (album.uri("anna.jpg"), "It is gone.")
    assert change.switch() == 1
    assert len(change.load()) == 1
    assert catalog.clusters.get_many(album.dataset, [who])[0].face_count == 3
    assert catalog.files.row(album.files["anna.jpg"]).model == MODEL  # so that indexing looks at it again
    assert catalog.files.row(album.files["bert.jpg"]).model == NEW


def test_what_could_not_be_seen_is_tried_again_and_the_rest_kept(change, album):
    change.fail_at("anna.jpg")
    change.look_at("bert.jpg")
    change.reembedding.retry_missing(change.dataset)
    assert change.reembedding.missing(change.dataset, NEW) is None
    assert change.reembedding.unclaimed(change.dataset, NEW, "embed") == [album.files["anna.jpg"]]


def test_a_change_that_is_given_up_leaves_nothing_behind(change, catalog_url):
    change.look_at("anna.jpg")
    change.reembedding.forget(change.dataset)
    assert len(change.reembedding.unclaimed(change.dataset, NEW, "embed")) == 2
    assert len(change.load(MODEL)) == 3


def test_embeddings_of_a_third_model_do_not_get_in(change):
    change.look_at("anna.jpg", model="another")
    change.look_at("bert.jpg")
    assert change.switch() is None
    change.look_at("anna.jpg")
    assert change.switch() == 3


def test_deleting_a_file_takes_its_new_embeddings_along(change, catalog, album):
    change.look_at("anna.jpg")
    album.delete("anna.jpg", "bert.jpg")
    catalog.datasets.delete(album.dataset.project_id, album.dataset.name)
    catalog.datasets.create(album.dataset.project_id, "next")
    with catalog._database.reading() as connection:
        assert connection.execute(select(schema.new_embeddings)).all() == []
