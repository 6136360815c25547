"""A film is told from a song by what is in it, not by what it is called."""

import io
import tempfile
from fractions import Fraction

import av
import pytest

from tests.film import drawn, film, song
from tests.media.made import cover, has_encoder, silence, sound
from vultus.config import Media
from vultus.media.videos.stream_kind import HEARD, kind_of


def kind(data: bytes, name: str) -> tuple[str, str]:
    found = kind_of(io.BytesIO(data), name, Media())
    return found.media_type, found.content_type


def branded(data: bytes, brand: bytes) -> bytes:
    """An MP4 that says of itself that it is of another brand."""
    assert data[4:8] == b"ftyp"
    return data[:8] + brand + data[12:]


def ogg(codec: str) -> bytes:
    """A second of pictures in Ogg, with sound."""
    if not has_encoder(codec):
        pytest.skip(f"this FFmpeg has no encoder {codec}")
    with tempfile.NamedTemporaryFile() as file:
        with av.open(file.name, "w", format="ogg") as container:
            shown = container.add_stream(codec, rate=10)
            shown.width, shown.height, shown.pix_fmt = 160, 96, "yuv420p"
            heard = container.add_stream("libopus", rate=48000)
            container.start_encoding()
            for seed in range(10):
                frame = av.VideoFrame.from_ndarray(drawn(seed, 160, 96), format="rgb24")
                frame.pts, frame.time_base = seed, Fraction(1, 10)
                container.mux(shown.encode(frame))
            container.mux(shown.encode(None))
            tone = silence(heard.codec_context.format.name, 48000, 1.0)
            container.mux([*heard.encode(tone), *heard.encode(None)])
        return file.read()


def muted(kind: str) -> bytes:
    """Pictures without a sound."""
    return film([drawn(1)] * 10, kind=kind)


@pytest.mark.parametrize("name", ["film.m4a", "film.m4b", "film.mp3", "film.mp4", "film"])
def test_a_film_in_mp4_is_a_video_whatever_it_is_called(name):
    assert kind(film([drawn(1)] * 10, sound=True), name) == ("video", "video/mp4")
    assert kind(branded(muted("mp4"), b"M4A "), name) == ("video", "video/mp4")


@pytest.mark.parametrize("name", ["film.mka", "film.weba", "film.mp3", "film.mkv"])
def test_a_film_in_matroska_is_a_video_whatever_it_is_called(name):
    assert kind(muted("matroska"), name) == ("video", "video/x-matroska")


@pytest.mark.parametrize("codec", ["libtheora", "libvpx"])
@pytest.mark.parametrize("name", ["film.ogg", "film.oga", "film.mp3"])
def test_a_film_in_ogg_is_a_video_whatever_it_is_called(codec, name):
    assert kind(ogg(codec), name) == ("video", "video/ogg")


@pytest.mark.parametrize("name", ["song.mp4", "song.m4a", "song.mov", "song"])
def test_a_song_in_mp4_is_a_sound_whatever_it_is_called(name):
    assert kind(song(), name) == ("audio", "audio/mp4")
    assert kind(branded(song(), b"3gp5"), name) == ("audio", "audio/3gpp")


@pytest.mark.parametrize(
    ("container", "codec", "content_type"),
    [
        ("webm", "libopus", "audio/webm"),
        ("matroska", "aac", "audio/x-matroska"),
        ("ogg", "libopus", "audio/ogg"),
        ("asf", "wmav2", "audio/x-ms-wma"),
    ],
)
@pytest.mark.parametrize("ending", ["webm", "mkv", "mka", "ogv", "wmv", "mp3"])
def test_a_song_is_a_sound_whatever_its_container_and_its_name(container, codec, content_type, ending):
    assert kind(sound(container, codec), f"song.{ending}") == ("audio", content_type)


@pytest.mark.parametrize("name", ["song.m4a", "song.mp4"])
def test_the_cover_of_a_song_is_no_moving_picture(name):
    assert kind(sound("mp4", "aac", picture=cover()), name) == ("audio", "audio/mp4")


def test_a_song_in_a_container_that_has_no_other_name_is_a_sound_all_the_same():
    assert kind(sound("mov", "aac"), "song.mov") == ("audio", "video/quicktime")


def test_what_cannot_be_opened_is_what_it_looks_like():
    whole = film([drawn(1)] * 10)
    assert kind(whole[:100], "film.mp4") == ("video", "video/mp4")
    assert kind(whole[:100], "film.m4a") == ("audio", "audio/mp4")
    assert kind(b"MThd\0\0\0\6\0\1\0\1\0\x60", "song.mid") == ("audio", "audio/midi")


def test_each_of_two_names_of_a_container_is_of_its_kind():
    assert all(seen.startswith("video/") and heard.startswith("audio/") for seen, heard in HEARD.items())
    assert len(set(HEARD.values())) == len(HEARD)
