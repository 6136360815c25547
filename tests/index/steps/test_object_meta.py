"""The object itself, whatever is said of it."""

import base64
import hashlib
import io

import pytest
from PIL import Image

from vultus.index.steps.object_meta import object_meta
from vultus.index.subject import Subject, Tools
from vultus.storage.object import ObjectFacts
from vultus.storage.uri import ObjectURI

FACTS = ObjectFacts(size=0, modified=1_624_949_413_011_643_661, version="1")


def document_of(tools: Tools, data: bytes, key: str = "2021/x.jpg", facts: ObjectFacts = FACTS):
    subject = Subject(ObjectURI("album", key), facts, io.BytesIO(data), tools)
    object_meta(subject)
    return subject.document


@pytest.mark.proves("File.Filename Size FileModifiedTime OSSCRC64 FileHash ContentMd5")
def test_the_object_is_named_measured_and_summed_up(tools):
    found = document_of(tools, b"123456789")
    assert (found.filename, found.size) == ("2021/x.jpg", 9)
    assert found.file_modified_time == "2021-06-29T06:50:13.011643661Z"
    assert found.oss_crc64 == str(0x995DC9BBDF1939FA)
    assert found.file_hash == "25f9e794323b453885f5181f1b624d0b"
    assert base64.b64decode(found.content_md5).hex() == found.file_hash


@pytest.mark.proves("File.ETag")
def test_the_store_s_etag_stands_and_where_there_is_none_it_is_the_one_that_oss_would_give(tools):
    told = ObjectFacts(size=3, modified=0, version="1", etag='"abc-2"')
    assert document_of(tools, b"abc", facts=told).etag == '"abc-2"'
    assert document_of(tools, b"abc").etag == f'"{hashlib.md5(b"abc").hexdigest().upper()}"'


@pytest.mark.proves("File.MediaType ContentType")
def test_what_the_object_is_is_seen_not_believed(tools):
    png = io.BytesIO()
    Image.new("RGB", (4, 4)).save(png, "PNG")
    told = ObjectFacts(size=1, modified=0, version="1", content_type="text/plain")
    found = document_of(tools, png.getvalue(), "holiday.mp4", told)
    assert (found.media_type, found.content_type) == ("image", "image/png")
