"""Sounds are indexed: what they tell goes into their records, and what is broken fails."""

import pytest

from tests.index.test_pipeline import Album
from tests.media.made import MADE, TAGS
from vultus.model import File


@pytest.fixture
def album(tmp_path, analyser):
    album = Album(tmp_path, analyser)
    yield album
    album.catalog.close()


def index(album: Album, data: bytes, name: str) -> File:
    (album.root / name).write_bytes(data)
    return album.index(name)


def test_a_song_is_indexed_and_nobody_looks_for_faces_in_it(album):
    file = index(album, MADE["mp3.mp3"][0](), "song.mp3")
    assert (file.object_status, file.media_type, file.content_type) == ("Indexed", "audio", "audio/mpeg")
    assert (file.title, file.artist, file.language, file.duration) == (TAGS["title"], TAGS["artist"], "de", 1.0)
    assert (file.figure_count, album.looked) == (0, 0)


def test_a_song_that_is_broken_fails_with_a_reason(album):
    data = MADE["alac.m4a"][0]()
    file = index(album, data[: len(data) // 2], "song.m4a")
    assert file.object_status == "Failed"
    assert file.reason == "[InvalidArgument] The sound is cut short or damaged: its container cannot be read."


def test_a_song_has_its_cover_where_the_template_says_so(tmp_path, analyser):
    album = Album(tmp_path, analyser, "Official:AllFunction")
    file = index(album, MADE["flac.flac"][0](), "song.flac")
    album.catalog.close()
    assert file.object_status == "Indexed"
    [cover] = file.audio_covers
    assert (cover.image_width, cover.image_height) == (120, 80)
    assert len(cover.cropping_suggestions) == 5
