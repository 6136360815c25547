"""Looking at a picture finds what indexing finds, within its limits, and keeps nothing."""

import shutil
from pathlib import Path

import pytest

from vultus.config import Bucket, Media, Settings
from vultus.index.onlooker import Onlooker
from vultus.media.unreadable import UnreadableMedia
from vultus.storage.object import ObjectMissing, ObjectTooLarge
from vultus.storage.storage import Storage
from vultus.storage.uri import ObjectURI


@pytest.fixture
def onlooker(tmp_path: Path, analyser, sample_face: Path) -> Onlooker:
    """Looks at a bucket of one photo and some other files."""
    shutil.copy(sample_face, tmp_path / "face.jpg")
    (tmp_path / "face.mp4").write_bytes(sample_face.read_bytes())
    (tmp_path / "sound").write_bytes(b"ID3\x03\0\0\0\0\0\0" * 10)
    (tmp_path / "page.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "cut.jpg").write_bytes(sample_face.read_bytes()[:2000])
    settings = Settings(buckets={"album": Bucket(options={"root": str(tmp_path)})})
    return Onlooker(Media(), Storage(settings), analyser)


def test_a_face_has_what_an_indexed_one_has(onlooker):
    (face,) = onlooker.faces(ObjectURI("album", "face.jpg"))
    assert face.figure.figure_type == "face"
    assert face.figure.boundary.width > 75
    assert face.figure.face_quality == face.quality > 0.8
    assert len(face.embedding) == 2 * 192


def test_content_counts_and_not_the_name(onlooker):
    assert onlooker.faces(ObjectURI("album", "face.mp4")) == onlooker.faces(ObjectURI("album", "face.jpg"))


@pytest.mark.parametrize(("key", "kind"), [("sound", "audio"), ("page.pdf", "document")])
def test_what_is_no_image_is_refused_by_its_kind(onlooker, key, kind):
    with pytest.raises(UnreadableMedia, match=f"of the kind {kind}; faces are looked for in images"):
        onlooker.faces(ObjectURI("album", key))


def test_what_is_not_there_or_not_whole_is_refused(onlooker):
    with pytest.raises(ObjectMissing):
        onlooker.faces(ObjectURI("album", "none.jpg"))
    with pytest.raises(UnreadableMedia):
        onlooker.faces(ObjectURI("album", "cut.jpg"))


def test_what_is_larger_than_the_limit_is_not_read(onlooker):
    small = Onlooker(Media(max_bytes=100), onlooker.storage, onlooker.analyser)
    with pytest.raises(ObjectTooLarge):
        small.faces(ObjectURI("album", "face.jpg"))
