"""Covers of songs are looked at as images are."""

import io
import json

import numpy as np
import pytest
from msgspec import UNSET
from PIL import Image

from tests.film import drawn
from tests.media.made import MADE, cover, id3, sound
from tests.pages import page
from vultus.index.steps.covers import MOST_PIXELS

TITLE = ["Songs of the Sea"]


def png(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def song(*covers: bytes, kind: str = "png") -> bytes:
    """An MP3 with covers."""
    frames = b"".join(id3({"APIC": f"\0image/{kind}\0\3\0".encode() + each})[10:] for each in covers)
    head = b"ID3\3\0\0" + bytes(len(frames) >> shift & 127 for shift in (21, 14, 7, 0))
    return head + frames + sound("mp3", "libmp3lame", options={"id3v2_version": "0"})


@pytest.mark.proves("File.AudioCovers", "Image.ImageWidth ImageHeight ImageScore CroppingSuggestions OCRContents")
def test_a_cover_has_all_that_an_image_has(subject_of):
    written = page(TITLE, 40, 96)
    picture = Image.fromarray(np.vstack([written, drawn(1, written.shape[1], written.shape[0])]))
    file = subject_of(song(png(picture)), "covers", name="song.mp3").document
    [art] = file.audio_covers
    assert (file.media_type, art.image_width, art.image_height) == ("audio", *picture.size)
    assert 0 < art.image_score.overall_quality_score <= 1
    assert art.ocr_contents[0].contents == TITLE[0]
    assert art.ocr_contents[0].boundary.width > art.ocr_contents[0].boundary.height
    assert {each.aspect_ratio for each in art.cropping_suggestions} == {"1:1", "4:3", "3:4", "16:9", "9:16"}


@pytest.mark.proves("Image.EXIF")
def test_what_a_camera_wrote_into_a_cover_is_told(subject_of):
    image = Image.new("RGB", (64, 48), "red")
    exif = image.getexif()
    exif[0x010F] = "Camera Works"
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif)
    [art] = subject_of(song(target.getvalue(), kind="jpeg"), "covers", name="song.mp3").document.audio_covers
    assert json.loads(art.exif)["Make"]["value"] == "Camera Works"
    assert art.ocr_contents is UNSET


def test_broken_covers_and_bombs_are_left_out(subject_of):
    bomb = png(Image.new("L", (8000, MOST_PIXELS // 8000 + 1)))
    data = song(bomb, b"no picture at all", cover()[:400], png(Image.new("RGB", (30, 20), "blue")))
    [art] = subject_of(data, "covers", name="song.mp3").document.audio_covers
    assert (art.image_width, art.image_height) == (30, 20)


@pytest.mark.parametrize("name", ["aac.aac", "tracks.mkv"])
def test_what_has_no_cover_says_nothing_of_covers(subject_of, name):
    assert subject_of(MADE[name][0](), "covers", name=name).document.audio_covers is UNSET


def test_an_old_cover_counts_as_well(subject_of):
    [art] = subject_of(MADE["old-vorbis.ogg"][0](), "covers", name="song.ogg").document.audio_covers
    assert (art.image_width, art.image_height) == (120, 80)
