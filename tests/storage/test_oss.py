"""What a bucket of OSS has on its objects, from a server that speaks its protocol."""

from collections.abc import Iterator

import pytest
from msgspec import UNSET

from tests.storage.oss import OSS, Stored, serving
from vultus.errors import InvalidArgument, PermissionDenied, ServiceUnavailable
from vultus.storage.details import ObjectDetails
from vultus.storage.object import ObjectMissing
from vultus.storage.oss_annotations import open_annotations
from vultus.storage.remote import Remote

NAME = "été/a b.jpg"
KEYS = {"access_key_id": "key", "access_key_secret": "secret"}
HEADERS = {
    "Content-Type": "image/jpeg",
    "Cache-Control": "no-cache",
    "Content-Disposition": 'attachment; filename="a.jpg"',
    "Content-Encoding": "identity",
    "Content-Language": "zh-CN",
    "Expires": "Fri, 01 Jan 2120 12:00:00 GMT",
    "x-oss-object-type": "Normal",
    "x-oss-storage-class": "IA",
    "x-oss-server-side-encryption": "KMS",
    "x-oss-server-side-data-encryption": "SM4",
    "x-oss-server-side-encryption-key-id": "9468da86-3509-4f8d-a61e-6eab1eac0000",
    "x-oss-server-side-encryption-customer-algorithm": "AES256",
    "x-oss-version-id": "CAEQNhiBgMDJgZCA0BYiIDc4MGZj",
    "x-oss-meta-Camera": "照相机",
}


@pytest.fixture
def oss() -> Iterator[OSS]:
    with serving() as server:
        server.objects[NAME] = Stored(b"12345", HEADERS, {"place": "été & <sea>", "empty": ""}, "public-read")
        server.objects["plain.jpg"] = Stored(b"1")
        yield server


@pytest.fixture
def album(oss: OSS) -> Remote:
    return Remote("photos", "oss", oss.options())


def test_an_object_is_told_and_read(album):
    facts = album.stat(NAME)
    assert (facts.size, facts.etag) == (5, '"827CCB0EEA8A706C4C34A16891F84E7B"')
    assert album.read(NAME, 5) == b"12345"


def test_all_that_the_store_has_is_told(album):
    assert album.details(NAME) == ObjectDetails(
        cache_control="no-cache",
        content_disposition='attachment; filename="a.jpg"',
        content_encoding="identity",
        content_language="zh-CN",
        access_control_allow_origin="*",
        access_control_request_method="GET, HEAD",
        oss_expiration="2120-01-01T12:00:00Z",
        oss_object_type="Normal",
        oss_storage_class="IA",
        server_side_encryption="KMS",
        server_side_data_encryption="SM4",
        server_side_encryption_key_id="9468da86-3509-4f8d-a61e-6eab1eac0000",
        server_side_encryption_customer_algorithm="AES256",
        oss_version_id="CAEQNhiBgMDJgZCA0BYiIDc4MGZj",
        oss_user_meta={"camera": "照相机"},
        oss_tagging={"place": "été & <sea>", "empty": ""},
        oss_tagging_count=2,
        object_acl="public-read",
    )


def test_what_an_object_has_not_is_left_out_and_not_asked_for(album, oss):
    told = album.details("plain.jpg")
    assert (told.oss_tagging, told.oss_tagging_count, told.oss_user_meta) == (UNSET, UNSET, UNSET)
    assert told.object_acl == "default"
    assert oss.asked == ["HEAD", "acl"]


@pytest.mark.parametrize("refused", ["acl", "tagging", "HEAD"])
def test_what_the_keys_may_not_see_is_left_out_and_the_rest_is_told(album, oss, refused):
    whole = album.details(NAME)
    oss.refused.add(refused)
    told = album.details(NAME)
    if refused == "acl":
        assert (told.object_acl, told.oss_tagging) == (UNSET, whole.oss_tagging)
    elif refused == "tagging":
        assert (told.object_acl, told.oss_tagging, told.oss_tagging_count) == (whole.object_acl, UNSET, UNSET)
    else:
        assert (told.object_acl, told.cache_control) == (whole.object_acl, UNSET)


def test_an_object_below_a_root_is_the_one_that_is_told_of(oss):
    oss.objects["2024/plain.jpg"] = Stored(b"2", {"Cache-Control": "private"}, {"year": "2024"}, "private")
    told = Remote("photos", "oss", oss.options(root="/2024")).details("plain.jpg")
    assert (told.cache_control, told.oss_tagging, told.object_acl) == ("private", {"year": "2024"}, "private")


def test_the_keys_of_a_role_that_was_taken_are_used(oss):
    album = Remote("photos", "oss", oss.options(security_token="token"))
    assert album.stat(NAME).size == 5
    assert album.details(NAME).object_acl == "public-read"


def test_wrong_keys_see_nothing(oss):
    album = Remote("photos", "oss", oss.options(access_key_secret="wrong"))
    with pytest.raises(PermissionDenied):
        album.stat(NAME)
    assert album.details(NAME) == ObjectDetails()


def test_an_object_that_cannot_be_read_for_its_headers_says_so(album, oss):
    oss.objects["x"] = Stored(b"1", {"Content-Disposition": "attachment; filename=照片.jpg"})
    with pytest.raises(InvalidArgument, match="header that is not all ASCII"):
        album.stat("x")


def test_an_object_that_is_gone_meanwhile_is_missing(album):
    with pytest.raises(ObjectMissing):
        album.details("none.jpg")


@pytest.mark.parametrize("status", [429, 503])
def test_a_store_that_is_busy_is_asked_again_later(album, oss, status):
    oss.status = status
    with pytest.raises(ServiceUnavailable):
        album.details(NAME)


def test_tags_and_acls_of_a_store_that_is_down_are_asked_for_again_later(oss):
    annotations = open_annotations(oss.options())
    assert annotations.acl(NAME) == "public-read"
    oss.status = 503
    for ask in (annotations.acl, annotations.tags):
        with pytest.raises(ServiceUnavailable):
            ask(NAME)


def test_an_answer_that_cannot_be_understood_tells_nothing(album, oss):
    oss.objects["x"] = Stored(b"1", {f"x-oss-meta-{number}": "1" for number in range(120)})
    assert album.details("x") == ObjectDetails(object_acl="default")


def test_nobody_is_sent_elsewhere(album, oss):
    with serving() as other:
        oss.status, oss.elsewhere = 307, other.endpoint
        assert album.details(NAME).cache_control is UNSET
        assert (oss.asked[0], other.asked) == ("HEAD", [])


@pytest.mark.parametrize("region", ["cn-hangzhou", "cn-hangzhou-internal", "ap-southeast-1", "accelerate"])
def test_requests_are_signed_for_the_region_that_the_endpoint_names(oss, monkeypatch, region):
    monkeypatch.setenv("http_proxy", oss.endpoint)
    monkeypatch.delenv("no_proxy", raising=False)
    annotations = open_annotations(
        {"bucket": "album", "endpoint": f"http://oss-{region}.aliyuncs.com", **KEYS, "root": "/été"}
    )
    assert annotations.acl("a b.jpg") == "public-read"
    assert annotations.tags("a b.jpg") == {"place": "été & <sea>", "empty": ""}
    version = "OSS" if region == "accelerate" else "OSS4-HMAC-SHA256"
    assert oss.signatures == {version: 2}


def test_keys_of_the_environment_are_used_where_the_options_name_none(oss, monkeypatch):
    options = oss.options()
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", options.pop("access_key_id"))
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", options.pop("access_key_secret"))
    assert Remote("photos", "oss", options).details(NAME).object_acl == "public-read"


def test_without_the_sdk_headers_are_told_and_tags_and_acls_left_out(album, monkeypatch):
    monkeypatch.setattr("vultus.storage.annotations.find_spec", lambda name: None)
    told = album.details(NAME)
    assert (told.cache_control, told.oss_tagging_count) == ("no-cache", 2)
    assert (told.oss_tagging, told.object_acl) == (UNSET, UNSET)
