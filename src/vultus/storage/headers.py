"""Headers: what S3 and OSS say of an object in their answer to HEAD."""

import re
from collections.abc import Mapping
from datetime import UTC
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from typing import Any

from msgspec import UNSET

from vultus.model.moment import SECOND, to_wire
from vultus.model.wire import Text
from vultus.storage.details import ObjectDetails

#: Whom the store takes us for when it looks up its rules for pages of other sites. No rule names this one (RFC 2606),
#: so what is allowed to it is allowed to all.
ORIGIN = "https://nobody.invalid"
#: Fields of ObjectDetails by header. Methods are told where the store has a rule for pages of any site.
COMMON = {
    "cache-control": "cache_control",
    "content-disposition": "content_disposition",
    "content-encoding": "content_encoding",
    "content-language": "content_language",
    "access-control-allow-origin": "access_control_allow_origin",
    "access-control-allow-methods": "access_control_request_method",
}
#: The same behind the prefix of each service; S3 calls the key of KMS differently, and knows no kinds of objects.
PREFIXED = {
    "server-side-encryption": "server_side_encryption",
    "server-side-encryption-key-id": "server_side_encryption_key_id",
    "server-side-encryption-aws-kms-key-id": "server_side_encryption_key_id",
    "server-side-encryption-customer-algorithm": "server_side_encryption_customer_algorithm",
    "server-side-data-encryption": "server_side_data_encryption",
    "storage-class": "oss_storage_class",
    "object-type": "oss_object_type",
    "version-id": "oss_version_id",
    "delete-marker": "oss_delete_marker",
}
PREFIXES = {"s3": "x-amz-", "oss": "x-oss-"}
COUNT = re.compile(r"[1-9][0-9]{0,8}")
EXPIRY = re.compile(r'expiry-date="([^"]*)"')


def details_of(headers: Mapping[str, str], service: str) -> ObjectDetails:
    """Return what headers say of an object.

    Args:
        headers: of the answer to HEAD.
        service: a key of ``PREFIXES``.
    """
    told = {name.lower(): _decoded(value) for name, value in headers.items()}
    prefix, meta = PREFIXES[service], f"{PREFIXES[service]}meta-"
    named = COMMON | {prefix + header: field for header, field in PREFIXED.items()}
    found: dict[str, Any] = {field: told[header] for header, field in named.items() if told.get(header)}
    if found.get("access_control_allow_origin") == ORIGIN:  # some repeat who asked
        found["access_control_allow_origin"] = "*"
    count = told.get(f"{prefix}tagging-count", "")
    return ObjectDetails(
        **found,
        oss_expiration=_expiration(told.get("expires", ""), told.get(f"{prefix}expiration", "")),
        oss_user_meta={name.removeprefix(meta): told[name] for name in told if name.startswith(meta)} or UNSET,
        oss_tagging_count=int(count) if COUNT.fullmatch(count) else UNSET,
        accessed=_moment(told.get(f"{prefix}last-access-time", "")) or UNSET,
    )


def _decoded(value: str) -> str:
    """The text of a header, which HTTP hands on as Latin-1: OSS sends UTF-8 as it is, S3 as words of RFC 2047."""
    try:
        text = value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        text = value
    try:
        return str(make_header(decode_header(text))) if "=?" in text else text
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return text


def _expiration(expires: str, rule: str) -> Text:
    """When an object expires: as whoever uploaded it says, or else by a rule of the bucket."""
    by_rule = EXPIRY.search(rule)
    said = expires or (by_rule[1] if by_rule else "")
    moment = _moment(said)
    return to_wire(moment) if moment is not None else said or UNSET


def _moment(date: str) -> int | None:
    """A date of HTTP in nanoseconds since the epoch."""
    try:
        when = parsedate_to_datetime(date)
        when = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)  # -0000: it is not said of which zone
    except (ValueError, OverflowError):  # the last: of the year 10,000, in UTC
        return None
    return int(when.timestamp()) * SECOND
