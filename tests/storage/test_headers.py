import time

import pytest
from msgspec import UNSET

from vultus.storage.details import ObjectDetails
from vultus.storage.headers import ORIGIN, details_of


def test_nothing_told_is_nothing_known():
    assert details_of({}, "oss") == ObjectDetails()
    assert details_of({"Cache-Control": ""}, "s3") == ObjectDetails()


def test_headers_of_one_service_mean_nothing_in_the_other():
    assert details_of({"x-oss-object-type": "Normal", "x-oss-meta-a": "1"}, "s3") == ObjectDetails()
    assert details_of({"X-OSS-Object-Type": "Normal"}, "oss").oss_object_type == "Normal"


def test_a_rule_of_the_bucket_says_when_an_object_expires_unless_the_object_says_so_itself():
    rule = {"x-amz-expiration": 'expiry-date="Fri, 23 Dec 2032 00:00:00 GMT", rule-id="picture-deletion"'}
    assert details_of(rule, "s3").oss_expiration == "2032-12-23T00:00:00Z"
    assert (
        details_of({**rule, "Expires": "2120-01-01T12:00:00.000Z"}, "s3").oss_expiration == "2120-01-01T12:00:00.000Z"
    )
    assert details_of({"x-oss-expiration": "whenever"}, "oss").oss_expiration is UNSET


@pytest.mark.parametrize(
    ("expires", "told"),
    [
        ("Thu, 01 Jan 1970 00:00:00 -0000", "1970-01-01T00:00:00Z"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31T23:59:59Z"),
        ("Fri, 31 Dec 9999 23:59:59 -1200", "Fri, 31 Dec 9999 23:59:59 -1200"),  # beyond what RFC 3339 can write
        ("0", "0"),
    ],
)
def test_a_date_is_told_wherever_the_server_is(expires, told, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        assert details_of({"Expires": expires}, "oss").oss_expiration == told
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_an_uploader_says_is_read_in_both_codings():
    assert details_of({"x-oss-meta-a": "照片".encode().decode("latin-1")}, "oss").oss_user_meta == {"a": "照片"}
    assert details_of({"x-amz-meta-a": "=?UTF-8?B?54Wn54mH?="}, "s3").oss_user_meta == {"a": "照片"}
    assert details_of({"x-amz-meta-a": "=?nonsense?B?!!?="}, "s3").oss_user_meta == {"a": "=?nonsense?B?!!?="}
    assert details_of({"x-amz-meta-a": "caf\xe9"}, "s3").oss_user_meta == {"a": "caf\xe9"}


def test_a_store_that_allows_whoever_asks_allows_all():
    for said, told in (("*", "*"), (ORIGIN, "*"), ("https://example.com", "https://example.com")):
        assert details_of({"Access-Control-Allow-Origin": said}, "oss").access_control_allow_origin == told


def test_a_count_of_tags_is_a_number_above_nought():
    for said, told in (("2", 2), ("0", UNSET), ("-1", UNSET), ("many", UNSET), ("9" * 5000, UNSET)):
        assert details_of({"x-oss-tagging-count": said}, "oss").oss_tagging_count == told


def test_oss_tells_when_an_object_was_last_read_where_it_is_told_to_watch():
    told = details_of({"x-oss-last-access-time": "Thu, 14 Oct 2021 11:49:05 GMT"}, "oss")
    assert told.accessed == 1_634_212_145_000_000_000
    assert details_of({"x-oss-last-access-time": "Never"}, "oss").accessed is UNSET


def test_a_version_and_a_delete_marker_are_told():
    told = details_of({"x-amz-version-id": "v1", "x-amz-delete-marker": "true"}, "s3")
    assert (told.oss_version_id, told.oss_delete_marker) == ("v1", "true")
