"""What the streams of a file say that it is: containers of films hold songs as well, and no name is a proof."""

from typing import IO

from vultus.config import Media
from vultus.media.kind import HEAD, Kind, sniff
from vultus.media.unreadable import UnreadableMedia
from vultus.media.videos.video import Video, pictures_of

#: Content types of containers that are called otherwise where nothing moves in them: by that, and back.
HEARD = {
    "video/3gpp": "audio/3gpp",
    "video/3gpp2": "audio/3gpp2",
    "video/mp4": "audio/mp4",
    "video/ogg": "audio/ogg",
    "video/webm": "audio/webm",
    "video/x-matroska": "audio/x-matroska",
    "video/x-ms-wmv": "audio/x-ms-wma",
}
SEEN = {heard: seen for seen, heard in HEARD.items()}


def kind_of(file: IO[bytes], name: str, limits: Media) -> Kind:
    """Tell what a file is by its content; a film and a song of one container by whether there is a moving picture.

    The cover of a song is none. A file whose container cannot be opened is what it looks like.

    Args:
        file: can seek; is left at its beginning.
        name: file name or key.
        limits: what is read, at most.
    """
    file.seek(0)
    kind = sniff(file.read(HEAD), name)
    if kind.media_type == "video" or kind.content_type in SEEN:
        kind = _by_streams(file, kind, limits)
    file.seek(0)
    return kind


def _by_streams(file: IO[bytes], kind: Kind, limits: Media) -> Kind:
    try:
        with Video(file, kind.content_type, limits).opened() as container:
            shown, heard = pictures_of(container) is not None, len(container.streams.audio) > 0
    except UnreadableMedia:
        return kind
    if shown:
        return Kind("video", SEEN.get(kind.content_type, kind.content_type))
    if heard:
        return Kind("audio", HEARD.get(kind.content_type, kind.content_type))
    return kind
