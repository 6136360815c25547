from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.media.provenance.clock import moment_of
from vultus.media.provenance.coordinates import Coordinates
from vultus.media.provenance.taken import WIDEST, Taken
from vultus.media.provenance.timezone import offset_in, zone_at, zones_at

AREZZO = Coordinates(43.467448, 11.885127)
ATLANTIC = Coordinates(30, -40)


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        (AREZZO, "Europe/Rome"),
        (Coordinates(30.13439, 120.074997), "Asia/Shanghai"),
        (Coordinates(43.87, 87.6), "Asia/Shanghai"),
        (Coordinates(-17.8, 177.4), "Pacific/Fiji"),
        (Coordinates(-16.8, -179.99), "Pacific/Fiji"),
        (Coordinates(43.4, 10.2), "Europe/Rome"),
        (Coordinates(-90, 0), "Antarctica/McMurdo"),
        (Coordinates(90, 0), ""),
        (Coordinates(0, 180), ""),
        (ATLANTIC, ""),
    ],
)
def test_a_place_tells_its_zone_and_the_open_sea_none(place, zone):
    assert zone_at(place) == zone
    assert zone in zones_at(place) if zone else not zones_at(place)


@pytest.mark.parametrize(
    ("zone", "local", "hours"),
    [
        ("Europe/Rome", datetime(2008, 10, 22, 16, 28, 39), 2),
        ("Europe/Rome", datetime(2008, 12, 22, 16, 28, 39), 1),
        ("Europe/Rome", datetime(2008, 10, 26, 2, 30), 2),
        ("Europe/Rome", datetime(2008, 3, 30, 2, 30), 1),
        ("Asia/Kathmandu", datetime(2021, 6, 29), 5.75),
        ("UTC", datetime(2021, 6, 29), 0),
    ],
)
def test_clocks_follow_the_rules_of_their_zone(zone, local, hours):
    assert offset_in(zone, local) == timedelta(hours=hours)


def test_mean_time_of_old_is_told_to_the_minute():
    assert offset_in("Europe/Paris", datetime(1900, 1, 1)) == timedelta(minutes=9)  # and 21 seconds


@given(st.floats(-90, 90), st.floats(-180, 180), st.datetimes(datetime(1826, 1, 1), datetime(9998, 1, 1)))
def test_anywhere_a_clock_is_whole_minutes_from_utc(latitude, longitude, local):
    zone = zone_at(Coordinates(latitude, longitude)) or "UTC"
    offset = offset_in(zone, local)
    assert offset % timedelta(minutes=1) == timedelta(0)
    assert abs(offset) <= WIDEST + timedelta(hours=2)  # before 1900 some zones were on the other side of the date line


def test_a_told_offset_goes_before_the_place_and_the_place_before_the_setting():
    local = datetime(2021, 6, 29, 14, 50, 13)
    told = Taken(local, "5", timedelta(hours=8))
    assert moment_of(told, AREZZO, "America/New_York") == "2021-06-29T14:50:13.5+08:00"
    assert moment_of(Taken(local), AREZZO, "America/New_York") == "2021-06-29T14:50:13+02:00"
    assert moment_of(Taken(local), ATLANTIC, "America/New_York") == "2021-06-29T14:50:13-04:00"
    assert moment_of(Taken(local), None, "UTC") == "2021-06-29T14:50:13Z"
