"""Subtitles: what is said in them."""

from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.media.videos.subtitles import drawn_sizes, read_texts, text_tracks
from vultus.media.videos.track_header import track_sizes


@step(media={"video", "audio"}, needs={"subtitles", "stream_count"}, gives={"subtitles"})
def subtitles(subject: Subject) -> None:
    """Read the subtitles that are text, and tell how large the others are drawn."""
    described = subject.document.subtitles
    if not described:
        return
    shown = track_sizes(subject.file) if str(subject.document.format_name).startswith("mov,") else {}
    with subject.video.opened() as opened:  # which reads the file itself from here on
        sizes, tracks = drawn_sizes(opened), text_tracks(opened)
        sizes |= {track.index: shown[track.id] for track in opened.streams.subtitles if track.id in shown}
        texts = read_texts(opened, tracks) if tracks else {}
    for track in described:
        if (text := texts.get(track.index or 0)) is not None:
            track.content = text
        if size := sizes.get(track.index or 0):
            track.width, track.height = size
