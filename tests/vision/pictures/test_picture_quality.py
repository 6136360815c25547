import io
from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from PIL import Image
from scipy.stats import spearmanr

from vultus.media.images.picture import Picture, decode_picture
from vultus.vision.pictures.picture_quality import PictureQuality, quality_of_picture

Pixels = NDArray[np.uint8]

BLURS = (0, 0.7, 1, 1.5, 2, 3, 4, 6)  # standard deviations, pixels
NOISES = (0, 4, 8, 12, 18, 25, 35, 50)  # standard deviations, grey levels
QUALITIES = (100, 85, 65, 50, 35, 25, 15, 8)  # of JPEG
STOPS = (0, -0.7, -1.4, -2.1, -2.8, -3.5, -4.2)  # of exposure, too dark
LIGHTER = (0, 0.5, 1, 1.5, 2, 2.5, 3)  # stops, too light


def blurred(pixels: Pixels, width: float) -> Pixels:
    return cv2.GaussianBlur(pixels, (0, 0), width) if width else pixels


def noisy(pixels: Pixels, level: float) -> Pixels:
    grain = np.random.default_rng(0).normal(0, level, pixels.shape)
    return np.clip(pixels + grain, 0, 255).astype(np.uint8)


def compressed(pixels: Pixels, quality: int) -> Pixels:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer).convert("RGB"))


def exposed(pixels: Pixels, stops: float) -> Pixels:
    light = np.clip((pixels / 255) ** 2.2 * 2**stops, 0, 1)
    return (light ** (1 / 2.2) * 255).round().astype(np.uint8)


LADDERS: dict[str, tuple[Callable[[Pixels, float], Pixels], Iterable[float]]] = {
    "blur": (blurred, BLURS),
    "noise": (noisy, NOISES),
    "compression": (compressed, QUALITIES),
    "darkness": (exposed, STOPS),
}


def judged(pixels: Pixels) -> PictureQuality:
    return quality_of_picture(Picture(pixels, pixels.shape[1], pixels.shape[0], None))


def opened(file: Path, side: int = 1024) -> Pixels:
    return decode_picture(file.read_bytes(), working_side=side, max_pixels=10**9).pixels


def agreement(pixels: Pixels, ladder: str) -> float:
    """Spearman's rank correlation of the score with the steps of a ladder, from the best to the worst."""
    damage, steps = LADDERS[ladder]
    scores = [judged(damage(pixels, step)).overall for step in steps]
    return float(spearmanr(scores, -np.arange(len(scores))).statistic)


@pytest.mark.parametrize("ladder", LADDERS)
@pytest.mark.parametrize("number", range(1, 7))
def test_the_order_of_scores_is_that_of_the_damage(samples, ladder, number):
    assert agreement(opened(samples / f"sample{number}.jpg"), ladder) >= 0.9


@pytest.mark.parametrize("ladder", LADDERS)
def test_the_order_is_right_for_ordinary_photos_too(data, ladder):
    # At half their size, so that they begin without the damage that they came with.
    photos = sorted([*(data / "noface").glob("*.jpg"), *(data / "media").glob("*__gps__*.jpg")])
    found = [agreement(opened(photo, side=340), ladder) for photo in photos]
    assert len(found) > 30
    assert np.mean(found) >= 0.95
    assert np.quantile(found, 0.1) >= 0.9


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_a_photo_that_is_bright_enough_only_loses_by_more_light(samples, number):
    pixels = opened(samples / f"sample{number}.jpg")
    scores = [judged(exposed(pixels, stops)).overall for stops in LIGHTER]
    assert float(spearmanr(scores, -np.arange(len(scores))).statistic) >= 0.9


def test_each_damage_shows_in_its_own_share(samples):
    whole = opened(samples / "sample4.jpg")
    good = judged(whole)
    assert judged(blurred(whole, 4)).sharpness < 0.6 * good.sharpness
    assert judged(noisy(whole, 25)).cleanness < 0.7 * good.cleanness
    assert judged(compressed(whole, 10)).smoothness < 0.6 * good.smoothness
    assert judged(exposed(whole, -4)).exposure < 0.6 * good.exposure
    # Noise and blocks are not taken for sharp edges, nor blur for noise.
    assert judged(noisy(whole, 18)).sharpness < 1.05 * good.sharpness
    assert judged(compressed(whole, 10)).sharpness < 1.05 * good.sharpness
    assert judged(blurred(whole, 3)).cleanness > good.cleanness - 0.01


def test_the_grid_of_jpeg_is_found_wherever_it_begins_and_however_it_is_scaled(samples):
    whole = opened(samples / "sample4.jpg")[:600, :800]
    poor = compressed(whole, 10)
    moved = judged(poor[3:, 5:]).smoothness
    smaller = cv2.resize(poor, (533, 400), interpolation=cv2.INTER_AREA)
    scaled = quality_of_picture(Picture(smaller, 800, 600, None)).smoothness
    assert moved == pytest.approx(judged(poor).smoothness, abs=0.1)
    assert scaled < judged(cv2.resize(whole, (533, 400), interpolation=cv2.INTER_AREA)).smoothness - 0.05


def test_a_photo_keeps_its_score_when_it_is_only_larger_than_it_is_looked_at(samples):
    file = samples / "sample3.jpg"
    score = judged(opened(file)).overall
    assert judged(opened(file, side=10_000)).overall == pytest.approx(score, abs=0.1)


def test_a_photo_made_small_and_large_again_has_lost(samples):
    whole = opened(samples / "sample3.jpg")
    small = opened(samples / "sample3.jpg", side=300)
    again = cv2.resize(small, (whole.shape[1], whole.shape[0]), interpolation=cv2.INTER_CUBIC)
    assert max(judged(small).overall, judged(again).overall) < judged(whole).overall - 0.1


@settings(max_examples=60)
@given(
    arrays.arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60), st.just(3)), elements=st.integers(0, 255))
)
@pytest.mark.filterwarnings("error")
def test_whatever_is_shown_the_score_is_a_share(pixels):
    quality = judged(pixels)
    for share in (quality.sharpness, quality.cleanness, quality.smoothness, quality.exposure, quality.overall):
        assert 0 <= share <= 1


@pytest.mark.parametrize("level", [0, 128, 255])
@pytest.mark.parametrize("size", [(1, 1), (1, 50), (9, 9), (10, 1024), (300, 200)])
def test_nothing_to_see_is_of_no_quality(size, level):
    assert judged(np.full((*size, 3), level, np.uint8)).overall < 0.01
