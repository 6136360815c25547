from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.media.provenance.file_name import taken_by_name
from vultus.media.provenance.taken import Taken

LOCAL = datetime(2021, 6, 29, 14, 50, 13)
UTC = timedelta(0)


@pytest.mark.parametrize(
    "name",
    [
        "IMG_20210629_145013.jpg",
        "VID_20210629_145013.mp4",
        "20210629_145013.jpg",
        "20210629_145013(1).jpg",
        "IMG_20210629_145013_HDR.jpg",
        "PANO_20210629_145013.jpg",
        "2021-06-29 14.50.13.jpg",
        "2021-06-29 14.50.13-2.jpg",
        "2021-06-29T14:50:13.jpg",
        "2021-06-29_14-50-13.png",
        "2021.06.29 14.50.13.jpg",
        "Photo 2021-06-29 14-50-13.jpg",
        "Screenshot_20210629-145013.png",
        "Screenshot_2021-06-29-14-50-13.png",
        "Screenshot_20210629_145013_com.example.app.png",
        "Screenshot 2021-06-29 at 14.50.13.png",
        "Screenshot 2021-06-29 at 2.50.13 PM.png",
        "Screenshot 2021-06-29 at 2.50.13\u202fPM.png",
        "WhatsApp Image 2021-06-29 at 14.50.13.jpeg",
        "WhatsApp Video 2021-06-29 at 2.50.13 PM.mp4",
        "signal-2021-06-29-145013.jpg",
        "signal-2021-06-29-14-50-13.jpg",
        "微信图片_20210629145013.jpg",
        "IMG_20210629145013.jpg",
        "holidays/2019-01-01 00.00.00/IMG_20210629_145013.jpg",
    ],
)
def test_names_tell_local_time(name):
    assert taken_by_name(name) == Taken(LOCAL)


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("PXL_20210629_065013123.jpg", Taken(LOCAL.replace(hour=6), "123", UTC)),
        ("PXL_20210629_065013123.MP.jpg", Taken(LOCAL.replace(hour=6), "123", UTC)),
        ("PXL_20210629_065013123.NIGHT.jpg", Taken(LOCAL.replace(hour=6), "123", UTC)),
        ("mmexport1624949413643.jpg", Taken(LOCAL.replace(hour=6), "643", UTC)),
        ("FB_IMG_1624949413643.jpg", Taken(LOCAL.replace(hour=6), "643", UTC)),
        ("Screenshot_2021-06-29-14-50-13-123.png", Taken(LOCAL, "123")),
        ("IMG_20210629_145013_123.jpg", Taken(LOCAL, "123")),
        ("Screenshot 2021-06-29 at 12.50.13 AM.png", Taken(LOCAL.replace(hour=0))),
        ("IMG-20210629-WA0003.jpg", Taken(LOCAL.replace(hour=12, minute=0, second=0))),
        ("VID-20210629-WA0003.mp4", Taken(LOCAL.replace(hour=12, minute=0, second=0))),
    ],
)
def test_names_tell_what_clock_they_mean_where_they_do(name, taken):
    assert taken_by_name(name) == taken


@pytest.mark.parametrize(
    "name",
    [
        "",
        "DSCN0010.jpg",
        "IMG_5195.HEIC",
        "20210629.jpg",
        "IMG_20211329_145013.jpg",
        "IMG_20210229_145013.jpg",
        "IMG_20210629_245013.jpg",
        "IMG_20210629_146013.jpg",
        "120210629_145013.jpg",
        "20210629_1450131.jpg",
        "5551234_20210629.jpg",
        "2021-0629 14.50.13.jpg",
        "Screenshot 2021-06-29 at 13.50.13 PM.png",
        "Screenshot 2021-06-29 at 2.50.13.png",
        "IMG-20211329-WA0003.jpg",
        "12345678_123456.jpg",
        "202106291450131.jpg",
        "1624949413643.jpg",
        "2021-06-29 14.50.13/DSCN0010.jpg",
    ],
)
def test_what_is_no_time_is_none(name):
    assert taken_by_name(name) is None


@given(st.text(max_size=60))
def test_any_name_is_taken(name):
    taken = taken_by_name(name)
    assert taken is None or taken.local.year >= 1900


@given(st.text("0123456789-_. :TAPMat", max_size=60))
def test_any_digits_are_taken(name):
    taken = taken_by_name(name)
    assert taken is None or taken.local.year >= 1900
