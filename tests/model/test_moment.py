from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.model.moment import FIRST, LAST, SECOND, bounded, from_wire, now, to_second, to_wire


@given(st.integers())
def test_any_moment_can_be_written_once_it_is_bounded(moment):
    near = bounded(moment)
    assert near == moment or near in (FIRST, LAST)
    assert from_wire(to_wire(near)) == near


@given(st.integers(FIRST, LAST))
def test_a_moment_comes_back_from_the_wire_to_the_nanosecond(moment):
    assert from_wire(to_wire(moment)) == moment


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1, "1970-01-01T00:00:00.000000001Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (1_624_949_413_500_000_000, "2021-06-29T06:50:13.5Z"),
    ],
)
def test_no_more_decimals_are_written_than_are_needed(moment, text):
    assert to_wire(moment) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [(0, "1970-01-01T00:00:00Z"), (SECOND - 1, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z")],
)
def test_a_moment_is_written_to_the_second_that_has_begun(moment, text):
    assert to_second(moment) == text


@pytest.mark.parametrize(
    "text",
    [
        "2021-06-29T14:50:13.011643661+08:00",
        "2021-06-29T06:50:13.011643661Z",
        "2021-06-29t06:50:13.011643661z",
        "2021-06-28T22:20:13.0116436619999-08:30",
    ],
)
def test_offsets_and_long_fractions_are_understood(text):
    assert from_wire(text) == 1_624_949_413_011_643_661


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2021-06-29",
        "2021-06-29T06:50:13",
        "2021-02-30T06:50:13Z",
        "2021-06-29T06:50:13+25:00",
        "٢021-06-29T06:50:13Z",
    ],
)
def test_what_is_no_moment_is_refused_by_name(text):
    with pytest.raises(ValueError, match="time"):
        from_wire(text)


def test_now_is_now():
    assert abs(from_wire(to_wire(now())) - datetime.now(UTC).timestamp() * SECOND) < 60 * SECOND
