"""Subtitles are read without their style."""

import io

import av
import pytest

from tests.media.made import SRT, many_tracks
from vultus.media.videos.subtitles import MOST_LETTERS, MOST_TRACKS, drawn_sizes, plain, read_texts, text_tracks


def read(data: bytes, kind: str | None = None) -> dict[int, str]:
    with av.open(io.BytesIO(data), format=kind) as container:
        return read_texts(container, text_tracks(container))


def srt(*texts: str) -> bytes:
    events = (f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{text}\n" for n, text in enumerate(texts, 1))
    return "\n".join(events).encode()


def test_each_track_is_read():
    assert read(many_tracks()) == {3: "Good morning\nGood\nnight", 4: "早上好\n各位\n晚安, 再见"}


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (r"0,0,Default,,0,0,0,,Hello", "Hello"),
        (r"0,0,Default,,0,0,0,,one, two,, three", "one, two,, three"),
        (r"0,0,Default,,0,0,0,,{\an8\i1}one\Ntwo\hthree{\i0}", "one\ntwo three"),
        (r"0,0,Default,,0,0,0,,{\p1}{never closed", "{never closed"),
        ("", ""),
    ],
)
def test_style_is_no_text(event, text):
    assert plain(event) == text


def test_what_is_said_twice_in_a_row_counts_once():
    assert read(srt("one", "one", "two", "one"), "srt") == {0: "one\ntwo\none"}


def test_endless_subtitles_are_cut():
    [text] = read(srt(*(f"{n} " + "word " * 20_000 for n in range(12)), "the end"), "srt").values()
    assert MOST_LETTERS - 10 <= len(text) <= MOST_LETTERS


def test_what_is_no_text_does_not_get_through():
    assert read(srt("o\x07ne", "two", "three").replace(b"two", b"t\xffo"), "srt") == {0: "one\nthree"}


def test_no_more_tracks_are_read_than_may_be():
    target = io.BytesIO()
    with (
        av.open(io.BytesIO(SRT.encode()), format="srt") as source,
        av.open(target, "w", format="matroska") as container,
    ):
        template = source.streams.subtitles[0]
        tracks = [container.add_stream_from_template(template) for _ in range(MOST_TRACKS + 8)]
        for packet in source.demux(template):
            for track in tracks if packet.dts is not None else ():
                packet.stream = track
                container.mux(packet)
    assert len(read(target.getvalue())) == MOST_TRACKS


def test_drawn_subtitles_tell_their_size():
    target = io.BytesIO()
    with av.open(target, "w", format="matroska") as container:
        stream = container.add_stream("dvdsub")
        packet = av.Packet(bytes(8))
        packet.stream, packet.pts, packet.dts, packet.duration = stream, 0, 0, 1000
        container.mux(packet)
    data = target.getvalue()
    assert b"palette: " in data
    with av.open(io.BytesIO(data.replace(b"palette: 000000", b"size: 720x576\n#", 1))) as container:
        assert drawn_sizes(container) == {0: (720, 576)}
        assert text_tracks(container) == []
