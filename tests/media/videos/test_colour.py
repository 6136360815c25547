"""Colours have ffprobe's names."""

from msgspec import UNSET

from vultus.media.videos.colour import PRIMARIES, RANGES, SPACES, TRANSFERS, colour_name


def test_the_colours_of_hdr_have_their_names():
    assert colour_name(SPACES, 9) == "bt2020nc"
    assert colour_name(PRIMARIES, 9) == "bt2020"
    assert colour_name(TRANSFERS, 16) == "smpte2084"
    assert colour_name(TRANSFERS, 18) == "arib-std-b67"
    assert colour_name(RANGES, 1) == "tv"


def test_what_is_not_said_is_left_out():
    for names in (SPACES, PRIMARIES, TRANSFERS):
        assert colour_name(names, 2) is UNSET  # "unspecified", as H.273 numbers it
    assert colour_name(RANGES, 0) is UNSET
    assert colour_name(SPACES, 10**6) is UNSET
