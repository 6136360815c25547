"""Subtitles: what their tracks say, and how large the pictures of others are."""

import re
from collections.abc import Iterator

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle

from vultus.media.wording import lines_of

MOST_LETTERS = 200_000  # of a track; the subtitles of a film of three hours have half of that
MOST_TRACKS = 32  # of a file that are read
MOST_IN_ALL = 1_000_000  # letters of a file, shared out among its tracks: they are a part of its record
FIELDS_OF_EVENT = 8  # commas before the text of an event, as FFmpeg gives all subtitles: in ASS
STYLE = re.compile(r"\{[^{}]*\}")  # how ASS writes where a text stands and what it looks like
ESCAPES = (("\\N", "\n"), ("\\n", "\n"), ("\\h", " "))
DVD_SIZE = re.compile(rb"size:\s*(\d{2,5})x(\d{2,5})")
DVD = "dvd_subtitle"


def text_tracks(container: InputContainer) -> list[SubtitleStream]:
    """Return the subtitles of a container that are text."""
    tracks = (track for track in container.streams.subtitles if track.codec_context)
    return [track for track in tracks if track.codec_context.codec.text_sub][:MOST_TRACKS]


def read_texts(container: InputContainer, tracks: list[SubtitleStream]) -> dict[int, str]:
    """Read what tracks say, without marks of style; the same words twice in a row count once.

    Args:
        container: opened, at its beginning; it is left at its end.
        tracks: of it, see ``text_tracks``.

    Returns:
        Texts by index of stream, each event on lines of its own.
    """
    wanted = {track.index for track in tracks}
    for stream in container.streams:
        if stream.index not in wanted:
            stream.discard = Discard.all
    said: dict[int, list[str]] = {index: [] for index in wanted}
    most = min(MOST_LETTERS, MOST_IN_ALL // max(len(wanted), 1))
    room = dict.fromkeys(wanted, most)
    for packet in _packets(container, tracks):
        index = packet.stream.index
        for text in _texts(packet) if room[index] > 0 else ():
            if said[index][-1:] != [text]:
                said[index].append(text)
                room[index] -= len(text) + 1
        if max(room.values()) <= 0:
            break
    return {index: lines_of("\n".join(texts), most) for index, texts in said.items() if texts}


def drawn_sizes(container: InputContainer) -> dict[int, tuple[int, int]]:
    """Return widths and heights, in pixels, of the pictures that subtitles are drawn on, by index of stream."""
    contexts = ((track.index, track.codec_context) for track in container.streams.subtitles if track.codec_context)
    return {
        index: (int(size[1]), int(size[2]))
        for index, context in contexts
        if context.codec.canonical_name == DVD and (size := DVD_SIZE.search(context.extradata or b""))
    }


def _packets(container: InputContainer, tracks: list[SubtitleStream]) -> Iterator["Packet[SubtitleStream]"]:
    try:
        yield from container.demux(tuple(tracks))
    except av.FFmpegError:
        return


def _texts(packet: "Packet[SubtitleStream]") -> Iterator[str]:
    if not packet.size:
        return
    try:
        events = packet.decode()
    except av.FFmpegError:
        return
    for event in events:
        if isinstance(event, AssSubtitle) and (text := plain(event.ass.decode("utf-8", "replace"))):
            yield text


def plain(event: str) -> str:
    r"""Return the words of an event of ASS.

    >>> plain(r"0,0,Default,,0,0,0,,{\i1}Good{\i0}\Nmorning, {\an8}all")
    'Good\nmorning, all'
    """
    text = STYLE.sub("", event.split(",", FIELDS_OF_EVENT)[-1])
    for mark, meaning in ESCAPES:
        text = text.replace(mark, meaning)
    return text.strip()
