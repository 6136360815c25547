"""What the store has on an object, on its way into the record."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec import UNSET

from tests.storage.oss import HEADERS, OSS, Stored, serving
from vultus.catalog import Catalog
from vultus.config import Bucket, Settings
from vultus.index.pipeline import Indexer
from vultus.index.step import take, way
from vultus.index.subject import Subject, Tools
from vultus.model import File, InputFile
from vultus.storage.object import ObjectMissing
from vultus.storage.storage import Storage
from vultus.storage.uri import ObjectURI

DECLARED = {"Content-Type": "text/html"} | HEADERS


@pytest.fixture
def oss() -> Iterator[OSS]:
    with serving() as server:
        server.objects["notes.txt"] = Stored(b"123456789", DECLARED, {"key": "val", "b": ""}, "private")
        yield server


@pytest.fixture
def bucket(oss: OSS) -> Bucket:
    return Bucket(service="oss", projects=["p"], options=oss.options())


def document_of(tmp_path: Path, bucket: Bucket, key: str) -> File:
    settings = Settings(home=tmp_path / "home", buckets={"album": bucket})
    storage, uri = Storage(settings), ObjectURI("album", key)
    facts = storage.stat(uri)
    with storage.open(uri, 2**20) as file:
        subject = Subject(uri, facts, file, Tools(settings, storage))
        take(way(frozenset({"store"})), subject)
    return subject.document


@pytest.mark.proves(
    "File.FileAccessTime CacheControl ContentDisposition ContentEncoding ContentLanguage AccessControlAllowOrigin",
    "File.AccessControlRequestMethod ServerSideEncryptionCustomerAlgorithm ServerSideEncryption",
    "File.ServerSideDataEncryption ServerSideEncryptionKeyId OSSStorageClass ObjectACL OSSUserMeta OSSTaggingCount",
    "File.OSSTagging OSSExpiration OSSVersionId OSSDeleteMarker OSSObjectType",
)
def test_all_that_a_bucket_of_oss_has_on_an_object_is_in_its_record(tmp_path, bucket):
    found = document_of(tmp_path, bucket, "notes.txt")
    assert msgspec.to_builtins(found) == {
        "Filename": "notes.txt",
        "MediaType": "document",
        "ContentType": "text/plain",
        "Size": 9,
        "FileHash": "25f9e794323b453885f5181f1b624d0b",
        "ContentMd5": "JfnnlDI7RTiF9RgfG2JNCw==",
        "OSSCRC64": "11051210869376104954",
        "ETag": '"25F9E794323B453885F5181F1B624D0B"',
        "FileModifiedTime": found.file_modified_time,
        "FileAccessTime": "2021-10-14T11:49:05Z",
        "CacheControl": "no-cache",
        "ContentDisposition": "attachment",
        "ContentEncoding": "UTF-8",
        "ContentLanguage": "zh-CN",
        "AccessControlAllowOrigin": "*",
        "AccessControlRequestMethod": "GET, HEAD",
        "ServerSideEncryptionCustomerAlgorithm": "SM4",
        "ServerSideEncryption": "AES256",
        "ServerSideDataEncryption": "SM4",
        "ServerSideEncryptionKeyId": "9468da86",
        "OSSStorageClass": "Standard",
        "ObjectACL": "private",
        "OSSUserMeta": {"key": "val"},
        "OSSTaggingCount": 2,
        "OSSTagging": {"key": "val", "b": ""},
        "OSSExpiration": "2120-01-01T12:00:00.000Z",
        "OSSVersionId": "CAEQNhiBgMDJgZCA0BYi",
        "OSSDeleteMarker": "true",
        "OSSObjectType": "Normal",
    }


def test_what_the_keys_may_not_see_is_left_out(tmp_path, bucket, oss):
    oss.refused |= {"acl", "tagging"}
    found = document_of(tmp_path, bucket, "notes.txt")
    assert (found.object_acl, found.oss_tagging, found.oss_tagging_count) == (UNSET, UNSET, UNSET)
    assert (found.cache_control, found.oss_user_meta) == ("no-cache", {"key": "val"})


def test_a_folder_has_times_and_nothing_of_a_bucket(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "notes.txt").write_bytes(b"123456789")
    found = document_of(tmp_path, Bucket(projects=["p"], options={"root": str(root)}), "notes.txt")
    times = {"FileModifiedTime", "FileAccessTime", "FileCreateTime"}
    sums = {"Size", "FileHash", "ContentMd5", "OSSCRC64", "ETag"}
    told = msgspec.to_builtins(found).keys()
    assert told - {"FileCreateTime"} == {"Filename", "MediaType", "ContentType", *sums, *times} - {"FileCreateTime"}
    assert found.etag == f'"{hashlib.md5(b"123456789").hexdigest().upper()}"'


def test_what_an_uploader_says_is_kept_within_bounds(tmp_path, bucket, oss):
    tags = {f"tag{number}": "a\u202eb\x9f" for number in range(300)}
    oss.objects["x"] = Stored(b"1", {"x-oss-meta-a": "\u202e" + "long" * 4000, "Content-Language": "zh\x9f-CN"}, tags)
    found = document_of(tmp_path, bucket, "x")
    assert found.oss_user_meta == {"a": "long" * 2048}
    assert found.content_language == "zh-CN"
    assert found.oss_tagging["tag0"] == "ab"
    assert (len(found.oss_tagging), found.oss_tagging_count) == (256, 300)


def test_an_object_that_did_not_change_costs_one_question(tmp_path, bucket, oss, sqlite_catalog: Catalog):
    catalog = sqlite_catalog
    catalog.account.ensure()
    project = catalog.projects.create("p", template_id="Official:OSSBasicMeta")
    dataset = catalog.datasets.create(project.id, "d")
    settings = Settings(home=tmp_path / "home", buckets={"album": bucket})
    indexer = Indexer(settings, catalog, Storage(settings), lambda model: pytest.fail("nobody wants faces"))
    uri = "oss://album/notes.txt"

    def index() -> File:
        [file_id] = catalog.files.submit(dataset, [InputFile(uri=uri)])
        indexer.index(catalog.files.begin(file_id), lambda: None)
        [document] = catalog.files.get_many(dataset, [uri])
        return msgspec.json.decode(document, type=File)

    first = index()
    assert (first.object_status, first.oss_tagging) == ("Indexed", {"key": "val", "b": ""})
    oss.asked.clear()
    again = index()
    assert oss.asked == ["HEAD"]
    assert (again.oss_tagging, again.oss_crc64) == (first.oss_tagging, first.oss_crc64)


def test_an_object_that_is_gone_before_the_store_is_asked_is_missing(tmp_path, bucket, oss):
    settings = Settings(home=tmp_path / "home", buckets={"album": bucket})
    storage, uri = Storage(settings), ObjectURI("album", "notes.txt")
    facts = storage.stat(uri)
    subject = Subject(uri, facts, io.BytesIO(b"123456789"), Tools(settings, storage))
    del oss.objects["notes.txt"]
    with pytest.raises(ObjectMissing):
        take(way(frozenset({"store"})), subject)
