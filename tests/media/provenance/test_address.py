import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from vultus.media.images.exif import read_exif
from vultus.media.provenance.address import addresses_at
from vultus.media.provenance.coordinates import Coordinates, coordinates_of

KNOWN = [
    (43.4674, 11.8851, "Arezzo, Tuscany, Italy", "意大利托斯卡纳 Arezzo"),
    (30.2741, 120.1301, "Xihu District, Hangzhou, Zhejiang, China", "中国浙江省杭州市西湖区"),
    (31.2304, 121.4737, "Huangpu District, Shanghai, China", "中国上海市黄浦区"),
    (23.0200, 113.7500, "Dongguan, Guangdong, China", "中国广东省东莞市"),
    (22.2800, 114.1600, "Hong Kong, Hong Kong SAR China", "中国香港特别行政区香港"),
    (48.8049, 2.1204, "Versailles, Île-de-France, France", "法国 Île-de-France Versailles"),
    (52.4999, 13.4030, "Kreuzberg, Berlin, State of Berlin, Germany", "德国柏林克罗伊茨贝格"),
    (-33.8568, 151.2153, "Sydney, New South Wales, Australia", "澳大利亚新南威尔士州悉尼"),
    (-22.9519, -43.2105, "Rio de Janeiro, Brazil", "巴西里约热内卢州里约热内卢"),
    (21.3000, -157.8500, "Honolulu, Hawaii, United States", "美国夏威夷州檀香山"),
    (55.7520, 37.6175, "Moscow, Russia", "俄罗斯莫斯科"),
    (41.9022, 12.4533, "Vatican City", "梵蒂冈"),
    (42.6600, 21.1600, "Pristina, Kosovo", "科索沃普里什蒂纳"),
]


def line(latitude: float, longitude: float) -> str:
    """The address in English; empty where there is none."""
    found = {each.language: each.address_line for each in addresses_at(Coordinates(latitude, longitude))}
    return found.get("en", "")


@pytest.mark.parametrize(("latitude", "longitude", "english", "chinese"), KNOWN)
@pytest.mark.proves("Address.Language AddressLine")
def test_places_that_everybody_knows_are_named_in_both_languages(latitude, longitude, english, chinese):
    first, second = addresses_at(Coordinates(latitude, longitude))
    assert (first.language, first.address_line) == ("zh-Hans", chinese)
    assert (second.language, second.address_line) == ("en", english)


@pytest.mark.proves("Address.Country Province City District")
def test_an_address_has_the_parts_of_imms():
    chinese, english = addresses_at(Coordinates(30.2741, 120.1301))
    assert (chinese.country, chinese.province, chinese.city, chinese.district) == ("中国", "浙江省", "杭州市", "西湖区")
    assert (english.country, english.province, english.city) == ("China", "Zhejiang", "Hangzhou")
    assert english.district == "Xihu District"
    assert english.township is UNSET


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ((47.5596, 7.5886, "Switzerland"), (47.5942, 7.6108, "Germany")),
        ((43.7384, 7.4246, "Monaco"), (43.7450, 7.4000, "France")),
        ((32.5350, -117.0300, "Mexico"), (32.5500, -117.0500, "United States")),
        ((22.5000, 114.1300, "Hong Kong SAR China"), (22.5400, 114.0500, "China")),
        ((47.6970, 8.6900, "Germany"), (47.6973, 8.6349, "Switzerland")),
        ((43.9367, 12.4463, "San Marino"), (44.0594, 12.5683, "Italy")),
        ((50.7550, 6.0200, "Netherlands"), (50.7763, 6.0836, "Germany")),
    ],
)
def test_a_border_is_where_countries_have_it_not_half_way_between_towns(here, there):
    for latitude, longitude, country in (here, there):
        assert line(latitude, longitude).split(", ")[-1] == country


@pytest.mark.parametrize(
    ("latitude", "longitude", "english"),
    [
        (30, -40, ""),
        (0.001, 180, ""),
        (90, 0, ""),
        (-90, 0, "Antarctica"),
        (-90, 180, "Antarctica"),
        (72, -40, "Greenland"),
        (80, 100, "Russia"),
        (-16.8, 179.99, "Fiji"),
        (-16.8, -179.99, "Fiji"),
    ],
)
def test_far_from_every_town_there_is_the_country_alone_and_on_the_sea_nothing(latitude, longitude, english):
    assert line(latitude, longitude) == english


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_anywhere_an_address_has_a_country_in_each_language_or_there_is_none(latitude, longitude):
    found = addresses_at(Coordinates(latitude, longitude))
    assert [each.language for each in found] in ([], ["zh-Hans", "en"])
    for each in found:
        assert each.country
        assert each.address_line.startswith(each.country) or each.address_line.endswith(each.country)
        assert each.district is UNSET or each.province or each.city


def test_the_photos_of_the_test_media_were_taken_in_arezzo(data):
    photos = sorted((data / "media").glob("*__gps__*.jpg"))
    assert len(photos) == 9
    for photo in photos:
        place = coordinates_of(read_exif(photo.read_bytes()).lat_long)
        assert [(each.city, each.country) for each in addresses_at(place)] == [
            ("Arezzo", "意大利"),
            ("Arezzo", "Italy"),
        ]
