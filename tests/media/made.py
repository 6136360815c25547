"""Videos and sounds of many kinds, made by the tests; silent, and of blocks of colours."""

import base64
import io
import os
import struct
import tempfile
from collections.abc import Callable, Mapping
from fractions import Fraction

import av
from av.codec.codec import Codec, UnknownCodecError
from av.stream import Disposition
from av.subtitles.subtitle import SubtitleSet
from PIL import Image

from tests.film import drawn, film

RATE = 44100  # samples a second
SRT = "1\n00:00:00,100 --> 00:00:00,900\n<i>Good</i> morning\n\n2\n00:00:01,000 --> 00:00:01,900\nGood\nnight\n"
ASS = """[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment
Style: Default,Arial,16,&Hffffff,2

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.10,0:00:00.90,Default,,0,0,0,,{\\an8}早上好\\N各位
Dialogue: 0,0:00:01.00,0:00:01.90,Default,,0,0,0,,晚安, 再见
"""
TAGS = {
    "title": "A Song",
    "artist": "Jane",
    "album": "First Album",
    "album_artist": "Jane and Friends",
    "composer": "Clara",
    "performer": "The Quartet",
}
LYRICS = "One line\nand another"


def cover(kind: str = "JPEG", width: int = 120, height: int = 80) -> bytes:
    """An image file."""
    target = io.BytesIO()
    Image.fromarray(drawn(1, width, height)).save(target, kind)
    return target.getvalue()


def sound(
    kind: str,
    codec: str,
    *,
    seconds: float = 1.0,
    tags: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
    picture: bytes = b"",
    sample_format: str = "",
    bit_rate: int = 128_000,
) -> bytes:
    """Silence in a container, with its tags, and a cover where its muxer takes one."""
    with tempfile.NamedTemporaryFile() as file:
        with av.open(file.name, "w", format=kind, options=dict(options or {})) as container:
            container.metadata.update(tags or {})
            stream = container.add_stream(codec, rate=48000 if codec == "libopus" else RATE)
            stream.codec_context.options = {"strict": "experimental"}
            stream.codec_context.bit_rate = bit_rate
            if sample_format:
                stream.codec_context.format = sample_format
            if picture:
                art = container.add_stream("mjpeg", rate=1)
                art.width, art.height, art.pix_fmt = 120, 80, "yuvj420p"
                art.disposition = Disposition.attached_pic
            container.start_encoding()
            if picture:
                packet = av.Packet(picture)
                packet.stream, packet.pts, packet.dts = art, 0, 0
                packet.is_keyframe = True
                container.mux(packet)
            frame = silence(stream.codec_context.format.name, stream.codec_context.sample_rate, seconds)
            container.mux([*stream.encode(frame), *stream.encode(None)])
        return file.read()


def silence(sample_format: str, rate: int, seconds: float) -> av.AudioFrame:
    frame = av.AudioFrame(format=sample_format, layout="stereo", samples=round(rate * seconds))
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.sample_rate, frame.pts = rate, 0
    return frame


def id3(frames: Mapping[str, bytes]) -> bytes:
    """An ID3v2.3 tag."""
    body = b"".join(name.encode() + struct.pack(">I", len(data)) + b"\0\0" + data for name, data in frames.items())
    return b"ID3\3\0\0" + bytes(len(body) >> shift & 127 for shift in (21, 14, 7, 0)) + body


def id3_text(text: str) -> bytes:
    return b"\1" + text.encode("utf-16")


def tagged_id3(picture: bytes) -> bytes:
    names = {"TIT2": "title", "TPE1": "artist", "TALB": "album", "TPE2": "album_artist", "TCOM": "composer"}
    frames = {name: id3_text(TAGS[tag]) for name, tag in names.items()}
    lyrics = b"\1eng" + "".encode("utf-16") + b"\0\0" + LYRICS.encode("utf-16")
    art = b"\0image/jpeg\0\3\0" + picture
    return id3({**frames, "TPE3": id3_text(TAGS["performer"]), "TLAN": id3_text("ger"), "USLT": lyrics, "APIC": art})


def mp3() -> bytes:
    plain = sound("mp3", "libmp3lame", options={"id3v2_version": "0", "write_id3v1": "0"})
    return tagged_id3(cover()) + plain


def mp3_without_length() -> bytes:
    """An MP3 of four and a half seconds whose bit rate changes, of which nothing says how long it is."""
    options = {"id3v2_version": "0", "write_id3v1": "0", "write_xing": "0"}
    rates = {0.5: 192_000, 4.0: 64_000}
    parts = (sound("mp3", "libmp3lame", seconds=each, options=options, bit_rate=rates[each]) for each in rates)
    return b"".join(parts)


def wav() -> bytes:
    """A WAV with ID3 in a chunk of its own."""
    plain, tag = sound("wav", "pcm_s16le"), tagged_id3(cover())
    data = plain[8:] + b"id3 " + struct.pack("<I", len(tag)) + tag + bytes(len(tag) % 2)
    return b"RIFF" + struct.pack("<I", len(data)) + data


def flac() -> bytes:
    """A FLAC with a cover in a block of its own."""
    plain = sound("flac", "flac", tags={**TAGS, "lyrics": LYRICS})
    block = picture_block(cover("PNG"))
    first = 8 + int.from_bytes(plain[5:8])  # behind the block that describes the stream
    return plain[:first] + b"\6" + len(block).to_bytes(3) + block + plain[first:]


def picture_block(picture: bytes) -> bytes:
    """A cover, as FLAC and Vorbis hold it."""
    kind = b"image/png"
    head = struct.pack(">II", 3, len(kind)) + kind + struct.pack(">I", 0)
    return head + struct.pack(">IIIII", 120, 80, 24, 0, len(picture)) + picture


def vorbis() -> bytes:
    block = base64.b64encode(picture_block(cover("PNG"))).decode()
    return sound(
        "ogg", "vorbis", tags={**TAGS, "LYRICS": LYRICS, "METADATA_BLOCK_PICTURE": block}, sample_format="fltp"
    )


def old_vorbis() -> bytes:
    """Vorbis with its cover in the tag that was used before."""
    return sound("ogg", "vorbis", tags={"COVERART": base64.b64encode(cover()).decode()}, sample_format="fltp")


def m4a() -> bytes:
    return sound("mp4", "aac", tags={**TAGS, "lyrics": LYRICS}, picture=cover())


def hdr(codec: str) -> bytes:
    """A film of ten bits, in the colours of HDR10."""
    with tempfile.NamedTemporaryFile() as file:
        with av.open(file.name, "w", format="mp4") as container:
            stream = container.add_stream(codec, rate=25)
            stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p10le"
            context = stream.codec_context
            context.options = {"x265-params": "log-level=none:pools=1"} if codec == "libx265" else {"preset": "12"}
            context.color_primaries, context.color_trc, context.colorspace, context.color_range = 9, 16, 9, 1
            for seed in range(5):
                frame = av.VideoFrame.from_ndarray(drawn(seed, 160, 96), format="rgb24").reformat(format="yuv420p10le")
                frame.pts, frame.time_base = seed, Fraction(1, 25)
                frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range = 9, 16, 9, 1
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return file.read()


def h264() -> bytes:
    """A film with frames that lean on later ones, of pixels that are wider than high."""
    with tempfile.NamedTemporaryFile() as file:
        with av.open(file.name, "w", format="mp4") as container:
            stream = container.add_stream("libx264", rate=25)
            stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
            stream.codec_context.sample_aspect_ratio = Fraction(4, 3)
            stream.codec_context.options = {"threads": "1"}
            for seed in range(12):
                frame = av.VideoFrame.from_ndarray(drawn(seed // 4, 160, 96), format="rgb24")
                frame.pts, frame.time_base = seed, Fraction(1, 25)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return file.read()


def av1() -> bytes:
    """A film like ``hdr``, in AV1.

    Where it may, as for root, SVT-AV1 makes its caller a real-time thread, which all threads and processes that are
    started later become as well: those that wait for each other by looking then keep the others from ever running.
    """
    before = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        return hdr("libsvtav1")
    finally:
        os.sched_setscheduler(0, *before)


def many_tracks() -> bytes:
    """A Matroska film with sound in two languages and subtitles in two."""
    texts = [(SRT, "srt", "eng"), (ASS, "ass", "chi")]
    with tempfile.NamedTemporaryFile() as file:
        sources = [av.open(io.BytesIO(text.encode()), format=kind) for text, kind, _ in texts]
        with (
            av.open(io.BytesIO(film([drawn(1)] * 20)), "r") as pictures,
            av.open(file.name, "w", format="matroska") as container,
        ):
            shown = container.add_stream_from_template(pictures.streams.video[0])
            sounds = [container.add_stream("aac", rate=RATE) for _ in range(2)]
            tracks = [container.add_stream_from_template(source.streams.subtitles[0]) for source in sources]
            for stream, language in zip([*sounds, *tracks], ("ger", "fre", "eng", "chi"), strict=True):
                stream.metadata["language"] = language
            container.start_encoding()
            for packet in pictures.demux(video=0):
                if packet.dts is not None:
                    packet.stream = shown
                    container.mux(packet)
            for stream in sounds:
                container.mux([*stream.encode(silence("fltp", RATE, 2.0)), *stream.encode(None)])
            for source, track in zip(sources, tracks, strict=True):
                for packet in source.demux(subtitles=0):
                    if packet.dts is not None:
                        packet.stream = track
                        container.mux(packet)
                source.close()
        return file.read()


def subtitled() -> bytes:
    """An MP4 film with timed text in a box of 600 by 30 pixels."""
    with tempfile.NamedTemporaryFile() as file:
        with av.open(io.BytesIO(film([drawn(1)] * 20))) as pictures, av.open(file.name, "w", format="mp4") as container:
            shown = container.add_stream_from_template(pictures.streams.video[0])
            track = container.add_stream("mov_text")
            track.metadata["language"] = "chi"
            context = track.codec_context
            context.subtitle_header, context.time_base = ASS.partition("Dialogue")[0].encode(), Fraction(1, 1000)
            for packet in pictures.demux(video=0):
                if packet.dts is not None:
                    packet.stream = shown
                    container.mux(packet)
            for at, text in ((0, "欢迎"), (1000, "再见")):
                event = SubtitleSet.create(f"0,0,Default,,0,0,0,,{text}".encode(), 0, 900, at)
                packet = context.encode_subtitle(event)
                packet.stream, packet.time_base = track, Fraction(1, 1000)
                packet.pts, packet.dts, packet.duration = at, at, 900
                container.mux(packet)
        data = bytearray(file.read())
    end = data.rindex(b"tkhd") + 88  # of the header of the last track, which ends with width and height
    data[end - 8 : end] = struct.pack(">II", 600 << 16, 30 << 16)
    return bytes(data)


def broadcast() -> bytes:
    """A transport stream with two programs: the second is the sound of the first."""
    with tempfile.NamedTemporaryFile() as file:
        with av.open(file.name, "w", format="mpegts") as container:
            shown = container.add_stream("mpeg2video", rate=25)
            shown.width, shown.height, shown.pix_fmt = 160, 96, "yuv420p"
            heard = container.add_stream("mp2", rate=RATE)
            container.start_encoding()
            for seed in range(25):
                frame = av.VideoFrame.from_ndarray(drawn(seed // 5, 160, 96), format="rgb24")
                frame.pts, frame.time_base = seed, Fraction(1, 25)
                container.mux(shown.encode(frame))
            container.mux(shown.encode(None))
            container.mux([*heard.encode(silence("s16", RATE, 1.0)), *heard.encode(None)])
        return two_programs(file.read())


def two_programs(data: bytes) -> bytes:
    """A transport stream with a second program, of all streams of the first."""
    packets = [data[at : at + 188] for at in range(0, len(data), 188)]
    changed = []
    for packet in packets:
        pid = int.from_bytes(packet[1:3]) & 0x1FFF
        if pid == 0:
            changed.append(_section(packet, bytes.fromhex("0001f0000002f001"), 8))
        elif pid == 0x1000:
            length = int.from_bytes(packet[6:8]) & 0xFFF
            streams = packet[13 : 8 + length - 4]  # behind the number of the program, its version and its part
            second = packet[:1] + (0x5001).to_bytes(2) + packet[3:8] + (2).to_bytes(2) + packet[10:]
            changed += [packet, _section(second, streams, 8)]
        else:
            changed.append(packet)
    return b"".join(changed)


def _section(packet: bytes, entries: bytes, head: int) -> bytes:
    """A packet with a section of other entries, its length and its checksum set anew."""
    start = packet[5 : 5 + head]
    length = head - 3 + len(entries) + 4
    body = start[:1] + (0xB000 | length).to_bytes(2) + start[3:] + entries
    return (packet[:5] + body + _crc(body).to_bytes(4)).ljust(188, b"\xff")


def _crc(data: bytes) -> int:
    rest = 0xFFFFFFFF
    for byte in data:
        rest ^= byte << 24
        for _ in range(8):
            rest = (rest << 1 ^ (0x04C11DB7 if rest & 0x80000000 else 0)) & 0xFFFFFFFF
    return rest


def has_encoder(name: str) -> bool:
    """Whether FFmpeg, as PyAV has it, can make something."""
    try:
        Codec(name, "w")
    except UnknownCodecError:
        return False
    return True


#: Names of files, how each is made, and the encoder that it takes which not every FFmpeg has.
MADE: dict[str, tuple[Callable[[], bytes], str]] = {
    "aac.aac": (lambda: sound("adts", "aac"), "aac"),
    "aiff.aiff": (lambda: sound("aiff", "pcm_s16be", tags=TAGS, options={"write_id3v2": "1"}), "pcm_s16be"),
    "alac.m4a": (lambda: sound("ipod", "alac", tags=TAGS), "alac"),
    "avi.avi": (lambda: film([drawn(1)] * 10, kind="avi", sound=True), "mpeg4"),
    "broadcast.ts": (broadcast, "mpeg2video"),
    "flac.flac": (flac, "flac"),
    "h264.mp4": (h264, "libx264"),
    "hdr.mp4": (lambda: hdr("libx265"), "libx265"),
    "hdr-av1.mp4": (av1, "libsvtav1"),
    "m4a.m4a": (m4a, "aac"),
    "mp3.mp3": (mp3, "libmp3lame"),
    "old-vorbis.ogg": (old_vorbis, "vorbis"),
    "opus.opus": (lambda: sound("ogg", "libopus", tags=TAGS), "libopus"),
    "subtitled.mp4": (subtitled, "mov_text"),
    "tracks.mkv": (many_tracks, "aac"),
    "turned.mp4": (lambda: film([drawn(1)] * 10, turn=90, sound=True), "mpeg4"),
    "vorbis.ogg": (vorbis, "vorbis"),
    "wav.wav": (wav, "pcm_s16le"),
    "wma.wma": (lambda: sound("asf", "wmav2", tags=TAGS), "wmav2"),
}
