"""Demuxers: which part of FFmpeg opens which file. They are named, never guessed: some would open other files."""

from typing import IO

from vultus.media.unreadable import UnreadableMedia

#: Demuxers by content type.
DEMUXERS = {
    "audio/3gpp": "mov",
    "audio/3gpp2": "mov",
    "audio/aac": "aac",
    "audio/aiff": "aiff",
    "audio/amr": "amr",
    "audio/basic": "au",
    "audio/flac": "flac",
    "audio/mp4": "mov",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/webm": "matroska",
    "audio/x-ape": "ape",
    "audio/x-caf": "caf",
    "audio/x-dsf": "dsf",
    "audio/x-matroska": "matroska",
    "audio/x-ms-wma": "asf",
    "audio/x-tta": "tta",
    "audio/x-wavpack": "wv",
    "video/3gpp": "mov",
    "video/3gpp2": "mov",
    "video/mp2t": "mpegts",
    "video/mp4": "mov",
    "video/ogg": "ogg",
    "video/quicktime": "mov",
    "video/webm": "matroska",
    "video/x-flv": "flv",
    "video/x-m4v": "mov",
    "video/x-matroska": "matroska",
    "video/x-ms-wmv": "asf",
    "video/x-msvideo": "avi",
}
#: These write down how long what they hold is; of others it is estimated.
TRUE_TO_LENGTH = frozenset({"aiff", "ape", "au", "caf", "dsf", "flac", "matroska", "mov", "tta", "wav", "wv"})
#: Of these as well the length is believed, not what the packets add up to: they do not say how long the last one is.
BELIEVED = TRUE_TO_LENGTH | {"asf"}
RIFF = frozenset({"aiff", "avi", "wav"})  # these say how long the file is
PROGRAM_STREAM = b"\0\0\1\xba"  # what an MPEG file begins with that is more than a bare stream of pictures


def demuxer_of(file: IO[bytes], content_type: str) -> str:
    """Return the name of the demuxer for a file.

    Raises:
        UnreadableMedia: there is none for its format.
    """
    if content_type == "video/mpeg":
        file.seek(0)
        return "mpeg" if file.read(len(PROGRAM_STREAM)) == PROGRAM_STREAM else "mpegvideo"
    try:
        return DEMUXERS[content_type]
    except KeyError:
        raise UnreadableMedia(f"The file is not a {noun_of(content_type)} of a format that is read.") from None


def noun_of(content_type: str) -> str:
    """Return what a file of a type is called where it is spoken of: a sound or a video."""
    return "sound" if content_type.startswith("audio/") else "video"
