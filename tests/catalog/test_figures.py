import threading

import numpy as np
import pytest

from tests.catalog.conftest import MODEL, face
from vultus.catalog import IndexedFile
from vultus.model import Figure, File, InputFile


def figures(catalog, album, decode, name="a"):
    [document] = decode(catalog.files.get_many(album.dataset, [album.uri(name)]))
    return document.figures


def test_faces_come_as_arrays_in_the_order_of_their_rows(catalog, album):
    first = album.add(
        "a", face(vector=(1, 0, 0, 0)), face(300, side=50, quality=0.5, yaw=-12.5, vector=(0, 0.6, 0.8, 0))
    )
    second = album.add("b", face(vector=(0, 0, 0, 1)))
    faces = catalog.figures.load(album.dataset.id, MODEL)
    assert len(faces) == 3
    assert faces.id.tolist() == sorted(faces.id.tolist())
    assert faces.photo.tolist() == [first, first, second]
    np.testing.assert_allclose(faces.embedding, [[1, 0, 0, 0], [0, 0.6, 0.8, 0], [0, 0, 0, 1]], atol=1e-3)
    assert faces.embedding.dtype == faces.quality.dtype == faces.pose.dtype == np.float32
    assert faces.side.tolist() == [100, 50, 100]
    np.testing.assert_allclose(faces.quality, [0.9, 0.5, 0.9])
    np.testing.assert_allclose(faces.pose, [[0, 0, 0], [0, 0, -12.5], [0, 0, 0]])
    assert faces.cluster.tolist() == [-1, -1, -1]
    assert faces.clustered.tolist() == [False, False, False]


def test_a_dataset_without_faces_gives_empty_arrays(catalog, album):
    faces = catalog.figures.load(album.dataset.id, MODEL)
    assert (len(faces), faces.pose.shape, faces.embedding.ndim) == (0, (0, 3), 2)


def test_faces_of_another_model_or_dataset_stay_apart(catalog, album):
    file_id = album.add("a", face())
    other = catalog.datasets.create(album.dataset.project_id, "other")
    [elsewhere] = catalog.files.submit(other, [InputFile(uri=album.uri("a"))])
    newer = IndexedFile(document=File(), version="1", model="newer-4", faces=[face()])
    catalog.files.write(elsewhere, newer)
    assert catalog.figures.load(album.dataset.id, MODEL).photo.tolist() == [file_id]
    assert catalog.figures.load(other.id, "newer-4").photo.tolist() == [elsewhere]
    assert len(catalog.figures.load(other.id, MODEL)) == 0


def test_loaded_faces_know_their_clusters(catalog, album):
    album.add("a", face(), face(300))
    [first, second] = album.faces_of("a")
    applied = catalog.clusters.apply(album.dataset.id, [], [[(first, 0.9)]], [second])
    faces = catalog.figures.load(album.dataset.id, MODEL)
    assert faces.cluster.tolist() == [*applied.touched, -1]
    assert faces.clustered.tolist() == [True, True]


def test_a_face_found_again_stays_who_it_was(catalog, album, decode):
    file_id = album.add("a", face(0), face(300))
    cluster = album.found("a")
    before = figures(catalog, album, decode)
    album.write(file_id, face(310, quality=0.95), face(5, yaw=3.0))
    after = figures(catalog, album, decode)
    assert [figure.figure_id for figure in after] == [figure.figure_id for figure in before]
    assert [figure.boundary.left for figure in after] == [5, 310]
    assert {figure.figure_cluster_id for figure in after} == {cluster}
    assert catalog.clusters.get(album.dataset, cluster).face_count == 2


def test_a_face_that_moved_away_is_another_face(catalog, album, decode):
    file_id = album.add("a", face(0), face(300))
    cluster = album.found("a")
    before = figures(catalog, album, decode)
    album.write(file_id, face(0), face(460))
    after = figures(catalog, album, decode)
    assert after[0].figure_id == before[0].figure_id
    assert after[1].figure_id != before[1].figure_id
    assert catalog.clusters.get(album.dataset, cluster).face_count == 1


@pytest.mark.parametrize(("vector", "looked_at"), [((1, 0, 0, 0), True), ((0, 1, 0, 0), False)])
def test_a_face_that_fitted_nowhere_is_looked_at_again_when_it_looks_different(catalog, album, vector, looked_at):
    file_id = album.add("a", face(vector=(1, 0, 0, 0)))
    catalog.clusters.apply(album.dataset.id, [], [], album.faces_of("a"))
    album.write(file_id, face(vector=vector))
    assert catalog.figures.load(album.dataset.id, MODEL).clustered.tolist() == [looked_at]


def test_ids_that_indexing_makes_up_are_not_kept(catalog, album, decode):
    album.add("a", face(figure_id="mine", figure_cluster_id="Cluster-mine", figure_cluster_confidence=1.0))
    [figure] = figures(catalog, album, decode)
    assert figure.figure_id != "mine"
    assert figure.figure_cluster_id == "figure-cluster-id-unavailable"


def test_a_face_must_say_where_it_is(catalog, album):
    nowhere = IndexedFile(document=File(), version="1", model=MODEL, faces=[face()])
    nowhere.faces[0] = type(face())(
        **{name: getattr(face(), name) for name in face().__struct_fields__} | {"figure": Figure()}
    )
    with pytest.raises(ValueError, match="boundary"):
        catalog.files.write(album.add("a"), nowhere)


def test_counts_agree_when_a_face_joins_a_cluster_while_its_file_is_deleted(catalog, album):
    """The deletion waits for the run, and then sees the cluster that the run put the face into."""
    for name in ("a.jpg", "b.jpg", "c.jpg", "late.jpg"):
        album.add(name, face())
    album.found("a.jpg", "b.jpg", "c.jpg")
    [late] = album.faces_of("late.jpg")
    faces = catalog.figures.load(album.dataset.id, MODEL)
    cluster = int(faces.cluster.max())
    waiting = threading.Thread(target=album.delete, args=("late.jpg",))
    with catalog.transaction():
        catalog.clusters.apply(album.dataset.id, [(late, cluster, 0.9)], [], [late])
        waiting.start()
        waiting.join(0.5)  # on either engine it waits now
        assert waiting.is_alive()
    waiting.join()
    [person] = catalog.clusters.query(album.dataset).clusters
    assert (person.face_count, person.image_count) == (3, 3)


def test_each_frame_of_a_film_is_a_photo_of_its_own(catalog, album):
    photo = album.add("a", face())
    film = album.add("b", face(frame=0), face(300, frame=0), face(frame=1000), face(frame=7_200_000))
    first, *frames = catalog.figures.load(album.dataset.id, MODEL).photo.tolist()
    assert first == photo
    assert frames[0] == frames[1] == film
    assert len({first, *frames}) == 4


def test_a_face_of_a_film_found_anew_takes_after_that_of_the_same_frame(catalog, album, decode):
    album.add("a", face(0, frame=1000), face(0, frame=2000, vector=(0, 1, 0, 0)))
    before = figures(catalog, album, decode)
    album.add("a", face(2, frame=2000, vector=(0, 1, 0, 0)), face(2, frame=3000))
    after = figures(catalog, album, decode)
    assert before[1].figure_id in {each.figure_id for each in after}
    assert before[0].figure_id not in {each.figure_id for each in after}
