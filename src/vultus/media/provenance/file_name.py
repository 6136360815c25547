"""File names: when something was taken, as cameras and programs write it into the name."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from vultus.media.provenance.taken import Taken

#: 2021-06-29 14.50.13, IMG_20210629_145013, 20210629145013, Screenshot_2021-06-29-14-50-13-123,
#: WhatsApp Image 2021-06-29 at 2.50.13 PM
MOMENT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<apart>[-_.]?)(?P<month>\d\d)(?P=apart)(?P<day>\d\d)"
    r"(?:[-_ T.]{0,3}|[ _]at[ _])"
    r"(?P<hour>\d{1,2})(?P<between>[-_.:h\u2236]?)(?P<minute>\d\d)(?:(?P=between)|m)(?P<second>\d\d)"
    r"(?:[-_.]?(?P<fraction>\d{3}))?(?!\d)(?:[ _\u202f]?(?P<half>[AP]M)\b)?",
    re.ASCII,
)
UTC_NAMES = re.compile(r"PXL_")  # cameras that write UTC: Google's
DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?=-WA\d{4})", re.ASCII)  # IMG-20210629-WA0003
EPOCH = re.compile(r"(?:mmexport|wx_camera_|FB_IMG_)(\d{10})(\d{3})(?!\d)", re.ASCII)  # milliseconds since 1970
NOON = 12  # of a day that is all that the name tells: at most half a day off


def taken_by_name(key: str) -> Taken | None:
    """Tell when something was taken by the name of its file; of a day alone, noon.

    Args:
        key: name, perhaps with the folders it is in, which are not looked at.
    """
    name = key.rsplit("/", 1)[-1]
    if epoch := EPOCH.search(name):
        return _since_1970(int(epoch[1]), epoch[2])
    for match in MOMENT.finditer(name):
        if taken := _moment(match):
            return replace(taken, offset=timedelta(0)) if UTC_NAMES.match(name) else taken
    day = DAY.search(name)
    return _noon(day) if day else None


def _since_1970(seconds: int, milliseconds: str) -> Taken:
    local = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return Taken(local, milliseconds, timedelta(0))


def _moment(match: re.Match[str]) -> Taken | None:
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (match["half"] == "PM")
    elif len(match["hour"]) == 1:
        return None  # a clock of twelve hours without its half, or no clock at all
    year, month, day, minute, second = (int(match[part]) for part in ("year", "month", "day", "minute", "second"))
    try:
        local = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    return Taken(local, match["fraction"] or "")


def _noon(match: re.Match[str]) -> Taken | None:
    try:
        day = date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return None
    return Taken(datetime(day.year, day.month, day.day, NOON))
