import pytest
from msgspec import UNSET

from tests.index.steps.camera import photo


@pytest.mark.proves("File.Addresses Timezone TravelClusterId")
def test_a_place_has_addresses_and_the_name_of_its_time_zone(subject_of):
    taken = photo(local="2008:10:22 16:28:39", offset="+02:00", place=True)
    document = subject_of(taken, "places").document
    assert [(each.language, each.city) for each in document.addresses] == [("zh-Hans", "Arezzo"), ("en", "Arezzo")]
    assert document.timezone == "Europe/Rome"
    assert document.travel_cluster_id == "-"


def test_without_a_place_the_offset_is_all_that_is_known_of_the_time_zone(subject_of):
    document = subject_of(photo(local="2008:10:22 16:28:39", offset="+02:00"), "places").document
    assert document.addresses is UNSET
    assert document.timezone == "+02:00"
    assert subject_of(photo(), "places").document.timezone is UNSET


@pytest.mark.proves("File.LatLong Timezone")
def test_a_film_is_somewhere_too(subject_of, data):
    film = data / "media" / "photoprism-videos__pkg__media__video__testdata__quicktime-hvc1.mov"
    document = subject_of(film, "places").document
    assert document.lat_long == "52.459700,13.322000"
    assert document.addresses[1].address_line == "Steglitz, Berlin, State of Berlin, Germany"
    assert document.timezone == "Europe/Berlin"
