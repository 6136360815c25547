"""Sounds are indexed: what they tell goes into their records, and what is broken fails."""

import pytest
from msgspec import UNSET

from tests.film import film, photo
from tests.index.test_pipeline import Album
from tests.media.made import MADE, TAGS
from tests.media.test_notes import midi
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


def test_the_faces_of_a_film_that_is_called_a_song_are_found(album, sample_face):
    data = film([photo(sample_face, 320, 400)] * 10, sound=True)
    file = index(album, data[:8] + b"M4A " + data[12:], "film.m4a")
    assert (file.object_status, file.media_type, file.content_type) == ("Indexed", "video", "video/mp4")
    assert (file.figure_count, album.looked) == (1, 1)


def test_the_faces_of_a_film_that_is_called_a_song_are_kept_where_nobody_looks_for_faces(album, sample_face):
    data = film([photo(sample_face, 320, 400)] * 10)
    assert index(album, data, "film.m4a").figure_count == 1
    album.catalog.projects.update("p", template_id="Official:OSSBasicMeta")
    album.indexer._orders.clear()
    kept = album.index("film.m4a")
    assert (kept.media_type, kept.content_type, kept.figure_count) == ("video", "video/mp4", 1)


@pytest.mark.parametrize("template", ["", "Official:OSSBasicMeta", "Official:AllFunction"])
def test_notes_are_indexed_as_a_sound_without_streams(tmp_path, analyser, template):
    album = Album(tmp_path, analyser, template)
    file = index(album, midi(), "song.mid")
    album.catalog.close()
    assert (file.object_status, file.media_type, file.content_type) == ("Indexed", "audio", "audio/midi")
    assert (file.audio_streams, file.duration, file.figure_count) == (UNSET, UNSET, 0)


def test_notes_that_are_cut_short_fail_with_a_reason(album):
    file = index(album, midi()[:-3], "song.mid")
    assert (file.object_status, file.reason) == (
        "Failed",
        "[InvalidArgument] The notes are cut short: 1 of 2 tracks are whole.",
    )
