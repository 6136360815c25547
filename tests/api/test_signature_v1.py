from urllib.parse import quote

import pytest
from alibabacloud_tea_openapi.utils import Utils
from aliyunsdkcore.auth.composer import rpc_signature_composer
from hypothesis import given
from hypothesis import strategies as st

from vultus.api.rpc import RpcRequest, parse
from vultus.api.signature import LONGEST_SHOWN
from vultus.api.signature_v1 import PIECE, read_v1, sign, string_to_sign
from vultus.errors import IncompleteSignature, InvalidSignatureMethod, InvalidTimestamp, MissingParameter

#: The worked example of Alibaba Cloud's page on signatures.
PUBLISHED = {
    "Action": "CreateUser",
    "Version": "2015-05-01",
    "UserName": "test",
    "Format": "JSON",
    "AccessKeyId": "testid",
    "SignatureMethod": "HMAC-SHA1",
    "SignatureVersion": "1.0",
    "SignatureNonce": "6a6e0ca6-4557-11e5-86a2-b8e8563dc8d2",
    "Timestamp": "2015-08-18T03:15:45Z",
    "Signature": "kRA2cnpJVacIhDMzXnoNZG9tDCI=",
}


def request(changes: dict[str, str | None] | None = None, method: str = "GET") -> RpcRequest:
    values = {**PUBLISHED, **(changes or {})}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items() if value is not None)
    return parse(method, "/", [], query.encode(), b"")


def test_the_published_example_is_proven():
    signed = read_v1(request())
    assert signed.proven("testsecret")
    assert (signed.key_id, signed.action, signed.version) == ("testid", "CreateUser", "2015-05-01")
    assert signed.time == 1439867745


def test_the_published_example_is_for_get_only():
    assert not read_v1(request(method="POST")).proven("testsecret")


@pytest.mark.parametrize("name", sorted(PUBLISHED.keys() - {"SignatureMethod", "SignatureVersion", "Timestamp"}))
def test_every_parameter_is_under_the_signature(name):
    assert not read_v1(request({name: PUBLISHED[name] + "x"})).proven("testsecret")


def test_an_added_parameter_breaks_the_signature():
    assert not read_v1(request({"UserName2": ""})).proven("testsecret")


def test_a_signature_of_any_letters_is_compared_without_a_crash():
    assert not read_v1(request({"Signature": "ключ"})).proven("testsecret")


@pytest.mark.parametrize(
    "name",
    ["AccessKeyId", "Action", "Version", "Timestamp", "SignatureNonce", "Signature", "SignatureMethod"],
)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_public_parameter_is_named(name, value):
    with pytest.raises(MissingParameter, match=name) as raised:
        read_v1(request({name: value}))
    assert raised.value.code == f"Missing{name}"


def test_a_request_without_any_signature_is_incomplete():
    with pytest.raises(IncompleteSignature, match="not signed"):
        read_v1(request({"Signature": None, "AccessKeyId": None}))


@pytest.mark.parametrize(
    "change",
    [{"SignatureMethod": "HMAC-MD5"}, {"SignatureVersion": "2.0"}, {"SignatureType": "BEARERTOKEN"}],
)
def test_another_way_of_signing_is_refused(change):
    with pytest.raises(InvalidSignatureMethod, match=next(iter(change))):
        read_v1(request(change))


@pytest.mark.parametrize(
    "text",
    [
        "2015-08-18",
        "2015-08-18 03:15:45Z",
        "2015-08-18T03:15:45+",
        "2015-13-18T03:15:45Z",
        "20150818T03:15:450Z",
        "now",
    ],
)
def test_a_time_in_another_form_is_refused(text):
    with pytest.raises(InvalidTimestamp):
        read_v1(request({"Timestamp": text}))


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(TEXT.filter(bool), TEXT, max_size=6), st.sampled_from(["GET", "POST"]), TEXT)
def test_the_official_sdk_signs_the_same(parameters, method, secret):
    parameters.pop("Signature", None)
    assert sign(secret, string_to_sign(method, parameters)) == Utils.get_rpcsignature(parameters, method, secret)


@given(st.dictionaries(TEXT.filter(bool), TEXT, max_size=6))
def test_the_older_sdk_signs_the_same(parameters):
    parameters.pop("Signature", None)
    composed = rpc_signature_composer.__dict__["__compose_string_to_sign"]("POST", parameters)
    assert "".join(string_to_sign("POST", parameters)) == composed


@pytest.mark.parametrize("character", ["a", " ", "%", "\x01", "ü", "日", "😀"])
def test_the_official_sdk_signs_a_long_request_the_same(character):
    parameters = {"Action": "Do", "Text": f"-{character * (2 * PIECE)}-", character * PIECE: "", "": "nothing"}
    assert sign("secret", string_to_sign("POST", parameters)) == Utils.get_rpcsignature(parameters, "POST", "secret")


def test_a_string_to_sign_comes_in_pieces_of_a_bounded_length():
    pieces = [len(piece) for piece in string_to_sign("POST", {"Text": "\x01" * (10 * PIECE)})]
    assert sum(pieces) > 50 * PIECE
    assert max(pieces) == 5 * PIECE


def test_a_string_to_sign_is_shown_whole():
    signed = read_v1(request())
    assert signed.string_to_show() == "".join(signed.string_to_sign())


def test_a_long_string_to_sign_is_shown_shortened():
    shown = read_v1(request({"UserName": "a" * 10 * LONGEST_SHOWN})).string_to_show()
    assert shown.startswith("GET&%2F&AccessKeyId%3Dtestid")
    assert len(shown) == LONGEST_SHOWN + len("...")
