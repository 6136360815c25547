"""Another model looks at the faces that are known of a file."""

import shutil

import numpy as np
import pytest
from PIL import Image

from tests.film import film, photo
from vultus.catalog import Catalog
from vultus.config import Bucket, Faces, Settings
from vultus.index.pipeline import Indexer
from vultus.index.reembed import Reembedder
from vultus.model import InputFile
from vultus.storage.storage import Storage
from vultus.vision.analyser import FaceAnalyser

LIGHT, PAIR = "mobilefacenet-192", "pair-192"


class Album:
    """A dataset of the light model over a folder, and what looks at it again."""

    def __init__(self, root, analysers) -> None:
        self.root = root / "bucket"
        self.root.mkdir()
        buckets = {"album": Bucket(options={"root": str(self.root)}, projects=["p"])}
        settings = Settings(home=root, buckets=buckets, faces=Faces(profile=LIGHT))
        self.catalog = Catalog(f"sqlite:///{root / 'vultus.db'}")
        self.catalog.migrate()
        self.catalog.account.ensure()
        self.dataset = self.catalog.datasets.create(self.catalog.projects.create("p").id, "d")
        storage = Storage(settings)
        self.indexer = Indexer(settings, self.catalog, storage, analysers.__getitem__)
        self.reembedder = Reembedder(self.catalog, storage, self.indexer)

    def index(self, key: str) -> int:
        [file_id] = self.catalog.files.submit(self.dataset, [InputFile(uri=f"oss://album/{key}")])
        self.indexer.index(self.catalog.files.begin(file_id), lambda: None)
        return file_id

    def embeddings(self, model: str) -> np.ndarray:
        return self.catalog.figures.load(self.dataset.id, model).embedding

    def change(self, file_id: int, model: str) -> None:
        look = self.reembedder.look(file_id, model)
        assert self.catalog.reembedding.put(file_id, look.version, model, look.found, look.missing)
        assert self.catalog.reembedding.switch(self.dataset.id, model) is not None


@pytest.fixture(scope="module")
def analysers(models):
    return {model: FaceAnalyser(models, Faces(), model) for model in (LIGHT, PAIR)}


@pytest.fixture
def album(tmp_path, analysers):
    album = Album(tmp_path, analysers)
    yield album
    album.catalog.close()


@pytest.fixture
def group(data):
    """A photo of several people."""
    return data / "groups-friends6" / "all (10).jpg"


def test_a_dataset_has_the_model_of_the_settings_when_it_was_first_indexed(album, sample_face):
    shutil.copy(sample_face, album.root / "one.jpg")
    album.index("one.jpg")
    assert album.catalog.datasets.by_id(album.dataset.id).model == LIGHT
    album.indexer.settings.faces.profile = PAIR
    shutil.copy(sample_face, album.root / "two.jpg")
    assert album.catalog.files.row(album.index("two.jpg")).model == LIGHT
    assert len(album.embeddings(LIGHT)) == 2


def test_the_faces_of_a_film_that_is_called_a_song_are_found_again(album, sample_face):
    data = film([photo(sample_face, 320, 400)] * 10)
    (album.root / "song.m4a").write_bytes(data[:8] + b"M4A " + data[12:])
    album.change(album.index("song.m4a"), PAIR)
    assert len(album.embeddings(PAIR)) == 1


def test_faces_get_the_embedding_that_indexing_anew_would_give(album, sample_face, tmp_path, analysers):
    shutil.copy(sample_face, album.root / "one.jpg")
    file_id = album.index("one.jpg")
    before = album.catalog.reembedding.faces(file_id)
    album.change(file_id, PAIR)
    assert album.catalog.reembedding.faces(file_id) == before
    changed = album.embeddings(PAIR)
    album.catalog.files.delete(album.dataset, ["oss://album/one.jpg"])
    album.index("one.jpg")
    assert (album.embeddings(PAIR) == changed).all()
    assert len(album.embeddings(LIGHT)) == 0


def test_a_face_that_the_detector_passes_by_is_looked_at_where_it_is_known_to_be(album, sample_face, analysers):
    shutil.copy(sample_face, album.root / "one.jpg")
    file_id = album.index("one.jpg")
    plain = album.reembedder.look(file_id, PAIR).found
    found = analysers[PAIR].detector.detect
    analysers[PAIR].detector.detect = lambda pixels: found(np.zeros_like(pixels))
    try:
        again = album.reembedder.look(file_id, PAIR)
    finally:
        del analysers[PAIR].detector.detect
    assert not again.missing
    one, other = (np.frombuffer(look[0].embedding, "<f2").astype(float) for look in (plain, again.found))
    assert one @ other > 0.97


def test_a_file_that_has_changed_is_indexed_anew_first(album, sample_face):
    with Image.open(sample_face) as picture:
        picture.convert("RGB").save(album.root / "one.jpg", quality=90)
        file_id = album.index("one.jpg")
        before = album.catalog.files.row(file_id).version
        picture.convert("RGB").save(album.root / "one.jpg", quality=70)
    [face] = album.catalog.reembedding.faces(file_id)
    look = album.reembedder.look(file_id, PAIR)
    assert [each.figure for each in look.found] == [face.id]
    assert look.version == album.catalog.files.row(file_id).version != before


@pytest.mark.parametrize(("content", "reason"), [(None, "does not exist"), (b"\xff\xd8\xff\xe0 broken", "cut short")])
def test_a_file_that_cannot_be_read_keeps_its_faces_and_says_why(album, sample_face, content, reason):
    shutil.copy(sample_face, album.root / "one.jpg")
    file_id = album.index("one.jpg")
    (album.root / "one.jpg").unlink()
    if content is not None:
        (album.root / "one.jpg").write_bytes(content)
    [face] = album.catalog.reembedding.faces(file_id)
    look = album.reembedder.look(file_id, PAIR)
    assert not look.found
    assert reason in look.missing[face.id]
    assert album.catalog.files.row(file_id).status == "Indexed"
    assert len(album.embeddings(LIGHT)) == 1


def test_a_file_is_read_again_when_its_dataset_changed_the_model_while_it_was_indexed(album, sample_face):
    shutil.copy(sample_face, album.root / "one.jpg")
    shutil.copy(sample_face, album.root / "two.jpg")
    first = album.index("one.jpg")  # the indexer remembers the model of the dataset for some seconds
    look = album.reembedder.look(first, PAIR)
    assert album.catalog.reembedding.put(first, look.version, PAIR, look.found, look.missing)
    assert album.catalog.reembedding.switch(album.dataset.id, PAIR) == 1
    assert album.catalog.files.row(album.index("two.jpg")).model == PAIR
    assert len(album.embeddings(PAIR)) == 2


def test_all_faces_of_a_group_are_found_again(album, group):
    shutil.copy(group, album.root / "group.jpg")
    file_id = album.index("group.jpg")
    faces = album.catalog.reembedding.faces(file_id)
    look = album.reembedder.look(file_id, PAIR)
    assert len(faces) > 1
    assert [each.figure for each in look.found] == [face.id for face in faces]
