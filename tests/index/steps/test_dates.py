import pytest
from msgspec import UNSET

from tests.index.steps.camera import photo


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("IMG_20210629_145013.jpg", "2021-06-29T14:50:13Z"),
        ("trip/2021-06-29 14.50.13.jpg", "2021-06-29T14:50:13Z"),
        ("PXL_20210629_065013123.jpg", "2021-06-29T06:50:13.123Z"),
        ("IMG-20210629-WA0003.jpg", "2021-06-29T12:00:00Z"),
        ("DSCN0010.jpg", "2001-09-09T01:46:40Z"),
    ],
)
@pytest.mark.proves("File.ProduceTime")
def test_the_name_tells_and_else_the_time_of_the_file(subject_of, name, moment):
    assert subject_of(photo(), "dates", name=name).document.produce_time == moment


def test_nothing_is_told_where_neither_the_name_nor_the_store_says_when(subject_of):
    document = subject_of(photo(), "dates", name="DSCN0010.jpg", modified=0).document
    assert (document.produce_time, document.file_modified_time) == (UNSET, UNSET)


def test_the_name_tells_the_local_time_of_the_place(subject_of):
    document = subject_of(photo(place=True), "dates", name="IMG_20210629_145013.jpg").document
    assert document.produce_time == "2021-06-29T14:50:13+02:00"


def test_what_the_camera_says_goes_before_the_name(subject_of):
    taken = photo(local="2020:01:01 00:00:00", offset="+01:00")
    assert subject_of(taken, "dates", name="IMG_20210629_145013.jpg").document.produce_time.startswith("2020-01-01")
    told = photo(made="2019-01-01T00:00:00Z")
    assert subject_of(told, "dates", name="IMG_20210629_145013.jpg").document.produce_time.startswith("2019-01-01")


def test_a_video_is_dated_by_its_name_too(subject_of, data):
    film = data / "media" / "intel-videos__asl_gestures__bird.mkv"
    document = subject_of(film, "dates", name="VID_20210629_145013.mkv").document
    assert document.produce_time == "2021-06-29T14:50:13Z"
