"""Codecs are called by their own names, not by those of who decodes them."""

import io
import os

import av
import pytest
from av.codec.codec import Codec, UnknownCodecError

from tests.media.made import MADE, has_encoder
from vultus.media.videos.codec_name import LONG_NAMES, codec_long_name, codec_name


@pytest.mark.parametrize(
    ("file", "name", "long_name"),
    [
        ("mp3.mp3", "mp3", "MP3 (MPEG audio layer 3)"),
        ("opus.opus", "opus", "Opus (Opus Interactive Audio Codec)"),
        ("hdr-av1.mp4", "av1", "Alliance for Open Media AV1"),
        ("hdr.mp4", "hevc", "H.265 / HEVC (High Efficiency Video Coding)"),
    ],
)
def test_a_codec_has_its_own_name(file, name, long_name):
    make, encoder = MADE[file]
    if not has_encoder(encoder):
        pytest.skip(f"this FFmpeg has no encoder {encoder}")
    with av.open(io.BytesIO(make())) as container:
        context = container.streams[0].codec_context
        assert (codec_name(context), codec_long_name(context)) == (name, long_name)


def test_only_names_that_some_decoder_changes_are_listed():
    decoders = [Codec(name, "r") for name in av.codecs_available if is_decoder(name)]
    for name, long_name in LONG_NAMES.items():
        assert {each.long_name for each in decoders if each.canonical_name == name} - {long_name}


def is_decoder(name: str) -> bool:
    try:
        return Codec(name, "r").is_decoder
    except UnknownCodecError:
        return False


def test_making_a_film_leaves_this_process_an_ordinary_one():
    for make, encoder in MADE.values():
        if has_encoder(encoder):
            make()
    assert os.sched_getscheduler(0) == os.SCHED_OTHER
