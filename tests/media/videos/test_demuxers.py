"""Each kind of sound and video that is known has a demuxer, and none is guessed."""

import io

import av
import pytest

from tests.media.made import MADE, has_encoder
from vultus.media.kind import HEAD, sniff
from vultus.media.signature import BRANDS, SIGNATURES, SUFFIXES
from vultus.media.unreadable import UnreadableMedia
from vultus.media.videos.demuxers import BELIEVED, DEMUXERS, TRUE_TO_LENGTH, demuxer_of

KNOWN = {*SUFFIXES.values(), *BRANDS.values(), *(content_type for _, _, content_type in SIGNATURES)}
UNREAD = {"audio/midi"}  # notes, no sound


def test_ffmpeg_has_every_demuxer():
    assert set(DEMUXERS.values()) <= av.formats_available
    assert TRUE_TO_LENGTH < BELIEVED <= {*DEMUXERS.values()}


def test_every_sound_and_video_that_is_told_can_be_opened():
    told = {each for each in KNOWN if each.startswith(("audio/", "video/"))} - UNREAD - {"video/mpeg"}
    assert told <= DEMUXERS.keys()


@pytest.mark.parametrize("name", MADE)
def test_a_file_is_opened_for_what_it_holds_whatever_it_is_called(name):
    make, encoder = MADE[name]
    if not has_encoder(encoder):
        pytest.skip(f"this FFmpeg has no encoder {encoder}")
    data = make()
    content_type = sniff(data[:HEAD], "file.txt").content_type
    with av.open(io.BytesIO(data), format=demuxer_of(io.BytesIO(data), content_type)) as container:
        assert len(container.streams) > 0


@pytest.mark.parametrize(("head", "demuxer"), [(b"\0\0\1\xba\x44", "mpeg"), (b"\0\0\1\xb3\x14", "mpegvideo")])
def test_mpeg_is_told_from_a_bare_stream_of_pictures(head, demuxer):
    assert demuxer_of(io.BytesIO(head), "video/mpeg") == demuxer


@pytest.mark.parametrize(("content_type", "noun"), [("audio/midi", "sound"), ("application/vnd.rn-realmedia", "video")])
def test_what_is_not_read_is_called_by_its_name(content_type, noun):
    with pytest.raises(UnreadableMedia, match=f"not a {noun} of a format that is read"):
        demuxer_of(io.BytesIO(b""), content_type)
