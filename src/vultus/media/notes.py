"""Notes: a MIDI file tells an instrument what to play, and holds no sound itself (Standard MIDI Files 1.0)."""

from typing import IO

from vultus.media.unreadable import UnreadableMedia

NOTES = "audio/midi"  # the content type
HEADER, TRACK = b"MThd", b"MTrk"
SHORTEST = 6  # bytes of a header: format, number of tracks, length of a beat


def check_notes(file: IO[bytes]) -> None:
    """See that a MIDI file has all the tracks that it says it has, whole. Chunks that nobody knows are passed over.

    Args:
        file: can seek; is left anywhere.

    Raises:
        UnreadableMedia: it is cut short or damaged.
    """
    file.seek(0, 2)
    end = file.tell()
    file.seek(0)
    head = file.read(8 + SHORTEST)
    length = int.from_bytes(head[4:8])
    if len(head) < 8 + SHORTEST or head[:4] != HEADER or length < SHORTEST:
        raise UnreadableMedia("The notes are cut short or damaged: their header cannot be read.")
    expected, found, at = int.from_bytes(head[10:12]), 0, 8 + length
    while found < expected:
        file.seek(at)
        chunk = file.read(8)
        at += 8 + int.from_bytes(chunk[4:])
        if len(chunk) < 8 or at > end:
            raise UnreadableMedia(f"The notes are cut short: {found} of {expected} tracks are whole.")
        found += chunk[:4] == TRACK
