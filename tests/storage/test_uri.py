import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.errors import InvalidArgument
from vultus.storage.uri import ObjectPrefix, ObjectURI


@pytest.mark.parametrize(
    ("text", "bucket", "key"),
    [
        ("oss://photos/a.jpg", "photos", "a.jpg"),
        ("oss://photos-2024.eu/2024/07/été 1.jpg", "photos-2024.eu", "2024/07/été 1.jpg"),
        ("oss://photos/100%25?#+&.jpg", "photos", "100%25?#+&.jpg"),
        ("oss://photos/a..b/...jpg", "photos", "a..b/...jpg"),
        ("oss://photos/ padded ", "photos", " padded "),
    ],
)
def test_a_uri_is_read_and_written_as_it_is(text, bucket, key):
    uri = ObjectURI.parse(text)
    assert (uri.bucket, uri.key) == (bucket, key)
    assert str(uri) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://oss-cn-hangzhou.aliyuncs.com/photos/a.jpg",
        "https://photos.oss-cn-hangzhou.aliyuncs.com/a.jpg",
        "s3://photos/a.jpg",
        "OSS://photos/a.jpg",
        " oss://photos/a.jpg",
        "oss:/photos/a.jpg",
        "oss://",
        "oss:///a.jpg",
        "oss://photos",
        "oss://photos/",
        "oss://photos//a.jpg",
        "oss://photos/a//b.jpg",
        "oss://photos/a/",
        "oss://photos/../a.jpg",
        "oss://photos/a/../../b.jpg",
        "oss://photos/./a.jpg",
        "oss://photos/a/..",
        "oss://photos/a\0.jpg",
        "oss://photos/a\n.jpg",
        "oss://photos/a\x7f.jpg",
        "oss://photos/\ud800.jpg",
        "oss://photos/" + "a" * 1024,
        "oss://../a.jpg",
        "oss://user:secret@photos/a.jpg",
        "oss://photos:8080/a.jpg",
        "oss://pho tos/a.jpg",
    ],
)
def test_what_is_no_object_of_a_bucket_is_refused(text):
    with pytest.raises(InvalidArgument) as refused:
        ObjectURI.parse(text)
    assert refused.value.message.endswith(".")
    assert "\n" not in refused.value.message


@given(st.text())
def test_no_text_is_read_as_another_place_than_it_says(text):
    for whole in (text, f"oss://photos/{text}"):
        try:
            uri = ObjectURI.parse(whole)
        except InvalidArgument:
            continue
        assert str(uri) == whole
        assert not {"", ".", ".."} & set(uri.key.split("/"))


def test_a_prefix_may_be_a_whole_bucket():
    assert ObjectPrefix.parse("oss://photos") == ObjectPrefix("photos", "")
    assert ObjectPrefix.parse("oss://photos/") == ObjectPrefix("photos", "")
    assert ObjectPrefix.parse("oss://photos/2024/") == ObjectPrefix("photos", "2024/")
    assert str(ObjectPrefix.parse("oss://photos/2024/0")) == "oss://photos/2024/0"


@pytest.mark.parametrize("text", ["file:///etc", "oss://photos/../", "oss://photos//", "oss://photos/a//b", "oss://"])
def test_a_prefix_is_checked_like_a_key(text):
    with pytest.raises(InvalidArgument):
        ObjectPrefix.parse(text)
