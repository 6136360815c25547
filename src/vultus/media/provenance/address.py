"""Addresses: a place as people write it, in each language."""

from msgspec import UNSET

from vultus import model
from vultus.media.provenance.coordinates import Coordinates
from vultus.media.provenance.places import LANGUAGES, Place, places

CJK = ("\u2e80", "\uffef")  # letters between which no space is written


def addresses_at(point: Coordinates) -> list[model.Address]:
    """Return the address of a point in every language of the table, Chinese first as in IMM; none on the open sea."""
    place = places().find(point)
    return [] if place is None else [_address(place, language) for language in reversed(range(len(LANGUAGES)))]


def _address(place: Place, language: int) -> model.Address:
    named = (place.country, place.province, place.city, place.district)
    country, province, city, district = (part[language] for part in named)
    parts = _once([(part[0], part[language]) for part in named if part[0]])
    line = _from_large_to_small(parts) if LANGUAGES[language].startswith("zh") else ", ".join(reversed(parts))
    return model.Address(
        language=LANGUAGES[language],
        address_line=line,
        country=country,
        province=province or UNSET,
        city=city or UNSET,
        district=district or UNSET,
    )


def _once(parts: list[tuple[str, str]]) -> list[str]:
    """Each part once, given in English and the language: a city may be its own province."""
    translated = {english for english, name in parts if name != english}
    return list(dict.fromkeys(name for english, name in parts if name != english or english not in translated))


def _from_large_to_small(parts: list[str]) -> str:
    """Chinese order, without spaces except beside foreign names."""
    line = ""
    for part in parts:
        apart = line and not (_is_cjk(line[-1]) and _is_cjk(part[0]))
        line += f" {part}" if apart else part
    return line


def _is_cjk(letter: str) -> bool:
    return CJK[0] <= letter <= CJK[1]
