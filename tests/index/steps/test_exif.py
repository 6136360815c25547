import json

import pytest
from msgspec import UNSET

from tests.index.steps.camera import photo


@pytest.mark.proves("File.ProduceTime Timezone EXIF")
def test_a_local_time_with_its_offset_tells_the_time_zone(subject_of):
    document = subject_of(photo(local="2021:06:29 14:50:13", offset="+08:00"), "exif").document
    assert (document.produce_time, document.timezone) == ("2021-06-29T14:50:13+08:00", "+08:00")
    assert json.loads(document.exif)["DateTimeOriginal"] == {"value": "2021:06:29 14:50:13"}


@pytest.mark.proves("File.ProduceTime LatLong")
def test_a_local_time_is_that_of_the_place(subject_of):
    document = subject_of(photo(local="2008:10:22 16:28:39", place=True), "exif").document
    assert document.produce_time == "2008-10-22T16:28:39+02:00"
    assert document.lat_long == "43.467444,11.885128"
    assert document.timezone is UNSET


def test_a_local_time_of_nowhere_is_that_of_the_settings(subject_of):
    document = subject_of(photo(local="2008:10:22 16:28:39"), "exif").document
    assert (document.produce_time, document.timezone) == ("2008-10-22T16:28:39Z", UNSET)


def test_xmp_adds_the_offset_that_exif_leaves_out(subject_of):
    document = subject_of(photo(local="2021:06:29 14:50:13", made="2021-06-29T14:50:13+09:00"), "exif").document
    assert (document.produce_time, document.timezone) == ("2021-06-29T14:50:13+09:00", "+09:00")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.proves("File.ProduceTime Title")
def test_xmp_tells_time_and_title_where_exif_is_silent(subject_of, kind):
    document = subject_of(photo(made="2021-06-29T14:50:13.25+09:00", kind=kind), "exif").document
    assert (document.produce_time, document.title) == ("2021-06-29T14:50:13.25+09:00", "A day out")


def test_exif_goes_before_xmp(subject_of):
    document = subject_of(photo(local="2021:06:29 14:50:13", made="2020-01-01T00:00:00Z"), "exif").document
    assert document.produce_time == "2021-06-29T14:50:13Z"


def test_the_camera_of_the_test_media_was_in_italy(subject_of, data):
    file = data / "media" / "exif-samples__jpg__gps__DSCN0010.jpg"
    assert subject_of(file, "exif").document.produce_time == "2008-10-22T16:28:39+02:00"
