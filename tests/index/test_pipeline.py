"""Indexing a file gives its record and its figures, or a reason."""

import shutil
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from vultus.catalog import Catalog
from vultus.config import Bucket, Settings
from vultus.index.pipeline import Indexer
from vultus.index.watch import unwatched
from vultus.model import File, InputFile
from vultus.storage.storage import Storage
from vultus.vision.analyser import FaceAnalyser


class Album:
    """A dataset over a folder, and the indexer for it."""

    def __init__(self, root: Path, analyser: FaceAnalyser, template: str = "") -> None:
        self.root = root / "bucket"
        self.root.mkdir()
        settings = Settings(home=root, buckets={"album": Bucket(options={"root": str(self.root)}, projects=["p"])})
        self.catalog = Catalog(f"sqlite:///{root / 'vultus.db'}")
        self.catalog.migrate()
        self.catalog.account.ensure()
        project = self.catalog.projects.create("p", template_id=template)
        self.dataset = self.catalog.datasets.create(project.id, "d")
        self.looked = 0
        self._analyser = analyser
        self.indexer = Indexer(settings, self.catalog, Storage(settings), self._look)

    def _look(self, model: str) -> FaceAnalyser:
        self.looked += 1
        return self._analyser

    def index(self, key: str) -> File:
        uri = f"oss://album/{key}"
        [file_id] = self.catalog.files.submit(self.dataset, [InputFile(uri=uri)])
        finished: list[int] = []
        self.indexer.index(self.catalog.files.begin(file_id), lambda: finished.append(file_id))
        assert finished == [file_id]
        [document] = self.catalog.files.get_many(self.dataset, [uri])
        return msgspec.json.decode(document, type=File)


@pytest.fixture
def album(tmp_path, analyser):
    album = Album(tmp_path, analyser)
    yield album
    album.catalog.close()


@pytest.mark.proves("File.ObjectStatus ImageWidth ImageHeight Figures FigureCount")
def test_a_photo_becomes_a_record_with_its_faces(album, sample_face):
    shutil.copy(sample_face, album.root / "one.jpg")
    file = album.index("one.jpg")
    with Image.open(sample_face) as picture:
        width, height = picture.size
    assert (file.object_status, file.media_type, file.content_type) == ("Indexed", "image", "image/jpeg")
    assert (file.image_width, file.image_height) == (width, height)
    assert file.size == sample_face.stat().st_size
    assert file.figure_count == len(file.figures) == 1
    face = file.figures[0]
    assert face.figure_type == "face"
    assert face.figure_cluster_id == "figure-cluster-id-unavailable"
    assert 0.8 < face.figure_confidence <= 1
    box = face.boundary
    assert 0 <= box.left < box.left + box.width <= width
    assert 0 <= box.top < box.top + box.height <= height


@pytest.mark.parametrize(
    ("content", "reason"), [(b"\xff\xd8\xff\xe0 broken", "cut short"), (b"", "empty"), (None, "does not exist")]
)
@pytest.mark.proves("File.ObjectStatus Reason")
def test_what_cannot_be_read_fails_with_a_reason(album, content, reason):
    if content is not None:
        (album.root / "bad.jpg").write_bytes(content)
    file = album.index("bad.jpg")
    assert file.object_status == "Failed"
    assert file.reason.startswith("[InvalidArgument] ")
    assert reason in file.reason


def test_a_file_without_pictures_is_indexed_without_figures(album):
    (album.root / "notes.txt").write_text("nobody here")
    file = album.index("notes.txt")
    assert (file.object_status, file.media_type) == ("Indexed", "document")
    assert file.figure_count == 0


def test_an_object_that_did_not_change_is_not_read_again(album, sample_face):
    shutil.copy(sample_face, album.root / "one.jpg")
    first = album.index("one.jpg")
    again = album.index("one.jpg")
    assert album.looked == 1
    assert again.figures == first.figures


@pytest.mark.proves("Figure.FigureId")
def test_an_object_that_changed_is_read_again_and_the_face_keeps_its_id(album, sample_face):
    picture = Image.open(sample_face).convert("RGB")
    picture.save(album.root / "one.jpg", quality=90)
    first = album.index("one.jpg")
    picture.save(album.root / "one.jpg", quality=70)
    again = album.index("one.jpg")
    assert album.looked == 2
    assert again.size != first.size
    assert [each.figure_id for each in again.figures] == [each.figure_id for each in first.figures]


def test_a_template_without_steps_reads_nothing(tmp_path, analyser):
    album = Album(tmp_path, analyser, template="Official:DefaultEmptyId")
    file = album.index("never-there.jpg")
    assert file.object_status == "Indexed"
    assert album.looked == 0
    album.catalog.close()


def test_a_file_is_read_again_when_its_template_asks_for_more(tmp_path, analyser, sample_face):
    album = Album(tmp_path, analyser, template="Official:OSSBasicMeta")
    shutil.copy(sample_face, album.root / "one.jpg")
    assert album.index("one.jpg").figure_count == 0
    album.catalog.projects.update("p", template_id="Official:FaceManagement")
    album.indexer._orders.clear()  # as if the seconds had passed until a changed template is noticed
    assert album.index("one.jpg").figure_count == 1
    album.index("one.jpg")
    assert album.looked == 1
    album.catalog.close()


@pytest.mark.parametrize("template", ["Official:OSSBasicMeta", "Official:DefaultEmptyId"])
def test_a_template_that_looks_for_no_faces_takes_none_away(album, sample_face, template):
    """One word on the command line, and all that was ever said of people would be gone."""
    shutil.copy(sample_face, album.root / "one.jpg")
    [face] = album.index("one.jpg").figures
    person = album.catalog.figures.move(album.dataset, [face.figure_id], None)
    for each in (template, "Official:FaceManagement"):
        album.catalog.projects.update("p", template_id=each)
        album.indexer._orders.clear()
        [kept] = album.index("one.jpg").figures
        assert (kept.figure_id, kept.figure_cluster_id) == (face.figure_id, person)
    assert album.catalog.files.row(1).model == album.catalog.datasets.by_id(album.dataset.id).model


def test_what_is_no_photo_any_more_has_no_face_whatever_is_looked_for(album, sample_face):
    shutil.copy(sample_face, album.root / "one.jpg")
    album.index("one.jpg")
    album.catalog.projects.update("p", template_id="Official:OSSBasicMeta")
    album.indexer._orders.clear()
    (album.root / "one.jpg").write_text("two words")
    assert album.index("one.jpg").figure_count == 0


def test_a_photo_without_steps_for_faces_is_read_once(tmp_path, analyser, sample_face):
    album = Album(tmp_path, analyser)
    shutil.copy(sample_face, album.root / "one.jpg")
    album.index("one.jpg")
    album.catalog.projects.update("p", template_id="Official:OSSBasicMeta")
    album.indexer._orders.clear()
    album.index("one.jpg")
    row = album.catalog.files.row(1)
    assert album.indexer._read(row, album.indexer._order(row.dataset_id), unwatched) is None
    album.catalog.close()


def test_a_photo_that_cannot_be_read_for_a_while_keeps_its_face(album, sample_face):
    photo = album.root / "one.jpg"
    shutil.copy(sample_face, photo)
    [face] = album.index("one.jpg").figures
    whole = photo.read_bytes()
    photo.write_bytes(whole[: len(whole) // 2])
    broken = album.index("one.jpg")
    assert (broken.object_status, broken.figure_count) == ("Failed", 1)
    assert "cut short" in broken.reason
    photo.unlink()
    assert album.index("one.jpg").figure_count == 1
    photo.write_bytes(whole)
    mended = album.index("one.jpg")
    assert (mended.object_status, [each.figure_id for each in mended.figures]) == ("Indexed", [face.figure_id])


def test_a_template_that_the_settings_have_lost_is_no_fault_of_the_files_that_are_known(
    tmp_path, analyser, sample_face
):
    album = Album(tmp_path, analyser, "mine")
    album.indexer.settings.templates["mine"] = ["faces"]
    shutil.copy(sample_face, album.root / "one.jpg")
    before = album.index("one.jpg")
    album.indexer.settings.templates.clear()
    album.indexer._orders.clear()
    shutil.copy(sample_face, album.root / "two.jpg")
    (album.root / "one.jpg").write_bytes(b"changed")
    after, new = album.index("one.jpg"), album.index("two.jpg")
    assert (after.object_status, len(after.figures)) == ("Indexed", 1)
    assert after.figures == before.figures
    assert (new.object_status, new.reason.partition(";")[0]) == (
        "Failed",
        "[InvalidConfiguration] TemplateId mine is not known",
    )
    album.catalog.close()
