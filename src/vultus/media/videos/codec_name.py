"""Codecs: what they are called, whoever decodes them, and the tag by which a container names them."""

import string

from av.codec.context import CodecContext
from msgspec import UNSET

from vultus.model.wire import Text

#: Long names where those of FFmpeg's decoders are not those of the codecs, which ffprobe tells and PyAV does not.
LONG_NAMES = {
    "ass": "ASS (Advanced SSA) subtitle",
    "av1": "Alliance for Open Media AV1",
    "dirac": "Dirac",
    "dst": "DST (Direct Stream Transfer)",
    "dvaudio": "DV audio",
    "eia_608": "EIA-608 closed captions",
    "gif": "CompuServe GIF (Graphics Interchange Format)",
    "h263p": "H.263+ / H.263-1998 / H.263 version 2",
    "hevc": "H.265 / HEVC (High Efficiency Video Coding)",
    "huffyuv": "HuffYUV",
    "mjpeg": "Motion JPEG",
    "mov_text": "MOV text",
    "opus": "Opus (Opus Interactive Audio Codec)",
    "pcm_dvd": "PCM signed 20|24-bit big-endian",
    "qdmc": "QDesign Music",
    "text": "raw UTF-8 text",
    "vvc": "H.266 / VVC (Versatile Video Coding)",
    "webp": "WebP",
}
FIELDS = 1 << 4  # AV_CODEC_PROP_FIELDS: frames may be coded as two fields each
LETTERS = frozenset(string.ascii_letters + string.digits + ". -_")  # of a tag; other bytes are written as numbers


def codec_name(context: CodecContext) -> str:
    """Return the name of a codec, not of its decoder: ``av1``, not ``libdav1d``."""
    return context.codec.canonical_name


def codec_long_name(context: CodecContext) -> str:
    """Return the name of a codec that says what it is."""
    return LONG_NAMES.get(codec_name(context), context.codec.long_name)


def ticks_per_frame(context: CodecContext) -> int:
    """Return how many ticks of a codec's clock a frame takes: two where it may be coded as two fields."""
    return 2 if context.codec.properties & FIELDS else 1


def codec_tag(context: CodecContext) -> tuple[Text, Text]:
    """Return the tag of a codec as a number, ``0x31637661``, and as letters, ``avc1``; UNSET where there is none."""
    tag = _tag_bytes(context)
    number = int.from_bytes(tag, "little")
    if not number:
        return UNSET, UNSET
    letters = "".join(chr(byte) if chr(byte) in LETTERS else f"[{byte}]" for byte in tag)
    return f"0x{number:04x}", letters


def _tag_bytes(context: CodecContext) -> bytes:
    try:
        return context.codec_tag.encode("ascii")
    except UnicodeDecodeError as error:  # PyAV only knows tags of letters, but says what it stumbled over
        return error.object
