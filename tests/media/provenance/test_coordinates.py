import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from vultus.media.provenance.coordinates import Coordinates, coordinates_of


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_place_is_read_as_it_is_written(latitude, longitude):
    found = coordinates_of(f"{latitude},{longitude}")
    assert found == (None if latitude == longitude == 0 else Coordinates(latitude, longitude))


@pytest.mark.parametrize(
    "text",
    [UNSET, "", ",", "12", "12,", "north,east", "nan,nan", "inf,0", "0,0", "-0.0,0.0", "90.1,0", "0,-180.1", "1,2,3"],
)
def test_what_is_no_place_is_none(text):
    assert coordinates_of(text) is None
