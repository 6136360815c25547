"""What a bucket of S3 has on its objects, from moto's server."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.config import Config
from msgspec import UNSET

from vultus.errors import ServiceUnavailable
from vultus.storage.annotations import annotations_of
from vultus.storage.object import ObjectMissing
from vultus.storage.remote import Remote
from vultus.storage.s3_annotations import open_annotations

KEY = "été/a b.jpg"
KEYS = {"region": "us-east-1", "access_key_id": "key", "secret_access_key": "secret"}


def options(endpoint: str, **more: str) -> dict[str, str]:
    return {"bucket": "album", "endpoint": endpoint, **KEYS, **more}


@pytest.fixture
def client(s3: str) -> Iterator[Any]:
    session = boto3.Session(aws_access_key_id="key", aws_secret_access_key="secret", region_name="us-east-1")
    client = session.client("s3", endpoint_url=s3, config=Config(s3={"addressing_style": "path"}))
    yield client
    client.close()


@pytest.fixture
def album(s3: str) -> Remote:
    remote = Remote("photos", "s3", options(s3))
    remote.operator.remove_all("")
    return remote


def test_all_that_the_store_has_is_told(album, client):
    client.put_object(
        Bucket="album",
        Key=KEY,
        Body=b"12345",
        ContentType="image/jpeg",
        CacheControl="no-cache",
        ContentDisposition='attachment; filename="a.jpg"',
        ContentEncoding="identity",
        ContentLanguage="zh-CN",
        Expires="Fri, 01 Jan 2120 12:00:00 GMT",
        Metadata={"camera": "X100"},
        Tagging="place=sea&year=2024",
        ACL="public-read",
        StorageClass="STANDARD_IA",
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId="9468da86",
    )
    told = album.details(KEY)
    assert told.cache_control == "no-cache"
    assert told.content_disposition == 'attachment; filename="a.jpg"'
    assert told.content_encoding == "identity"
    assert told.content_language == "zh-CN"
    assert told.oss_expiration == "2120-01-01T12:00:00Z"
    assert told.oss_user_meta == {"camera": "X100"}
    assert (told.oss_tagging, told.oss_tagging_count) == ({"place": "sea", "year": "2024"}, 2)
    assert told.object_acl == "public-read"
    assert told.oss_storage_class == "STANDARD_IA"
    assert (told.server_side_encryption, told.server_side_encryption_key_id) == ("aws:kms", "9468da86")
    assert (told.created, told.oss_object_type, told.oss_version_id) == (UNSET, UNSET, UNSET)


def test_what_an_object_has_not_is_left_out(album, client):
    client.put_object(Bucket="album", Key="plain.jpg", Body=b"1")
    told = album.details("plain.jpg")
    assert (told.cache_control, told.oss_user_meta, told.oss_expiration) == (UNSET, UNSET, UNSET)
    assert (told.oss_tagging, told.oss_tagging_count, told.object_acl) == (UNSET, UNSET, "private")


@pytest.mark.parametrize(
    ("granted", "told"),
    [
        ({"GrantRead": "AllUsers"}, "public-read"),
        ({"GrantRead": "AllUsers", "GrantWrite": "AllUsers"}, "public-read-write"),
        ({"GrantFullControl": "AllUsers"}, "public-read-write"),
        ({"GrantReadACP": "AllUsers"}, "private"),
        ({"GrantRead": "AuthenticatedUsers"}, "private"),
        ({}, "private"),
    ],
)
def test_rights_are_told_in_the_words_of_oss(album, client, granted, told):
    grants = {right: f"uri=http://acs.amazonaws.com/groups/global/{who}" for right, who in granted.items()}
    client.put_object(Bucket="album", Key="x.jpg", Body=b"1")
    if grants:
        client.put_object_acl(Bucket="album", Key="x.jpg", **grants)
    assert album.details("x.jpg").object_acl == told


def test_what_is_allowed_to_a_site_that_nobody_knows_is_allowed_to_all(album, client):
    client.put_object(Bucket="album", Key="x.jpg", Body=b"1")
    assert album.details("x.jpg").access_control_allow_origin == "*", "moto allows everybody, each by name"


def test_a_version_is_told_where_the_bucket_keeps_versions(s3, client):
    client.create_bucket(Bucket="versions")
    client.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    version = client.put_object(Bucket="versions", Key="x.jpg", Body=b"1")["VersionId"]
    remote = Remote("photos", "s3", {**options(s3), "bucket": "versions"})
    assert remote.details("x.jpg").oss_version_id == version


def test_an_object_below_a_root_is_the_one_that_is_told_of(s3, album, client):
    client.put_object(Bucket="album", Key="x.jpg", Body=b"1", Tagging="year=2023")
    client.put_object(Bucket="album", Key="2024/x.jpg", Body=b"1", Tagging="year=2024", CacheControl="private")
    told = Remote("photos", "s3", options(s3, root="/2024/")).details("x.jpg")
    assert (told.oss_tagging, told.cache_control) == ({"year": "2024"}, "private")


def test_an_object_that_is_gone_meanwhile_is_missing(album):
    with pytest.raises(ObjectMissing):
        album.details("none.jpg")


@contextmanager
def answering(status: int) -> Iterator[str]:
    """A store that answers whatever it is asked with a status."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("status", [400, 403, 405, 501])
def test_what_a_store_refuses_or_does_not_know_is_left_out(status):
    with answering(status) as endpoint:
        annotations = open_annotations(options(endpoint))
        assert (annotations.acl("x.jpg"), annotations.tags("x.jpg")) == (None, None)
        assert Remote("photos", "s3", options(endpoint)).details("x.jpg").object_acl is UNSET


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_store_in_trouble_is_asked_again_later(status):
    with answering(status) as endpoint:
        with pytest.raises(ServiceUnavailable):
            Remote("photos", "s3", options(endpoint)).details("x.jpg")
        with pytest.raises(ServiceUnavailable):
            open_annotations(options(endpoint)).tags("x.jpg")


def test_without_credentials_nothing_of_it_is_told(s3, monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    annotations = open_annotations({"bucket": "album", "endpoint": s3, "region": "us-east-1"})
    assert (annotations.acl("x.jpg"), annotations.tags("x.jpg")) == (None, None)


def test_a_bucket_that_is_used_in_a_role_tells_its_headers(s3, album, client):
    client.put_object(Bucket="album", Key="x.jpg", Body=b"1", CacheControl="private", Tagging="a=b")
    remote = Remote("photos", "s3", options(s3))
    remote._options = options(s3, role_arn="arn:aws:iam::1:role/reader")
    told = remote.details("x.jpg")
    assert (told.cache_control, told.oss_tagging, told.object_acl) == ("private", UNSET, UNSET)


def test_an_endpoint_may_lack_what_opendal_adds():
    annotations = open_annotations(options("minio.example.com:9000"))
    assert annotations._client.meta.endpoint_url == "https://minio.example.com:9000"


def test_options_that_the_sdk_cannot_use_leave_tags_and_acls_out(caplog):
    assert annotations_of("photos", "s3", {"bucket": "album", "profile": "nobody's"}) is None
    [record] = caplog.records
    assert "Tags and ACLs of the bucket photos are left out" in record.message
