"""Covers of songs are found, wherever they are kept."""

import io

import av
import pytest
from PIL import Image

from tests.media.made import MADE, cover, id3, sound
from vultus.config import Media
from vultus.media.videos.covers import MOST_BYTES, MOST_COVERS, covers_of
from vultus.media.videos.video import Video


def covers(data: bytes) -> list[bytes]:
    with av.open(io.BytesIO(data)) as container:
        return covers_of(container)


@pytest.mark.parametrize("name", ["mp3.mp3", "flac.flac", "m4a.m4a", "vorbis.ogg", "old-vorbis.ogg", "wav.wav"])
def test_a_song_has_its_cover(name):
    [file] = covers(MADE[name][0]())
    assert Image.open(io.BytesIO(file)).size == (120, 80)


@pytest.mark.parametrize("name", ["aac.aac", "turned.mp4", "tracks.mkv"])
def test_what_is_no_cover_is_none(name):
    assert covers(MADE[name][0]()) == []


def test_no_more_covers_are_taken_than_may_be():
    files = [cover(width=40 + 2 * n) for n in range(MOST_COVERS + 3)]
    data = b""
    for file in reversed(files):
        data = id3({"APIC": b"\0image/jpeg\0\3\0" + file})[10:] + data
    whole = b"ID3\3\0\0" + bytes(len(data) >> shift & 127 for shift in (21, 14, 7, 0)) + data
    found = covers(whole + sound("mp3", "libmp3lame", options={"id3v2_version": "0"}))
    assert found == files[:MOST_COVERS]


def test_a_cover_that_is_too_large_is_left_out(monkeypatch):
    monkeypatch.setattr("vultus.media.videos.covers.MOST_BYTES", 100)
    assert MOST_BYTES > 2**20
    assert covers(MADE["mp3.mp3"][0]()) == []


def test_a_bomb_is_not_decoded_on_the_way():
    target = io.BytesIO()
    Image.new("L", (12_000, 12_000)).save(target, "GIF")  # some kilobytes that FFmpeg would make 600 megabytes of
    data = id3({"APIC": b"\0image/gif\0\3\0" + target.getvalue()}) + sound("mp3", "libmp3lame")
    with Video(io.BytesIO(data), "audio/mpeg", Media()).opened() as container:
        [art] = container.streams.video
        assert art.codec_context.width == 0  # it was not looked into
        assert covers_of(container) == [target.getvalue()]
