from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.media.provenance.taken import Taken, offset_of, surest, written_offset
from vultus.model.moment import from_wire

LOCAL = datetime(2021, 6, 29, 14, 50, 13)
HOURS = timedelta(hours=8)


@pytest.mark.parametrize(
    ("fraction", "offset", "text"),
    [
        ("", timedelta(0), "2021-06-29T14:50:13Z"),
        ("0110", HOURS, "2021-06-29T14:50:13.011+08:00"),
        ("1234567891", -HOURS, "2021-06-29T14:50:13.123456789-08:00"),
        ("000", timedelta(hours=-3.5), "2021-06-29T14:50:13-03:30"),
    ],
)
def test_a_moment_is_written_with_no_more_decimals_than_it_needs(fraction, offset, text):
    assert Taken(LOCAL, fraction).written(offset) == text


@given(
    st.datetimes(min_value=datetime(1826, 1, 1)),
    st.text("0123456789", max_size=12),
    st.integers(-14 * 60, 14 * 60),
)
def test_whatever_is_written_is_a_moment_that_can_be_read(local, fraction, minutes):
    local = local.replace(microsecond=0)
    offset = timedelta(minutes=minutes)
    moment = from_wire(Taken(local, fraction).written(offset))
    whole = (local - offset - datetime(1970, 1, 1)) // timedelta(seconds=1)
    assert moment // 10**9 == whole
    assert moment % 10**9 == int(fraction[:9].ljust(9, "0"))


@given(st.integers(-14 * 60, 14 * 60))
def test_an_offset_is_read_as_it_was_written(minutes):
    offset = timedelta(minutes=minutes)
    assert offset_of(written_offset(offset)) == offset


@pytest.mark.parametrize("text", ["", "+8", "+25:00", "+08:60", "+14:15", "+\u0660\u0668:\u0660\u0660", "+08:00 "])
def test_what_is_no_offset_is_none(text):
    assert offset_of(text) is None


def test_the_first_source_counts_and_another_of_the_same_time_adds_the_offset():
    said = Taken(LOCAL, "5")
    assert surest([]) is None
    assert surest([said, Taken(LOCAL.replace(hour=1), "", HOURS)]) == said
    assert surest([said, Taken(LOCAL), Taken(LOCAL, "", HOURS)]) == Taken(LOCAL, "5", HOURS)
    assert surest([Taken(LOCAL, "", -HOURS), Taken(LOCAL, "", HOURS)]) == Taken(LOCAL, "", -HOURS)
