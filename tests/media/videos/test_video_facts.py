"""What a container says of itself, in IMM's words."""

import io
from pathlib import Path

import av
import pytest
from msgspec import UNSET

from tests.film import drawn, film
from vultus.media.videos.video_facts import describe_container
from vultus.model import File


def told(data: bytes, orientation: int = 1, tags: dict[str, str] | None = None) -> File:
    document = File()
    if tags:
        data = tagged(data, tags)
    with av.open(io.BytesIO(data)) as container:
        describe_container(document, container, orientation)
    return document


def tagged(data: bytes, tags: dict[str, str]) -> bytes:
    target = io.BytesIO()
    options = {"movflags": "use_metadata_tags"}
    with av.open(io.BytesIO(data)) as source, av.open(target, "w", format="mov", options=options) as container:
        container.metadata.update(tags)
        stream = container.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                container.mux(packet)
    return target.getvalue()


def test_streams_are_described():
    file = told(film([drawn(1)] * 20, sound=True), orientation=6)
    assert (file.duration, file.stream_count, file.start_time) == (2.0, 2, 0.0)
    assert "mp4" in str(file.format_name)
    [picture] = file.video_streams
    [sound] = file.audio_streams
    assert (picture.index, picture.codec_name, picture.width, picture.height) == (0, "mpeg4", 160, 90)
    assert (picture.average_frame_rate, picture.frame_count, picture.rotate) == ("10/1", 20, "90")
    assert (sound.index, sound.codec_name, sound.sample_rate, sound.channels) == (1, "aac", 44100, 2)
    assert file.subtitles is UNSET


def test_a_tag_that_is_no_text_is_a_number():
    [sound] = told(film([drawn(1)] * 5, kind="avi", sound=True)).audio_streams
    assert (sound.codec_name, sound.codec_tag, sound.codec_tag_string) == ("aac", "0x00ff", "[255][0][0][0]")


def test_a_codec_without_a_tag_has_none():
    [picture] = told(film([drawn(1)] * 5, kind="matroska")).video_streams
    assert (picture.codec_name, picture.codec_tag, picture.codec_tag_string) == ("mpeg4", UNSET, UNSET)


@pytest.mark.parametrize(
    ("tags", "made"),
    [
        ({"creation_time": "2024-05-06T07:08:09.000000Z"}, "2024-05-06T07:08:09Z"),
        ({"com.apple.quicktime.creationdate": "2024-05-06T09:08:09+0200"}, "2024-05-06T09:08:09+02:00"),
        ({"com.apple.quicktime.creationdate": "yesterday"}, UNSET),
        ({"creation_time": "1970-01-01T00:00:00.000000Z"}, UNSET),
        ({}, UNSET),
    ],
)
def test_the_time_is_told_where_it_is_a_moment(tags, made):
    assert told(film([drawn(1)] * 2), tags=tags).produce_time == made


@pytest.mark.parametrize(
    ("place", "lat_long"),
    [
        ("+52.4597+013.3220+051.178/", "52.459700,13.322000"),
        ("-33.8568+151.2153/", "-33.856800,151.215300"),
        ("+00.0000+000.0000/", UNSET),
        ("+99.0000+000.0000/", UNSET),
        ("at home", UNSET),
    ],
)
def test_the_place_is_told_where_it_is_one(place, lat_long):
    tags = {"com.apple.quicktime.location.ISO6709": place}
    assert told(film([drawn(1)] * 2), tags=tags).lat_long == lat_long


def test_a_phone_tells_when_and_where(data: Path):
    file = told((data / "media" / "photoprism-videos__pkg__media__video__testdata__quicktime-hvc1.mov").read_bytes())
    assert (file.produce_time, file.lat_long) == ("2023-09-22T18:34:05+02:00", "52.459700,13.322000")
