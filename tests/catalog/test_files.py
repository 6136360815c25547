import threading

import pytest

from tests.catalog.conftest import MODEL, face
from vultus.catalog import IndexedFile
from vultus.errors import LimitExceeded, ResourceNotFound
from vultus.model import FigureCluster, File, InputFile


def uri(name):
    return f"oss://bucket/{name}"


def inputs(*names, **said):
    return [InputFile(uri=uri(name), **said) for name in names]


def test_submitted_files_wait_and_a_job_waits_for_each(catalog, dataset):
    ids = catalog.files.submit(dataset, inputs("a", "b"))
    assert [catalog.files.row(each).uri for each in ids] == [uri("a"), uri("b")]
    assert {catalog.files.row(each).status for each in ids} == {"Pending"}
    claimed = [catalog.jobs.claim("worker", ["index"], 60) for _ in ids]
    assert [job.file_id for job in claimed] == ids
    assert catalog.jobs.claim("worker", ["index"], 60) is None


def test_a_file_submitted_twice_is_one_file_with_one_job(catalog, dataset):
    [first] = catalog.files.submit(dataset, inputs("a"))
    assert catalog.files.submit(dataset, inputs("b", "a", "b")) == [first + 1, first, first + 1]
    assert catalog.files.counts(dataset.id).pending == 2
    assert catalog.jobs.counts().queued == 2


def test_a_file_submitted_while_it_is_indexed_is_indexed_again(catalog, dataset):
    catalog.files.submit(dataset, inputs("a"))
    job = catalog.jobs.claim("worker", ["index"], 60)
    catalog.files.submit(dataset, inputs("a"))
    catalog.jobs.finish(job)
    assert catalog.jobs.claim("worker", ["index"], 60).file_id == job.file_id


def test_files_may_be_submitted_while_others_delete_them(catalog, dataset):
    names = "abcdefgh"
    wrong = []

    def submit():
        for _ in range(10):
            ids = catalog.files.submit(dataset, inputs(*names))
            wrong.extend(each for each in ids if not isinstance(each, int))

    def delete():
        for _ in range(10):
            catalog.files.delete(dataset, map(uri, reversed(names)))

    threads = [threading.Thread(target=work) for work in (submit, delete, submit, delete)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(catalog.files.submit(dataset, inputs(*names))) == catalog.jobs.counts().queued == 8


def test_a_job_carries_what_it_was_submitted_with(catalog, dataset):
    catalog.files.submit(dataset, inputs("a"), payload={"event": 1})
    assert catalog.jobs.claim("worker", ["index"], 60).payload == {"event": 1}


def test_a_dataset_takes_no_more_files_than_it_may(catalog, dataset):
    small = catalog.datasets.create(dataset.project_id, "small", dataset_max_file_count=2)
    catalog.files.submit(dataset, inputs("x", "y", "z"))
    catalog.files.submit(small, inputs("a", "b"))
    with pytest.raises(LimitExceeded, match="holds 2 files and may hold 2; 1 more"):
        catalog.files.submit(small, inputs("a", "c"))
    assert catalog.files.counts(small.id).pending == 2
    catalog.files.submit(small, inputs("a", "b"))
    catalog.files.delete(small, [uri("a")])
    catalog.files.submit(small, inputs("c"))


def test_nothing_goes_into_a_dataset_that_is_gone(catalog, dataset):
    catalog.datasets.delete(dataset.project_id, "dataset")
    with pytest.raises(ResourceNotFound, match="dataset"):
        catalog.files.submit(dataset, inputs("a"))


def test_callers_that_submit_the_same_files_at_once_share_them(catalog, dataset):
    answers = []

    def submit():
        answers.append(catalog.files.submit(dataset, inputs(*"abcdefgh")))

    threads = [threading.Thread(target=submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [answers[0]] * 4
    assert catalog.jobs.counts().queued == 8


def test_a_file_goes_from_pending_through_indexing_to_indexed(catalog, dataset):
    [file_id] = catalog.files.submit(dataset, inputs("a"))
    assert catalog.files.begin(file_id).status == "Pending"
    assert catalog.files.row(file_id).status == "Indexing"
    document = File(media_type="image", size=12)
    catalog.files.write(file_id, IndexedFile(document=document, version="v1", model=MODEL, faces=[face()]))
    row = catalog.files.row(file_id)
    assert (row.status, row.version, row.model, row.media_type, row.size) == ("Indexed", "v1", MODEL, "image", 12)
    counts = catalog.files.counts(dataset.id)
    assert (counts.pending, counts.indexing, counts.indexed, counts.failed) == (0, 0, 1, 0)


def test_files_are_read_by_their_uris_and_by_their_rows(catalog, dataset):
    names = [f"n{number}" for number in range(1100)]
    ids = catalog.files.submit(dataset, inputs(*names))
    found = catalog.files.by_uri(dataset, [uri(name) for name in [*names, "unheard-of"]])
    assert {row.id: row.uri for row in found} == dict(zip(ids, map(uri, names), strict=True))
    catalog.files.delete(dataset, [uri("n7")])
    assert {row.id for row in catalog.files.by_id(ids)} == set(ids) - {ids[7]}
    assert catalog.files.by_uri(dataset, []) == catalog.files.by_id([]) == []


def test_a_file_that_cannot_be_indexed_says_why(catalog, album, decode):
    [file_id] = catalog.files.submit(album.dataset, inputs("a", title="said"))
    catalog.files.fail(file_id, "Not an image.")
    row = catalog.files.row(file_id)
    assert (row.status, row.reason, row.version, row.media_type) == ("Failed", "Not an image.", "", "")
    [document] = decode(catalog.files.get_many(album.dataset, [uri("a")]))
    assert (document.title, document.reason) == ("said", "Not an image.")


def test_a_file_that_cannot_be_read_any_more_keeps_its_faces_and_its_people(catalog, album, decode):
    """Half copied, or on a disk that is out of reach: nobody loses people by that."""
    file_id = album.add("a", face(), title="found", image_width=640)
    anna = album.found("a")
    catalog.clusters.update(album.dataset, FigureCluster(object_id=anna, name="Anna"))
    catalog.files.submit(album.dataset, inputs("a", title="said"))
    catalog.files.fail(file_id, "Not an image.")
    assert (catalog.files.row(file_id).status, catalog.files.row(file_id).reason) == ("Failed", "Not an image.")
    [document] = decode(catalog.files.get_many(album.dataset, [uri("a")]))
    assert (document.title, document.image_width, document.figure_count) == ("said", 640, 1)
    person = catalog.clusters.get(album.dataset, anna)
    assert (person.name, person.face_count) == ("Anna", 1)
    album.write(album.files["a"], face())
    assert (catalog.files.row(album.files["a"]).status, catalog.files.row(album.files["a"]).reason) == ("Indexed", "")


def test_an_unchanged_object_keeps_its_faces_and_takes_what_the_caller_says_now(catalog, album, decode):
    file_id = album.add("a", face(), face(300), image_width=640)
    faces = album.faces_of("a")
    catalog.files.submit(album.dataset, inputs("a", title="new"))
    catalog.files.begin(file_id)
    catalog.files.keep(file_id)
    [document] = decode(catalog.files.get_many(album.dataset, [uri("a")]))
    assert (document.title, document.image_width, document.object_status) == ("new", 640, "Indexed")
    assert album.faces_of("a") == faces


def test_a_file_that_is_gone_is_not_written(catalog, album):
    file_id = album.add("a")
    album.delete("a")
    indexed = IndexedFile(document=File(), version="", model=MODEL, faces=[])
    for call in (
        catalog.files.row,
        catalog.files.begin,
        catalog.files.keep,
        lambda each: catalog.files.fail(each, "gone"),
        lambda each: catalog.files.write(each, indexed),
    ):
        with pytest.raises(ResourceNotFound, match="file"):
            call(file_id)


def test_deleting_files_takes_their_faces_and_empty_clusters(catalog, album):
    for name in "abcd":
        album.add(name, face())
    pair, single = album.found("a", "b"), album.found("c")
    assert album.delete("a", "c", "c", "never") == 2
    assert catalog.clusters.get(album.dataset, pair).face_count == 1
    with pytest.raises(ResourceNotFound):
        catalog.clusters.get(album.dataset, single)
    assert album.delete("b", "d") == 2
    assert album.clusters() == []
    assert catalog.files.counts(album.dataset.id).indexed == 0


def test_the_row_of_a_deleted_file_is_not_given_again(catalog, dataset):
    [first] = catalog.files.submit(dataset, inputs("a"))
    catalog.files.delete(dataset, [uri("a")])
    [second] = catalog.files.submit(dataset, inputs("a"))
    assert second > first


def test_many_files_go_in_and_out_at_once(catalog, dataset):
    names = [f"{number}.jpg" for number in range(1234)]
    ids = catalog.files.submit(dataset, inputs(*names))
    assert len(set(ids)) == 1234
    assert len(catalog.files.get_many(dataset, map(uri, names))) == 1234
    assert catalog.files.delete(dataset, map(uri, names)) == 1234
    assert catalog.jobs.counts().queued == 0
