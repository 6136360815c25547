import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.catalog.summary import Member, founds, summarise
from vultus.config import People

GATE = People()


def member(figure, *, file=None, media="image", gender=None, age=None, **look):
    shown = {"side": 100, "quality": 0.9, "pitch": 0.0, "roll": 0.0, "yaw": 0.0, **look}
    return Member(figure=figure, file=file or figure, media_type=media, gender=gender, age=age, **shown)


MEMBERS = st.lists(
    st.builds(
        member,
        st.integers(1, 10**6),
        file=st.integers(1, 5),
        side=st.integers(20, 400),
        quality=st.floats(0, 1),
        yaw=st.floats(-90, 90),
        gender=st.sampled_from([None, "female", "male"]),
        age=st.none() | st.integers(0, 100),
        media=st.sampled_from(["image", "video", "other"]),
    ),
    max_size=30,
    unique_by=lambda each: each.figure,
)


@given(MEMBERS, st.randoms())
def test_the_order_of_the_faces_does_not_matter(members, chance):
    shuffled = list(members)
    chance.shuffle(shuffled)
    assert summarise(shuffled, GATE) == summarise(members, GATE)


@given(MEMBERS)
def test_ages_lie_within_those_of_the_faces(members):
    summary = summarise(members, GATE)
    ages = [each.age for each in members if each.age is not None]
    if not ages:
        assert summary.average_age is summary.min_age is summary.max_age is None
    else:
        assert min(ages) <= summary.min_age <= summary.average_age + 0.01
        assert summary.max_age <= max(ages)
        assert min(ages) <= summary.average_age <= max(ages)


def test_files_are_counted_once_however_many_faces_they_show():
    members = [member(1, file=1), member(2, file=1), member(3, file=2), member(4, file=3, media="video")]
    summary = summarise(members, GATE)
    assert (summary.face_count, summary.image_count, summary.video_count) == (4, 2, 1)


@pytest.mark.parametrize(
    ("face", "good"),
    [
        (member(1), True),
        (member(1, side=76, quality=0.81, yaw=29.9, pitch=-29.9, roll=29.9), True),
        (member(1, side=75), False),
        (member(1, quality=0.8), False),
        (member(1, yaw=-30.0), False),
        (member(1, pitch=30.0), False),
        (member(1, roll=-45.0), False),
    ],
)
def test_the_gate_is_that_of_imm(face, good):
    assert founds(face, GATE) is good


def test_the_gate_is_the_one_in_the_settings():
    assert founds(member(1, side=40), People(founding_side=39))
    assert not founds(member(1), People(founding_quality=0.95))


def test_ages_are_those_of_founding_faces_weighted_by_quality():
    members = [
        member(1, age=20, quality=0.9),
        member(2, age=40, quality=1.0),
        member(3, age=90, side=30),
    ]
    summary = summarise(members, GATE)
    assert summary.average_age == pytest.approx((20 * 0.9 + 40) / 1.9, abs=0.01)
    assert (summary.min_age, summary.max_age) == (20, 40)


def test_weak_faces_speak_where_no_founding_face_does():
    summary = summarise([member(1), member(2, age=50, gender="male", side=30)], GATE)
    assert (summary.average_age, summary.gender) == (50, "male")


@pytest.mark.parametrize("faces", [19, 20, 200])
def test_extreme_ages_are_percentiles_once_there_are_20_faces(faces):
    ages = [5, 99, *([30] * (faces - 2))]
    random.Random(faces).shuffle(ages)
    summary = summarise([member(row, age=age) for row, age in enumerate(ages, 1)], GATE)
    low, high = (5, 99) if faces < 20 else np.percentile(ages, [5, 95])
    assert (summary.min_age, summary.max_age) == (pytest.approx(low, abs=0.01), pytest.approx(high, abs=0.01))


def test_a_face_without_any_quality_weighs_as_much_as_its_like():
    assert summarise([member(1, age=20, quality=0.0), member(2, age=30, quality=0.0)], GATE).average_age == 25


def test_gender_is_a_vote_in_which_good_faces_weigh_more():
    votes = [member(1, gender="female", quality=0.99), member(2, gender="male", quality=0.9)]
    assert summarise(votes, GATE).gender == "female"
    assert summarise([*votes, member(3, gender="male", quality=0.85)], GATE).gender == "male"
    assert summarise([member(1, gender="female"), member(2, gender="male")], GATE).gender == ""


def test_the_cover_is_the_founding_face_that_is_best_to_look_at():
    sharp, large, turned, huge_but_weak = (
        member(1, side=100, quality=0.95),
        member(2, side=200),
        member(3, side=210, yaw=29),
        member(4, side=900, quality=0.5),
    )
    assert summarise([sharp, large, turned, huge_but_weak], GATE).cover_figure == 2
    assert summarise([sharp, huge_but_weak], GATE).cover_figure == 1
    assert summarise([member(4, side=30), member(5, side=60)], GATE).cover_figure == 5
    assert summarise([member(8), member(7)], GATE).cover_figure == 7


def test_nobody_has_no_summary_to_speak_of():
    summary = summarise([], GATE)
    assert (summary.face_count, summary.cover_figure, summary.gender) == (0, None, "")
