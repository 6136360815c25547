"""Videos are indexed: their facts, their scenes, and of each person in a scene a few faces."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from tests.film import drawn, film, moved, photo, song
from tests.index.test_pipeline import Album
from vultus.catalog import Catalog
from vultus.index.reembed import Reembedder
from vultus.model import Figure, File, InputFile
from vultus.storage.storage import Storage

MODEL = "pair-192"
HAMILTON = "facerecog_examples__examples__short_hamilton_clip.mp4"


@pytest.fixture
def album(tmp_path, analyser):
    album = Album(tmp_path, analyser)
    yield album
    album.catalog.close()


@pytest.fixture(scope="module")
def obama(samples):
    return photo(samples / "obama.jpg", 240, 240)


@pytest.fixture(scope="module")
def biden(samples):
    return photo(samples / "biden.jpg", 240, 240, top=0.0)


def index(album: Album, data: bytes, name: str = "film.mp4") -> File:
    (album.root / name).write_bytes(data)
    return album.index(name)


def frames(catalog: Catalog, dataset_id: int) -> list[int]:
    return [int(photo >> 32) for photo in catalog.figures.load(dataset_id, MODEL).photo]


def box(figure: Figure) -> tuple[int, int, int, int]:
    boundary = figure.boundary
    return boundary.left, boundary.top, boundary.width, boundary.height


@pytest.mark.proves("File.VideoWidth VideoHeight Duration", "SceneElement.TimeRange FrameTimes")
def test_a_face_that_moves_is_one_person_in_few_figures(album, obama):
    file = index(album, film(moved(obama, 4 * n, 480, 320) for n in range(60)))
    assert (file.object_status, file.media_type, file.content_type) == ("Indexed", "video", "video/mp4")
    assert (file.video_width, file.video_height, file.duration) == (480, 320, 6.0)
    assert 2 <= file.figure_count <= 3
    [scene] = file.scene_elements
    assert scene.time_range == [0, 6000]
    assert scene.frame_times == [0, 1000, 2000, 3000, 4000, 5000]
    # Each box lies where the face was at the time of its frame.
    shown = frames(album.catalog, album.dataset.id)
    assert set(shown) <= set(scene.frame_times)
    starts = [box(figure)[0] - 4 * time // 100 for figure, time in zip(file.figures, shown, strict=True)]
    assert max(starts) - min(starts) <= 8


def test_the_time_that_faces_take_is_not_that_of_the_video(album, obama):
    """A video with crowds is looked at for long; only what takes too long for one frame hangs."""
    allowed: list[float] = []

    @contextmanager
    def within(seconds: float) -> Iterator[None]:
        allowed.append(seconds)
        yield

    album.indexer = replace(album.indexer, within=within)
    file = index(album, film([obama] * 30))
    media = album.indexer.settings.media
    [scene] = file.scene_elements
    to_tell_what_it_is, *rest = allowed
    assert to_tell_what_it_is == media.seconds
    assert rest == [media.video_seconds + media.seconds, *(media.seconds for _ in scene.frame_times)]
    assert len(scene.frame_times) == 3
    allowed.clear()
    look = Reembedder(album.catalog, album.indexer.storage, album.indexer).look(1, MODEL)
    assert allowed == [media.video_seconds + media.seconds, *(media.seconds for _ in look.found)]


def test_two_people_in_a_frame_are_two(album, obama, biden):
    both = np.hstack([obama, biden])
    file = index(album, film([both] * 30))
    faces = album.catalog.figures.load(album.dataset.id, MODEL)
    left = np.array([box(figure)[0] < 240 for figure in file.figures])
    assert 1 <= left.sum() <= 3
    assert 1 <= (~left).sum() <= 3
    alike = faces.embedding @ faces.embedding.T
    assert alike[np.ix_(left, left)].min() > 0.8
    assert alike[np.ix_(left, ~left)].max() < 0.4
    assert sorted(set(faces.photo[left])) == sorted(set(faces.photo[~left]))  # of one frame, and known to be


def test_each_scene_has_its_faces(album, obama, biden):
    file = index(album, film([*[obama] * 25, *[biden] * 25]))
    assert [scene.time_range[0] for scene in file.scene_elements] == [0, file.scene_elements[0].time_range[1]]
    assert abs(file.scene_elements[1].time_range[0] - 2500) <= 200
    assert file.scene_elements[1].time_range[1] == 5000
    faces = album.catalog.figures.load(album.dataset.id, MODEL).embedding
    assert (faces @ faces[0])[-1] < 0.4


def test_boxes_are_those_of_the_upright_frame(album, obama):
    lying = np.ascontiguousarray(np.rot90(moved(obama, 100, 480, 320), -1))
    file = index(album, film([lying] * 10, turn=90))
    assert (file.video_width, file.video_height) == (480, 320)
    [stream] = file.video_streams
    assert (stream.width, stream.height, stream.rotate) == (320, 480, "270")
    [figure] = file.figures
    left, top, width, height = box(figure)
    assert 100 < left < left + width < 340
    assert 0 <= top < top + height < 240


def test_a_film_without_faces_is_indexed_without_figures(album):
    file = index(album, film([drawn(seed // 20, 320, 240) for seed in range(40)]))
    assert (file.object_status, file.figure_count, len(file.scene_elements)) == ("Indexed", 0, 2)


def test_what_is_only_heard_is_audio(album):
    file = index(album, song())
    assert (file.object_status, file.media_type, file.figure_count) == ("Indexed", "audio", 0)
    assert 1 <= file.duration < 1.1
    assert file.audio_streams[0].sample_rate == 44100


def test_a_film_that_is_cut_short_fails_with_a_reason(album, obama):
    file = index(album, film([obama] * 60)[:-200])
    assert file.object_status == "Failed"
    assert file.reason == "[InvalidArgument] The video is cut short or damaged: its container cannot be read."


def test_faces_keep_their_ids_when_a_film_is_indexed_anew(album, obama):
    data = film(moved(obama, 4 * n, 480, 320) for n in range(40))
    first = index(album, data)
    (album.root / "film.mp4").unlink()
    again = index(album, data)
    assert album.looked == 2
    assert [each.figure_id for each in again.figures] == [each.figure_id for each in first.figures]


def test_each_frame_tells_how_far_the_film_is(album, obama):
    (album.root / "film.mp4").write_bytes(film([obama] * 60))
    [file_id] = album.catalog.files.submit(album.dataset, [InputFile(uri="oss://album/film.mp4")])
    told: list[float] = []
    album.indexer.index(album.catalog.files.begin(file_id), lambda: None, told.append)
    assert told == pytest.approx([second / 6 for second in range(6)])


def test_a_film_that_is_broken_off_leaves_nothing_and_can_be_begun_again(album, obama):
    class Enough(Exception):
        pass

    def stop(share: float) -> None:
        if share > 0.4:
            raise Enough

    (album.root / "film.mp4").write_bytes(film([obama] * 60))
    [file_id] = album.catalog.files.submit(album.dataset, [InputFile(uri="oss://album/film.mp4")])
    with pytest.raises(Enough):
        album.indexer.index(album.catalog.files.begin(file_id), lambda: None, stop)
    assert len(album.catalog.figures.load(album.dataset.id, MODEL)) == 0
    assert album.index("film.mp4").object_status == "Indexed"


def test_a_person_of_films_and_photos_counts_both(album, obama):
    index(album, film([obama] * 30), "one.mp4")
    index(album, film([obama] * 30), "two.mp4")
    faces = album.catalog.figures.load(album.dataset.id, MODEL)
    album.catalog.clusters.apply(album.dataset.id, [], [[(int(row), 0.9) for row in faces.id]], [])
    [cluster] = album.catalog.clusters.query(album.dataset).clusters
    assert (cluster.image_count, cluster.video_count, cluster.face_count) == (0, 2, len(faces))
    assert cluster.face_count > 2


def test_a_large_film_is_read_where_a_large_file_is_not(album, obama):
    data = film([obama] * 20)
    settings = album.indexer.settings
    settings.media.max_bytes = len(data) // 2
    assert index(album, data).object_status == "Indexed"
    assert "more than" in index(album, bytes(len(data)), "file.bin").reason
    settings.media.max_video_bytes = len(data) - 1
    assert "more than" in index(album, data, "again.mp4").reason


def test_a_template_of_ones_own_for_images_leaves_films_alone(tmp_path, analyser, obama):
    album = Album(tmp_path, analyser, "mine")
    album.indexer.settings.templates = {"mine": ["exif", "faces"]}
    file = index(album, film([obama] * 5))
    assert (file.object_status, file.figure_count, album.looked) == ("Indexed", 0, 0)
    album.catalog.close()


def test_another_model_finds_the_faces_of_a_film_again(album, obama, biden):
    index(album, film([*[obama] * 15, *[biden] * 15]))
    [file_id] = {int(photo) % 2**32 for photo in album.catalog.figures.load(album.dataset.id, MODEL).photo}
    before = album.catalog.figures.load(album.dataset.id, MODEL)
    storage = Storage(album.indexer.settings)
    look = Reembedder(album.catalog, storage, album.indexer).look(file_id, MODEL)
    assert not look.missing
    found = {each.figure: np.frombuffer(each.embedding, "<f2") for each in look.found}
    assert found.keys() == set(before.id.tolist())
    for row, embedding in zip(before.id.tolist(), before.embedding, strict=True):
        assert np.allclose(found[row], embedding, atol=1e-3)


@pytest.mark.parametrize("name", ["again", "bird", "book"])
def test_who_signs_is_few_figures(album, data, name):
    file = index(album, (data / "media" / f"intel-videos__asl_gestures__{name}.mkv").read_bytes(), f"{name}.mkv")
    faces = album.catalog.figures.load(album.dataset.id, MODEL)
    good = faces.quality > 0.7
    assert file.object_status == "Indexed"
    assert 1 <= good.sum() <= 3


def test_who_talks_is_few_figures_a_scene(album, data):
    file = index(album, (data / "media" / HAMILTON).read_bytes())
    faces = album.catalog.figures.load(album.dataset.id, MODEL)
    starts = [scene.time_range[0] for scene in file.scene_elements]
    assert np.allclose(starts, [0, 1510, 3590, 7890], atol=100)
    speaker = faces.embedding[faces.quality.argmax()]
    his = (faces.embedding @ speaker > 0.35) & (faces.photo >> 32 >= starts[2])
    assert 1 <= his.sum() <= 3
