import numpy as np
import pytest

from vultus.media.provenance.coordinates import Coordinates
from vultus.media.provenance.places import REACH, TABLE, Place, Words, distances_from, places


def test_every_town_is_found_where_it_is():
    table, generator = places(), np.random.default_rng(6)
    missed = []
    for row in generator.choice(len(table.latitude), 300, replace=False):
        place = table.find(Coordinates(table.latitude[row], table.longitude[row]))
        names = {table._name(number) for number in (table.city[row], table.district[row]) if number}
        if place is None or not names & {place.city, place.district}:
            missed.append(names)
    # Harbours on the open side of a drawn border, and two towns of one spot.
    assert len(missed) <= 3, missed


def test_the_table_names_every_country_and_zone():
    table = places()
    assert len(table.countries) > 240
    assert len(table.zones) > 400
    assert len(table.latitude) > 160_000
    assert np.all(np.diff(table.latitude) >= 0)
    assert TABLE.stat().st_size < 3 * 2**20


def test_a_large_town_reaches_further_than_a_village():
    table = places()
    rome = table.find(Coordinates(41.9028, 12.4964))
    assert rome is not None
    assert rome.city[0] == "Rome"
    assert table.find(Coordinates(41.83, 12.47)) == rome


@pytest.mark.parametrize(("kilometres", "city"), [(REACH - 3, "Coober Pedy"), (REACH + 3, "")])
def test_what_is_out_of_reach_of_every_town_is_in_none(kilometres, city):
    """Seen from a town far from all others, along its meridian."""
    there = places().find(Coordinates(-29.0139 + kilometres / 111.2, 134.7533))
    assert there is not None
    assert (there.country[0], there.city[0]) == ("Australia", city)


@pytest.mark.parametrize(
    ("here", "there", "kilometres"),
    [
        ((-16.8, 179.99), (-16.8, -179.99), 2.13),
        ((90, 0), (89.9, 180), 11.12),
        ((89.9, 10), (89.9, -170), 22.24),
        ((43.4674, 11.8851), (41.9028, 12.4964), 181.1),
        ((10, 20), (10, 20), 0),
        ((0, 0), (0, 180), 20015.1),
    ],
)
def test_distances_go_the_shortest_way_round_the_globe(here, there, kilometres):
    latitude, longitude = (np.array([part], np.float64) for part in there)
    assert distances_from(Coordinates(*here), latitude, longitude)[0] == pytest.approx(kilometres, rel=2e-3)


def test_a_place_without_a_country_is_none():
    assert places().find(Coordinates(30, -40)) is None
    assert isinstance(places().find(Coordinates(72, -40)), Place)


def test_many_words_are_kept_as_they_are():
    words = ["", "Arezzo", "杭州市", "Île-de-France", ""]
    kept = Words(np.frombuffer("\n".join(words).encode(), np.uint8))
    assert [kept.word(number) for number in range(len(words))] == words
