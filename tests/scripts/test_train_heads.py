"""Training the heads: nobody is learned from and judged, and what comes out are probabilities."""

import csv
from pathlib import Path

import numpy as np

from scripts.train_heads import LABELS, TARGET, calibration, cut_close, folds, learned, masked_over, person_of
from vultus.vision.attributes.heads import Evidence

CHANCE = np.random.default_rng(0)


def test_a_person_is_never_on_both_sides() -> None:
    person = [f"p{number}" for number in CHANCE.integers(0, 40, 300)]
    seen = np.zeros(300, int)
    for judged in folds(person):
        seen += judged
        assert not {who for who, side in zip(person, judged, strict=True) if side} & {
            who for who, side in zip(person, judged, strict=True) if not side
        }
    assert (seen == 1).all()


def test_who_is_nobody_known_is_a_person_of_their_own() -> None:
    identities = {"photos-celeba/1.jpg": "7", "photos-celeba/2.jpg": "7", "attr-utkface/3.jpg": ""}
    people = [person_of(file, identities) for file in (*identities, "attr-utkface/4.jpg", "faces-lfw/A_B/A_B_0001.jpg")]
    assert people[0] == people[1]
    assert len(set(people)) == 4
    assert people[-1] == "A_B"


def test_two_classes_are_told_apart_however_rare_one_is() -> None:
    features = CHANCE.normal(size=(400, 900)).astype(np.float32)
    positive = np.arange(400) < 20
    features[positive, :30] += 1.5
    weights = learned(features, positive, np.ones(400))
    scores = features @ weights[:-1] + weights[-1]
    assert scores[positive].min() > 0 > scores[~positive].max()


def test_calibration_finds_the_odds_that_scores_stand_for() -> None:
    scores = CHANCE.normal(-1, 1, 20000)
    positive = CHANCE.random(20000) < 1 / (1 + np.exp(-(2.5 * scores + 0.7)))
    slope, constant = calibration(scores, positive)
    assert abs(slope - 2.5) < 0.15
    assert abs(constant - 0.7) < 0.15


def test_calibration_stays_finite_where_scores_tell_all() -> None:
    scores = np.concatenate([CHANCE.normal(-3, 0.1, 500), CHANCE.normal(3, 0.1, 5)])
    slope, constant = calibration(scores, np.arange(505) >= 500)
    assert 0.5 < slope < 20
    assert abs(constant) < 20


def test_painted_masks_cover_the_mouth_and_leave_the_eyes() -> None:
    chip = CHANCE.integers(0, 256, (112, 112, 3), np.uint8)
    for _ in range(20):
        painted = masked_over(chip, CHANCE)
        assert (painted[:48] == chip[:48]).all()
        assert (painted[88:96, 40:72] != chip[88:96, 40:72]).mean() > 0.8


def test_what_is_cut_off_is_not_the_face() -> None:
    chip = np.full((112, 112, 3), 200, np.uint8)
    for _ in range(20):
        cut = cut_close(chip, CHANCE)
        assert (cut[45:85, 35:80] == 200).all()


def test_labels_are_known_words_and_each_photo_has_one_row() -> None:
    with LABELS.open(newline="") as text:
        rows = list(csv.DictReader(text))
    words = {"glasses": {"none", "glasses", "sunglasses"}, "hat": {"none", "hat"}, "beard": {"none", "beard"}}
    for name, known in words.items():
        assert {row[name] for row in rows} == known | {"?"}
    assert len({row["file"] for row in rows}) == len(rows)


def test_the_file_that_is_shipped_holds_a_row_for_each_head() -> None:
    heads = np.load(Path(TARGET))
    assert heads.shape == (len(Evidence._fields), 128 * 7 * 4 + 1)
    assert np.isfinite(heads).all()
