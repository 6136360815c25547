"""Frames of videos: which ones, how they stand, and what becomes of files that are no good."""

import io
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest

from tests.film import drawn, film, song
from vultus.config import Media
from vultus.media.unreadable import UnreadableMedia
from vultus.media.videos.video import Frame, Video

LIMITS = Media()


def video(data: bytes, content_type: str = "video/mp4", **limits: object) -> Video:
    return Video(io.BytesIO(data), content_type, msgspec.structs.replace(LIMITS, **limits))


def frames(data: bytes, content_type: str = "video/mp4", **limits: object) -> list[Frame]:
    looked_at = video(data, content_type, **limits)
    extent = looked_at.extent()
    assert extent is not None
    return list(looked_at.frames(extent))


def times(data: bytes, **limits: object) -> list[int]:
    return [frame.time for frame in frames(data, **limits)]


def resembles(pixels: np.ndarray, other: np.ndarray) -> bool:
    return pixels.shape == other.shape and np.abs(pixels.astype(int) - other).mean() < 12


def test_a_frame_of_each_interval_is_given():
    still = film([drawn(1)] * 35)
    assert times(still) == [0, 1000, 2000, 3000]
    assert times(still, video_interval=0.5) == [0, 500, 1000, 1500, 2000, 2500, 3000]


@pytest.mark.parametrize(("kind", "content_type"), [("matroska", "video/x-matroska"), ("avi", "video/x-msvideo")])
def test_other_containers_are_read_alike(kind, content_type):
    found = frames(film([drawn(1)] * 25, kind=kind), content_type)
    assert [frame.time for frame in found] == [0, 1000, 2000]
    assert all(resembles(frame.picture.pixels, drawn(1)) for frame in found)


def test_a_cut_within_the_interval_gives_a_frame_of_each_scene():
    shots = [drawn(seed) for seed in (1, 2, 3) for _ in range(4)]
    found = frames(film([*shots, *[drawn(4)] * 28]))
    assert [(frame.scene, frame.time) for frame in found] == [
        *((0, 0), (400, 400), (800, 800)),
        *((1200, 1200), (1200, 2200), (1200, 3200)),
    ]
    for frame, seed in zip(found, (1, 2, 3, 4), strict=False):
        assert resembles(frame.picture.pixels, drawn(seed))


def test_what_moves_is_no_cut():
    wide = drawn(5, 480, 90)
    assert {frame.scene for frame in frames(film([wide[:, x : x + 160] for x in range(0, 320, 8)]))} == {0}


@pytest.mark.parametrize(("turn", "quarters"), [(90, 1), (180, 2), (-90, 3)])
def test_frames_stand_upright(turn, quarters):
    stored = drawn(6)
    [frame] = frames(film([stored] * 5, turn=turn))
    upright = np.rot90(stored, quarters)
    assert (frame.picture.height, frame.picture.width) == upright.shape[:2]
    assert resembles(frame.picture.pixels, upright)


def test_large_frames_are_reduced_and_keep_their_size():
    [frame] = frames(film([drawn(7, 640, 360)] * 3), working_side=320)
    assert frame.picture.pixels.shape == (180, 320, 3)
    assert (frame.picture.width, frame.picture.height, frame.picture.scale) == (640, 360, 2.0)


def test_frames_may_come_at_any_pace():
    shown = [0.0, 0.1, 0.7, 2.5, 2.6, 2.61, 2.62, 6.0, 6.9, 7.1]
    assert times(film([drawn(1)] * 10, times=shown)) == [0, 2500, 6000, 7100]


def test_no_more_frames_are_looked_at_than_may_be():
    long = film([drawn(1)] * 600, gop=10)
    found = times(long, video_frames=12)
    assert len(found) == 12
    assert np.diff(found).max() <= 6000
    assert not [time for time in found if time % 1000]  # keyframes


def test_a_film_that_is_all_cuts_costs_no_more():
    flicker = film([drawn(seed) for seed in range(100)])
    assert len(times(flicker, video_frames=20)) <= 20


def test_all_of_a_long_film_is_seen_though_its_keyframes_are_far_apart():
    found = times(film([drawn(1)] * 600, gop=600), video_frames=10)
    assert found == [6000 * n for n in range(10)]


def test_a_frame_is_found_again_by_its_time():
    data = film([drawn(seed // 3) for seed in range(60)], gop=7)
    looked_at = video(data)
    extent = looked_at.extent()
    assert extent is not None
    seen = {frame.time: frame.picture.pixels for frame in looked_at.frames(extent)}
    again = dict(looked_at.pictures(sorted(seen), extent))
    assert again.keys() == seen.keys()
    assert all(np.array_equal(again[time].pixels, seen[time]) for time in seen)


def test_what_holds_only_sound_has_no_extent():
    assert video(song()).extent() is None


def test_a_film_with_sound_lasts_as_long_as_both():
    extent = video(film([drawn(1)] * 5, sound=True)).extent()
    assert extent is not None
    assert 1000 <= extent.duration < 1100


def cut_short(kind: str, options: dict[str, str]) -> bytes:
    data = film([drawn(seed) for seed in range(100)], kind=kind, options=options)
    return data[: len(data) // 2]


def late(data: bytes) -> bytes:
    """A film whose last frame comes a month later."""
    target = io.BytesIO()
    with av.open(io.BytesIO(data)) as source, av.open(target, "w", format="matroska") as container:
        stream = container.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                if packet.pts >= 4 * source.streams.video[0].duration // 5:
                    packet.pts = packet.dts = round(30 * 86400 / packet.time_base)
                container.mux(packet)
    return target.getvalue()


DAMAGED = {
    "nothing at all": (b"", "video/mp4", "cannot be read"),
    "no container": (bytes(range(256)) * 40, "video/mp4", "cannot be read"),
    "index cut off": (cut_short("mp4", {}), "video/mp4", "cut short"),
    "frames cut off": (cut_short("mp4", {"movflags": "faststart"}), "video/mp4", "cut short: it ends after"),
    "Matroska cut off": (cut_short("matroska", {}), "video/x-matroska", "cut short: it ends after"),
    "AVI cut off": (cut_short("avi", {}), "video/x-msvideo", "cut short: its file is not complete"),
    "no frames": (film([], kind="avi"), "video/x-msvideo", "holds no frames"),
    "no streams": (film([]), "video/mp4", "holds neither pictures nor sound"),
    "wrong clock": (late(film([drawn(1)] * 5)), "video/x-matroska", "lasts for weeks"),
    "a playlist": (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "video/mp4", "cannot be read"),
    "a format that is not read": (b"1234", "application/vnd.rn-realmedia", "not a video of a format"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_what_cannot_be_read_says_why(case):
    data, content_type, reason = DAMAGED[case]
    with pytest.raises(UnreadableMedia, match=reason):
        frames(data, content_type)


def test_an_encrypted_film_says_so():
    key = {"encryption_scheme": "cenc-aes-ctr", "encryption_key": "ab" * 16, "encryption_kid": "cd" * 16}
    with pytest.raises(UnreadableMedia, match="encrypted"):
        frames(film([drawn(1)] * 20, options=key))


def test_a_film_whose_frames_are_noise_says_so():
    data = bytearray(film([drawn(1)] * 20, options={"movflags": "faststart"}))
    start = data.index(b"mdat") + 4
    data[start:] = bytes(len(data) - start)
    with pytest.raises(UnreadableMedia, match="none of its frames can be decoded"):
        frames(bytes(data))


def test_a_frame_that_is_too_large_is_not_decoded():
    with pytest.raises(UnreadableMedia, match="160 x 90 pixels; at most 1000"):
        frames(film([drawn(1)] * 2), max_pixels=1000)


def test_reading_ends_when_its_time_is_over():
    with pytest.raises(UnreadableMedia, match=r"more than 0 seconds to read \(media.video_seconds\)"):
        frames(film([drawn(1)] * 2), video_seconds=0.0)


def test_time_spent_with_a_frame_is_not_time_spent_reading():
    looked_at = video(film([drawn(1)] * 30))
    extent = looked_at.extent()
    assert extent is not None
    before = looked_at.until
    given = looked_at.frames(extent)
    next(given)
    next(given)
    assert looked_at.until > before


def test_damage_gives_frames_or_a_reason():
    chance = random.Random(5)
    whole = film([drawn(seed) for seed in range(20)], sound=True)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 10, 200))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        looked_at = video(bytes(data))
        with suppress(UnreadableMedia):
            extent = looked_at.extent()
            assert extent is None or len(list(looked_at.frames(extent))) < 100


MEASURE = """
import resource, sys
from vultus.config import Media
from vultus.media.videos.video import Video
with open(sys.argv[1], "rb") as file:
    video = Video(file, "video/mp4", Media(video_frames=int(sys.argv[2])))
    extent = video.extent()
    seen = sum(1 for _ in video.frames(extent))
print(extent.duration, seen, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.parametrize("most", [600, 4000])
def test_an_hour_takes_no_more_memory_than_a_few_seconds(tmp_path: Path, most):
    scenes = [drawn(seed, 640, 360) for seed in range(10)]
    measured = []
    for name, seconds in (("short", 10), ("long", 3600)):
        file = tmp_path / name
        file.write_bytes(film((scenes[second // 60 % 10] for second in range(seconds)), rate=1, gop=5))
        command = [sys.executable, "-c", MEASURE, str(file), str(most)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        measured.append([int(word) for word in told.split()])
    (_, _, least), (duration, seen, used) = measured
    assert duration == 3_600_000
    assert most * 0.8 <= seen <= most
    assert used < least + 32  # MiB
