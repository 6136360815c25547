"""Notes are whole, or it is said that they are not."""

import io
import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.media.kind import sniff
from vultus.media.notes import NOTES, check_notes
from vultus.media.unreadable import UnreadableMedia

TRACK = bytes.fromhex("00903c40 60803c00 00ff2f00".replace(" ", ""))  # middle C for a beat, and the end


def midi(tracks: int = 2, *, said: int | None = None, between: bytes = b"") -> bytes:
    """A file with so many tracks, which says that it has so many."""
    head = b"MThd" + struct.pack(">IHHH", 6, 1, tracks if said is None else said, 96)
    return head + between + (b"MTrk" + struct.pack(">I", len(TRACK)) + TRACK) * tracks


def test_whole_notes_are_whole():
    assert sniff(midi(), "a").content_type == NOTES
    check_notes(io.BytesIO(midi()))
    check_notes(io.BytesIO(midi(between=b"XFIH\0\0\0\3abc")))  # a chunk of a maker's own
    check_notes(io.BytesIO(midi(tracks=0)))


@given(st.integers(4, len(midi()) - 1))
def test_notes_that_are_cut_short_say_so(length):
    with pytest.raises(UnreadableMedia, match="cut short"):
        check_notes(io.BytesIO(midi()[:length]))


def test_a_track_that_is_missing_is_missed():
    with pytest.raises(UnreadableMedia, match="1 of 3 tracks are whole"):
        check_notes(io.BytesIO(midi(1, said=3)))


@given(st.binary(max_size=200))
def test_damaged_notes_are_read_or_said_to_be_damaged(data):
    with suppress(UnreadableMedia):
        check_notes(io.BytesIO(b"MThd" + data))
