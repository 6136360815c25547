import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from PIL.ExifTags import GPS, Base
from PIL.TiffImagePlugin import IFDRational

from vultus.media.provenance.capture import lat_long, produce_time

HANGZHOU = {
    GPS.GPSLatitudeRef: "N",
    GPS.GPSLatitude: (30.0, 8.0, IFDRational(3804, 1000)),
    GPS.GPSLongitudeRef: "E",
    GPS.GPSLongitude: (120.0, 4.0, IFDRational(299892, 10000)),
}


def taken(when: object, offset: object = None, fraction: object = None) -> dict[int, object]:
    photo = {Base.DateTimeOriginal: when, Base.OffsetTimeOriginal: offset, Base.SubsecTimeOriginal: fraction}
    return {tag: value for tag, value in photo.items() if value is not None}


def satellite(day: object, *clock: object) -> dict[int, object]:
    return {GPS.GPSDateStamp: day, GPS.GPSTimeStamp: clock}


@pytest.mark.parametrize(
    ("photo", "moment"),
    [
        (taken("2021:06:29 14:50:13", "+08:00", "011643661"), "2021-06-29T14:50:13.011643661+08:00"),
        (taken("2021:06:29 14:50:13", "-03:30", "50"), "2021-06-29T14:50:13.5-03:30"),
        (taken("2021:06:29 14:50:13\0", "+08:00\0", "00"), "2021-06-29T14:50:13+08:00"),
        (taken("2021:06:29 14:50:13", "+00:00"), "2021-06-29T14:50:13Z"),
        (taken("2021:06:29 14:50:13", "Z"), "2021-06-29T14:50:13Z"),
        (taken("2021:06:29 14:50:13", "+05:45", " 12 "), "2021-06-29T14:50:13.12+05:45"),
        (taken("2021:06:29 14:50:13", "+05:45", "nonsense"), "2021-06-29T14:50:13+05:45"),
    ],
)
def test_a_time_with_its_distance_from_utc_is_a_moment(photo, moment):
    assert produce_time(photo, {}) == moment


@pytest.mark.parametrize(
    "photo",
    [
        {},
        taken("2021:06:29 14:50:13"),
        taken("2021:06:29 14:50:13", "   :  "),
        taken("2021:06:29 14:50:13", "+25:00"),
        taken("2021:06:29 14:50:13", "+08:99"),
        taken("2021:06:29 14:50:13", 8),
        taken("0000:00:00 00:00:00", "+08:00"),
        taken("0001:01:01 00:00:00", "+08:00"),
        taken("2021:02:30 00:00:00", "+08:00"),
        taken("2021:06:29 24:00:00", "+08:00"),
        taken("    :  :     :  :  ", "+08:00"),
        taken("2021:06:29", "+08:00"),
        taken(b"2021:06:29 14:50:13", "+08:00"),
        {Base.DateTime: "2021:06:29 14:50:13", Base.OffsetTime: "+08:00"},
    ],
)
def test_a_time_in_doubt_is_no_moment(photo):
    assert produce_time(photo, {}) is UNSET


@pytest.mark.parametrize(
    ("gps", "moment"),
    [
        (satellite("2021:06:29", 6.0, 50.0, 12.0), "2021-06-29T14:50:13+08:00"),
        (satellite("2021:06:29", 9.0, 5.0, 40.0), "2021-06-29T14:50:13+05:45"),
        (satellite("2021:06:30", 1.0, 49.0, 0.0), "2021-06-29T14:50:13-11:00"),
        (satellite("2021:06:29", 14.0, 50.0, 13.0), "2021-06-29T14:50:13Z"),
        (satellite("2021:06:29", 6.0, 45.0, 0.0), UNSET),
        (satellite("2021:06:30", 6.0, 50.0, 12.0), UNSET),
        (satellite("2021:06:28", 6.0, 50.0, 12.0), UNSET),
        (satellite("2021:06:29", 6.0, 50.0), UNSET),
        (satellite("2021:06:29", 6.0, 50.0, IFDRational(1, 0)), UNSET),
        (satellite("2021:06:29", 99.0, 50.0, 12.0), UNSET),
        (satellite("2021:99:29", 6.0, 50.0, 12.0), UNSET),
        (satellite(None, 6.0, 50.0, 12.0), UNSET),
    ],
)
def test_the_satellites_tell_how_far_local_time_is_from_utc(gps, moment):
    assert produce_time(taken("2021:06:29 14:50:13"), gps) == moment


def test_the_written_distance_goes_before_the_satellites():
    photo = taken("2021:06:29 14:50:13", "+09:00")
    assert produce_time(photo, satellite("2021:06:29", 6.0, 50.0, 12.0)) == "2021-06-29T14:50:13+09:00"


def test_a_place_is_written_as_imm_writes_it():
    assert lat_long(HANGZHOU) == "30.134390,120.074997"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({GPS.GPSLatitudeRef: "S", GPS.GPSLongitudeRef: "W"}, "-30.134390,-120.074997"),
        ({GPS.GPSLatitudeRef: "north\0", GPS.GPSLongitudeRef: "e"}, "30.134390,120.074997"),
        ({GPS.GPSLatitude: (30.5,), GPS.GPSLongitude: 120.25}, "30.500000,120.250000"),
        ({GPS.GPSLatitude: (90.0, 0.0, 0.0), GPS.GPSLongitude: (180.0, 0.0, 0.0)}, "90.000000,180.000000"),
        ({GPS.GPSLatitude: (0.0, 0.0, 0.0), GPS.GPSLatitudeRef: "S"}, "0.000000,120.074997"),
        ({GPS.GPSLatitude: (10.0, 60.0, 0.0)}, "11.000000,120.074997"),
        ({GPS.GPSStatus: "A"}, "30.134390,120.074997"),
        ({GPS.GPSStatus: "V"}, UNSET),
        ({GPS.GPSLatitudeRef: None}, UNSET),
        ({GPS.GPSLatitudeRef: ""}, UNSET),
        ({GPS.GPSLatitudeRef: "E"}, UNSET),
        ({GPS.GPSLatitude: None}, UNSET),
        ({GPS.GPSLatitude: ()}, UNSET),
        ({GPS.GPSLatitude: (90.0, 0.0, 0.1)}, UNSET),
        ({GPS.GPSLatitude: (91.0, 0.0, 0.0)}, UNSET),
        ({GPS.GPSLatitude: (-30.0, 0.0, 0.0)}, UNSET),
        ({GPS.GPSLatitude: (30.0, 99.0, 0.0)}, UNSET),
        ({GPS.GPSLongitude: (181.0, 0.0, 0.0)}, UNSET),
        ({GPS.GPSLatitude: (IFDRational(0, 0), 0.0, 0.0)}, UNSET),
        ({GPS.GPSLatitude: (float("nan"), 0.0, 0.0)}, UNSET),
        ({GPS.GPSLatitude: "30.13"}, "30.130000,120.074997"),
        ({GPS.GPSLatitude: b"\1\2"}, UNSET),
        ({GPS.GPSLatitude: (0.0, 0.0, 0.0), GPS.GPSLongitude: (0.0, 0.0, 0.0)}, UNSET),
    ],
)
def test_a_place_is_told_when_there_is_no_doubt(change, place):
    assert lat_long({**HANGZHOU, **change}) == place


VALUES = st.one_of(
    st.none(),
    st.text(max_size=25),
    st.binary(max_size=20),
    st.integers(),
    st.floats(),
    st.builds(IFDRational, st.integers(), st.integers()),
    st.lists(st.one_of(st.floats(), st.integers(), st.text(max_size=3), st.builds(IFDRational, st.integers()))).map(
        tuple
    ),
)


@given(
    st.dictionaries(st.sampled_from([Base.DateTimeOriginal, Base.OffsetTimeOriginal, Base.SubsecTimeOriginal]), VALUES),
    st.dictionaries(st.sampled_from(list(GPS)), VALUES),
)
def test_no_value_is_too_odd(photo, gps):
    place = lat_long({**HANGZHOU, **gps})
    if place is not UNSET:
        latitude, longitude = map(float, place.split(","))
        assert abs(latitude) <= 90
        assert abs(longitude) <= 180
    moment = produce_time({**taken("2021:06:29 14:50:13"), **photo}, gps)
    assert moment is UNSET or moment[:1].isdigit()
