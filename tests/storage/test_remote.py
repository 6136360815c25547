import asyncio
import socket
import threading
import urllib.parse

import pytest

from vultus.config import Bucket, ConfigError, Settings
from vultus.errors import InvalidArgument, PermissionDenied, ServiceUnavailable
from vultus.storage.object import ObjectMissing, ObjectTooLarge
from vultus.storage.remote import Remote
from vultus.storage.storage import Storage
from vultus.storage.uri import ObjectURI

KEYS = {"region": "us-east-1", "access_key_id": "key", "secret_access_key": "secret"}
OSS = {
    "bucket": "album",
    "endpoint": "https://oss-cn-hangzhou.aliyuncs.com",
    "access_key_id": "key",
    "access_key_secret": "secret",
}


def options(s3: str, bucket: str = "album", **more: str) -> dict[str, str]:
    return {"bucket": bucket, "endpoint": s3, **KEYS, **more}


@pytest.fixture
def album(s3: str) -> Remote:
    remote = Remote("photos", "s3", options(s3))
    remote.operator.remove_all("")
    return remote


def put(remote: Remote, key: str, data: bytes = b"1", content_type: str = "image/jpeg") -> None:
    remote.operator.write(key, data, content_type=content_type)


def test_an_object_that_was_deleted_is_gone(album):
    put(album, "one.jpg")
    assert not album.is_gone("one.jpg")
    album.operator.delete("one.jpg")
    assert album.is_gone("one.jpg")


def test_an_object_is_told_and_read(album):
    put(album, "2024/a b.jpg", b"12345")
    facts = album.stat("2024/a b.jpg")
    assert facts.size == 5
    assert facts.content_type == "image/jpeg"
    assert facts.modified > 1_700_000_000_000_000_000
    assert facts.version == facts.etag
    assert album.read("2024/a b.jpg", 5) == b"12345"


@pytest.mark.parametrize("key", ["été/照片.jpg", "100%25.jpg", "a#b?c&d+e=f.jpg", "a'b\"c.jpg", "a../b...jpg"])
def test_any_key_is_read_as_it_is(album, key):
    put(album, key, key.encode())
    assert [found for found, _ in album.list("")] == [key]
    assert album.read(key, 100) == key.encode()


def test_an_empty_object_is_read(album):
    put(album, "empty.jpg", b"")
    assert album.read("empty.jpg", 5) == b""


def test_a_missing_object_is_missing(album):
    put(album, "a/x.jpg")
    for key in ("nope.jpg", "a", "a/x.jpg/y"):
        with pytest.raises(ObjectMissing, match=r"^File does not exist\.$"):
            album.stat(key)
        with pytest.raises(ObjectMissing):
            album.read(key, 10)


def test_the_limit_holds(album):
    put(album, "x.jpg", bytes(3 * 2**20))
    assert album.read("x.jpg", 3 * 2**20) == bytes(3 * 2**20)
    with pytest.raises(ObjectTooLarge):
        album.read("x.jpg", 3 * 2**20 - 1)


def test_the_limit_holds_for_an_object_that_grows_meanwhile(album, monkeypatch):
    put(album, "x.jpg", b"1")
    before = album.stat("x.jpg")
    put(album, "x.jpg", bytes(4 * 2**20))
    monkeypatch.setattr(album, "stat", lambda key: before)
    with pytest.raises(ObjectTooLarge):
        album.read("x.jpg", 2**20)


def test_the_version_changes_with_the_object(album):
    put(album, "x.jpg", b"1")
    before = album.stat("x.jpg").version
    put(album, "x.jpg", b"2")
    after = album.stat("x.jpg").version
    assert before != after
    assert [facts.version for _, facts in album.list("")] == [after]


def test_a_listing_is_sorted_by_key_and_leaves_hidden_objects_out(album):
    for key in ("b.jpg", "a/z.jpg", "a/b/c.jpg", "a.jpg", "a/.hidden", ".git/x", "a0", "Z.jpg", "é.jpg"):
        put(album, key)
    assert [key for key, _ in album.list("")] == ["Z.jpg", "a.jpg", "a/b/c.jpg", "a/z.jpg", "a0", "b.jpg", "é.jpg"]
    assert [key for key, _ in album.list("a/")] == ["a/b/c.jpg", "a/z.jpg"]
    assert [key for key, _ in album.list("a")] == ["a.jpg", "a/b/c.jpg", "a/z.jpg", "a0"]
    assert list(album.list("x")) == []


def test_a_listing_goes_on_past_one_page(album):
    for number in range(25):
        put(album, f"{number:02}.jpg", b"")
    assert [key for key, _ in album.list("")] == [f"{number:02}.jpg" for number in range(25)]


def test_a_root_in_the_store_bounds_what_is_seen(album, s3):
    put(album, "private/x.jpg")
    put(album, "shared/y.jpg")
    shared = Remote("photos", "s3", options(s3, root="/shared"))
    assert [key for key, _ in shared.list("")] == ["y.jpg"]
    for key in ("private/x.jpg", "../private/x.jpg", "a/../../private/x.jpg"):
        with pytest.raises(ObjectMissing):
            shared.read(key, 10)
    assert list(shared.list("../private/")) == []


def test_a_key_that_would_be_taken_for_another_is_refused(album):
    put(album, "x.jpg")
    with pytest.raises(InvalidArgument, match="begins or ends with a space"):
        album.stat("x.jpg ")


def test_a_missing_bucket_is_told(s3):
    remote = Remote("photos", "s3", options(s3, "nowhere"))
    for look in (lambda: remote.stat("x.jpg"), lambda: remote.read("x.jpg", 1), lambda: list(remote.list(""))):
        with pytest.raises(ConfigError, match="does not know the bucket photos"):
            look()


def test_a_store_out_of_reach_is_told():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, not listening: every connection is refused
        remote = Remote("photos", "s3", options(f"http://127.0.0.1:{closed.getsockname()[1]}"))
        for look in (lambda: remote.stat("x.jpg"), lambda: list(remote.list(""))):
            with pytest.raises(ServiceUnavailable, match=r"^The store of the bucket photos cannot be reached\.$"):
                look()


def test_missing_credentials_are_told(s3, monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    anonymous = {"bucket": "album", "endpoint": s3, "region": "us-east-1", "disable_ec2_metadata": "true"}
    with pytest.raises(ConfigError, match="photos has no credentials"):
        Remote("photos", "s3", anonymous).stat("x.jpg")


def test_a_refusal_of_the_store_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:
        remote = Remote("photos", "s3", options(f"http://127.0.0.1:{server.getsockname()[1]}"))
        answer = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

        def refuse() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=refuse)
        thread.start()
        with pytest.raises(PermissionDenied, match="refuses Vultus access to the bucket photos"):
            remote.stat("x.jpg")
        thread.join()


def test_a_uri_of_oss_reads_from_s3_where_the_settings_map_it(album, s3, tmp_path):
    put(album, "x.jpg", b"123")
    bucket = Bucket(service="s3", projects=["family"], options=options(s3))
    storage = Storage(Settings(home=tmp_path, buckets={"photos": bucket}))
    uri = ObjectURI.parse("oss://photos/x.jpg")
    storage.authorise(uri, "family")
    assert storage.read(uri, 10) == b"123"
    assert [(found, facts.version) for found, facts in storage.list("photos")] == [(uri, storage.stat(uri).version)]


def test_a_bucket_of_oss_is_reached_where_its_options_say():
    remote = Remote("photos", "oss", {**OSS, "root": "/2024"})

    async def presign() -> tuple[str, str]:
        request = await remote.operator.to_async_operator().presign_stat("été/a b.jpg", 60)
        return request.method, request.url

    method, url = asyncio.run(presign())
    parts = urllib.parse.urlsplit(url)
    assert method == "HEAD"
    assert (parts.scheme, parts.netloc) == ("https", "album.oss-cn-hangzhou.aliyuncs.com")
    assert urllib.parse.unquote(parts.path) == "/2024/été/a b.jpg"
    query = urllib.parse.parse_qs(parts.query)
    assert query["OSSAccessKeyId"] == ["key"]
    assert query["Signature"][0]
    assert "secret" not in url


def test_an_object_is_opened_anywhere_in_it_and_not_past_its_limit(album):
    data = bytes(range(256)) * 8192
    put(album, "film.mp4", data)
    with album.open("film.mp4", len(data)) as file:
        file.seek(-3, 2)
        assert file.read() == data[-3:]
        file.seek(0)
        assert file.read() == data
    with pytest.raises(ObjectTooLarge), album.open("film.mp4", len(data) - 1):
        raise AssertionError
    with pytest.raises(ObjectMissing), album.open("none.mp4", 9):
        raise AssertionError


def test_the_head_of_an_object_is_read_whatever_its_size(album):
    put(album, "film.mp4", b"12345")
    put(album, "empty.mp4", b"")
    assert (album.head("film.mp4", 2), album.head("film.mp4", 9), album.head("empty.mp4", 9)) == (b"12", b"12345", b"")
