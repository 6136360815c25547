"""Places: the country, province, city and district of a point on Earth, without asking anybody.

The table, ``places.npz``, is made by ``scripts/make_places.py``: GeoNames' towns of 1,000 people or more, the districts
of China, and the time zones of countries. docs/metadata.md says what comes from whom.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vultus.media.provenance.coordinates import Coordinates
from vultus.media.provenance.timezone import zones_at

TABLE = Path(__file__).with_name("places.npz")
GRAIN = 1e-4  # degrees: the unit of the coordinates in the table
REACH = 50.0  # kilometres; what is further from every town is in its country, and in no town
RADIUS = 6371.0  # kilometres, of the Earth
DEGREE = RADIUS * np.pi / 180  # kilometres of a degree of latitude
#: How far a town reaches goes with the fourth root of its people: a city of a million takes the land up to 5.6 parts
#: in 6.6 of the way to a village of a thousand. The table has four times the logarithm of the people.
PULL = 1 / 16

Name = tuple[str, str]
Rows = NDArray[np.intp]
LANGUAGES = ("en", "zh-Hans")  # BCP 47; in the order of the names


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, each part named in English and Chinese; a part that is not known is empty twice."""

    country: Name
    province: Name = ("", "")
    city: Name = ("", "")
    district: Name = ("", "")


@dataclass(frozen=True, slots=True)
class Places:
    """The table.

    Attributes:
        latitude, longitude: degrees, (n); sorted by latitude.
        pull: how far a town reaches, in parts of each other, (n).
        country: place of its country in ``countries``, (n).
        province, city, district: numbers of names, (n); a section of a town has no city.
        countries: numbers of their names.
        zones: countries by time zone.
        names: English and Chinese.
    """

    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    pull: NDArray[np.float64]
    country: NDArray[np.uint8]
    province: NDArray[np.uint32]
    city: NDArray[np.uint32]
    district: NDArray[np.uint32]
    countries: NDArray[np.uint32]
    zones: dict[str, list[int]]
    names: "tuple[Words, Words]" = field(repr=False)

    def find(self, point: Coordinates) -> Place | None:
        """Say where a point is; None on the open sea, and where no country is."""
        countries = sorted({country for zone in zones_at(point) for country in self.zones.get(zone, ())})
        if not countries:
            return None
        rows, distances = self._near(point, countries)
        if not rows.size:
            return Place(self._name(self.countries[countries[0]])) if len(countries) == 1 else None
        order = np.argsort(distances / self.pull[rows], kind="stable")
        nearest = rows[order[0]]
        same = rows[order][self.country[rows[order]] == self.country[nearest]]
        towns = same[self.city[same] != 0]
        city = self._name(self.city[towns[0]]) if towns.size else ("", "")
        return Place(
            country=self._name(self.countries[self.country[nearest]]),
            province=self._name(self.province[nearest]),
            city=city,
            district=self._name(self.district[nearest]),
        )

    def _near(self, point: Coordinates, countries: list[int]) -> tuple[Rows, NDArray[np.float64]]:
        """The towns of some countries within reach, and how far they are in kilometres."""
        edges = point.latitude - REACH / DEGREE, point.latitude + REACH / DEGREE
        first, last = np.searchsorted(self.latitude, edges)
        rows = np.arange(first, last)
        rows = rows[np.isin(self.country[rows], countries)]
        distances = distances_from(point, self.latitude[rows], self.longitude[rows])
        within = distances <= REACH
        return rows[within], distances[within]

    def _name(self, number: int) -> Name:
        english, chinese = (words.word(int(number)) for words in self.names)
        return english, chinese or english


class Words:
    """Many words in little memory."""

    def __init__(self, text: NDArray[np.uint8]) -> None:
        """Take them as UTF-8, a line each."""
        self._text = text.tobytes()
        ends = np.append(np.flatnonzero(text == ord("\n")), len(text))
        self._starts = np.append(0, ends + 1).astype(np.uint32)

    def word(self, number: int) -> str:
        """Return one of them."""
        return self._text[self._starts[number] : self._starts[number + 1] - 1].decode()


@cache
def places() -> Places:
    """Return the table, read once."""
    with np.load(TABLE, allow_pickle=False) as table:
        zones: dict[str, list[int]] = {}
        names = table["zones"].tobytes().decode().split("\n")
        for zone, country in zip(names, table["zone_country"].tolist(), strict=True):
            zones.setdefault(zone, []).append(country)
        return Places(
            latitude=table["latitude"] * GRAIN,
            longitude=table["longitude"] * GRAIN,
            pull=2.0 ** (table["size"] * PULL),
            country=table["country"],
            province=table["province"],
            city=table["city"],
            district=table["district"],
            countries=table["countries"],
            zones=zones,
            names=(Words(table["english"]), Words(table["chinese"])),
        )


def distances_from(
    point: Coordinates, latitude: NDArray[np.float64], longitude: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Kilometres along great circles: across the 180th meridian, and round the poles, like anywhere."""
    north, east = np.radians(point)
    norths, easts = np.radians(latitude), np.radians(longitude)
    half = np.sin((norths - north) / 2) ** 2 + np.cos(north) * np.cos(norths) * np.sin((easts - east) / 2) ** 2
    distances: NDArray[np.float64] = 2 * RADIUS * np.arcsin(np.sqrt(np.minimum(half, 1)))
    return distances
