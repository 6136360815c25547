"""Files as a caller hands them in: what is taken and what is refused."""

import re
from typing import get_args

from msgspec import UNSET
from msgspec.structs import replace

from vultus.errors import InvalidArgument
from vultus.media.kind import MediaType
from vultus.model import InputFile, moment
from vultus.operations.call import Call
from vultus.operations.labels import check_labels
from vultus.storage.uri import ObjectURI

CUSTOM_ID = 1024  # characters
MEDIA_TYPES: tuple[str, ...] = get_args(MediaType)

_LAT_LONG = re.compile(r"(-?\d{1,2}(?:\.\d+)?), ?(-?\d{1,3}(?:\.\d+)?)", re.ASCII)


def accept(call: Call, project_name: str, file: InputFile) -> InputFile:
    """Return what is indexed of a file that a caller hands in.

    Figures are dropped: only an update may move them.

    Raises:
        InvalidArgument: a field cannot be used; the message names it.
        VultusError: the bucket is not one of the project's.
    """
    if file.uri is UNSET:
        raise InvalidArgument("A file names its object in URI, as in oss://bucket/key.")
    if file.oss_uri is not UNSET:
        raise InvalidArgument("OSSURI goes with the URI of a drive (pds://), which Vultus does not read.")
    uri = ObjectURI.parse(str(file.uri))
    call.storage.authorise(uri, project_name)
    if file.media_type is not UNSET and file.media_type not in MEDIA_TYPES:
        raise InvalidArgument(f"MediaType must be one of {', '.join(MEDIA_TYPES)}.")
    if isinstance(file.lat_long, str):
        check_lat_long(file.lat_long)
    if isinstance(file.produce_time, str):
        check_time("ProduceTime", file.produce_time)
    if isinstance(file.custom_id, str) and len(file.custom_id) > CUSTOM_ID:
        raise InvalidArgument(f"CustomId must be text of at most {CUSTOM_ID} characters.")
    if isinstance(file.custom_labels, dict):
        check_labels("CustomLabels", file.custom_labels)
    return replace(file, uri=str(uri), figures=UNSET)


def check_lat_long(text: str) -> None:
    """Check a place, ``30.134390,120.074997``.

    Raises:
        InvalidArgument: it is none.
    """
    match = _LAT_LONG.fullmatch(text)
    if match is None or abs(float(match[1])) > 90 or abs(float(match[2])) > 180:
        raise InvalidArgument("LatLong must be latitude and longitude in degrees, as in 30.134390,120.074997.")


def check_time(name: str, text: str) -> None:
    """Check a time.

    Raises:
        InvalidArgument: it is none.
    """
    try:
        moment.from_wire(text)
    except ValueError as error:
        raise InvalidArgument(f"{name}: {error}") from None
