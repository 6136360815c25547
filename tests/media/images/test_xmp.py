from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from vultus.media.images.xmp import LARGEST, WANTED, lat_long_by_xmp, made_by_xmp, read_xmp, taken_by_xmp, title_by_xmp
from vultus.media.provenance.taken import Taken

VOCABULARIES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:exif="http://ns.adobe.com/exif/1.0/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
LOCAL = datetime(2021, 6, 29, 14, 50, 13)


def packet(attributes: str = "", elements: str = "") -> bytes:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF {VOCABULARIES}><rdf:Description rdf:about="" {attributes}>{elements}</rdf:Description></rdf:RDF>'
        '</x:xmpmeta><?xpacket end="w"?>'
    ).encode()


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("2021-06-29T14:50:13+08:00", Taken(LOCAL, "", timedelta(hours=8))),
        ("2021-06-29T14:50:13.011643661+08:00", Taken(LOCAL, "011643661", timedelta(hours=8))),
        ("2021-06-29T14:50:13Z", Taken(LOCAL, "", timedelta(0))),
        ("2021-06-29T14:50:13", Taken(LOCAL)),
        ("2021-06-29T14:50-03:30", Taken(LOCAL.replace(second=0), "", timedelta(hours=-3.5))),
        ("2021-06-29T14:50:13+99:00", Taken(LOCAL)),
        ("2021-06-29", None),
        ("2021", None),
        ("2021-02-30T14:50:13Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("yesterday", None),
    ],
)
def test_a_moment_is_read_as_far_as_it_goes(text, taken):
    written = read_xmp(packet(f'photoshop:DateCreated="{text}"'))
    assert next(taken_by_xmp(written), None) == taken
    assert made_by_xmp(read_xmp(packet(elements=f"<xmp:CreateDate>{text}</xmp:CreateDate>"))) == taken


def test_what_exif_calls_it_goes_before_what_photoshop_calls_it():
    written = read_xmp(
        packet('photoshop:DateCreated="2020-01-01T00:00:00Z" exif:DateTimeOriginal="2021-06-29T14:50:13Z"')
    )
    assert [taken.local.year for taken in taken_by_xmp(written)] == [2021, 2020]


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [
        ("43,28.0469N", "11,53.1076E", "43.467448,11.885127"),
        ("30,8,4S", "120,4,30W", "-30.134444,-120.075000"),
        ("0,0.0N", "0,0.0E", UNSET),
        ("91,0.0N", "11,0.0E", UNSET),
        ("43,28.0N", "11,53.0N", UNSET),
        ("43.5", "11.5", UNSET),
        ("43,28.0N", "", UNSET),
    ],
)
def test_a_place_is_read_as_xmp_writes_it(latitude, longitude, place):
    assert lat_long_by_xmp(read_xmp(packet(f'exif:GPSLatitude="{latitude}" exif:GPSLongitude="{longitude}"'))) == place


def test_a_title_is_the_first_of_its_languages():
    several = "<dc:title><rdf:Alt><rdf:li>A day\tout</rdf:li><rdf:li>Ein Ausflug</rdf:li></rdf:Alt></dc:title>"
    assert title_by_xmp(read_xmp(packet(elements=several))) == "A day out"
    assert title_by_xmp(read_xmp(packet(elements="<dc:title>郊游</dc:title>"))) == "郊游"
    assert title_by_xmp(read_xmp(packet())) is UNSET


def test_what_comes_before_the_damage_is_kept():
    broken = packet('photoshop:DateCreated="2021-06-29T14:50:13Z"', "<dc:title>")[:-40]
    assert next(taken_by_xmp(read_xmp(broken))).local == LOCAL


def test_entities_cannot_grow():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    title = packet(elements="<dc:title>&b;</dc:title>").decode()
    start = title.index("<x:xmpmeta")
    assert read_xmp((title[:start] + bomb + title[start:]).encode()) == {}


def test_depth_and_size_are_bounded():
    nested = "<dc:a>" * 1000 + "<dc:title>deep</dc:title>" + "</dc:a>" * 1000
    assert read_xmp(packet(elements=nested)) == {}
    long = packet(elements=f"<dc:title>{'x' * 100_000}</dc:title>")
    assert len(title_by_xmp(read_xmp(long))) <= 2000
    assert read_xmp(packet(elements="<dc:title>t</dc:title>" + " " * LARGEST)) == {}


@settings(max_examples=300)
@given(st.binary(max_size=300), st.integers(0, 500), st.integers(0, 300))
def test_damaged_packets_never_raise(junk, at, length):
    whole = packet('exif:GPSLatitude="43,28.0N" exif:GPSLongitude="11,53.0E"', "<dc:title>day</dc:title>")
    found = read_xmp(whole[:at] + junk + whole[at + length :])
    lat_long_by_xmp(found)
    assert all(taken.local for taken in taken_by_xmp(found))
    assert found.keys() <= WANTED
