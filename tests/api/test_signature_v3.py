from hashlib import sha256
from urllib.parse import quote

import pytest
from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest
from hypothesis import given
from hypothesis import strategies as st

from vultus.api.rpc import RpcRequest, parse
from vultus.api.signature_v3 import MUST_BE_SIGNED, read_v3
from vultus.errors import IncompleteSignature, InvalidSignatureMethod, InvalidTimestamp

SECRET = "a secret"
HEADERS = {
    "host": "127.0.0.1:8668",
    "x-acs-action": "GetTask",
    "x-acs-version": "2020-09-30",
    "x-acs-date": "2026-11-22T12:56:58Z",
    "x-acs-signature-nonce": "0123456789abcdef",
    "accept": "application/json",
    "user-agent": "test",
}


def authorise(headers: dict[str, str], query: dict[str, str] | None = None, body: bytes = b"") -> str:
    """Sign as the official SDK does; sets the hash of the body too."""
    headers["x-acs-content-sha256"] = sha256(body).hexdigest()
    wire = DaraRequest()
    wire.method, wire.pathname, wire.query, wire.headers = "POST", "/", query or {}, headers
    return Utils.get_authorization(wire, "ACS3-HMAC-SHA256", headers["x-acs-content-sha256"], "LTAIkey", SECRET)


def received(headers: dict[str, str], query: bytes = b"", body: bytes = b"") -> RpcRequest:
    return parse("POST", "/", [(name.encode(), value.encode()) for name, value in headers.items()], query, body)


def test_what_the_official_sdk_signs_is_proven():
    headers = dict(HEADERS)
    authorization = authorise(headers, {"ProjectName": "a b*~/", "TaskId": '["x"]'}, b"UserData=1")
    request = received(headers, b"TaskId=%5B%22x%22%5D&ProjectName=a+b%2A~%2F", b"UserData=1")
    signed = read_v3(request, authorization)
    assert signed.proven(SECRET)
    assert not signed.proven("another secret")
    assert (signed.key_id, signed.action, signed.version) == ("LTAIkey", "GetTask", "2020-09-30")
    assert (signed.nonce, signed.time) == ("0123456789abcdef", 1795352218)


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(st.text("abcXYZ.", min_size=1), TEXT, max_size=6), st.binary(max_size=50), TEXT)
def test_whatever_the_official_sdk_signs_is_proven(query, form, agent):
    headers = {**HEADERS, "user-agent": agent.replace("\r", "").replace("\n", "")}
    body = b"Form=" + form.hex().encode()
    authorization = authorise(headers, query, body)
    encoded = "&".join(f"{name}={quote(value)}" for name, value in query.items())
    assert read_v3(received(headers, encoded.encode(), body), authorization).proven(SECRET)


@pytest.mark.parametrize("name", sorted(HEADERS.keys() - {"x-acs-date"}))
def test_every_signed_header_is_under_the_signature(name):
    headers = dict(HEADERS)
    authorization = authorise(headers)
    headers[name] += "x"
    assert not read_v3(received(headers), authorization).proven(SECRET)


def test_the_query_is_under_the_signature():
    headers = dict(HEADERS)
    authorization = authorise(headers, {"ProjectName": "a"})
    assert not read_v3(received(headers, b"ProjectName=b"), authorization).proven(SECRET)


def test_a_body_that_was_changed_is_refused():
    headers = dict(HEADERS)
    authorization = authorise(headers, body=b"ProjectName=a")
    with pytest.raises(IncompleteSignature, match="SHA-256"):
        read_v3(received(headers, body=b"ProjectName=b"), authorization)


@pytest.mark.parametrize("name", MUST_BE_SIGNED)
def test_a_header_that_counts_must_be_signed(name):
    headers = dict(HEADERS)
    authorization = authorise(headers)
    names = ";".join(sorted(headers.keys() - {name}))
    signed = authorization.split("SignedHeaders=")[0] + f"SignedHeaders={names},Signature=00"
    with pytest.raises(IncompleteSignature, match=name):
        read_v3(received(headers), signed)


@pytest.mark.parametrize("name", MUST_BE_SIGNED)
def test_a_header_that_counts_must_be_there(name):
    headers = dict(HEADERS)
    authorization = authorise(headers)
    del headers[name]
    with pytest.raises(IncompleteSignature, match=name):
        read_v3(received(headers), authorization)


def test_a_signed_header_that_comes_twice_is_refused():
    headers = dict(HEADERS)
    authorization = authorise(headers)
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = parse("POST", "/", [*sent, (b"x-acs-action", b"DeleteProject")], b"", b"")
    with pytest.raises(IncompleteSignature, match="x-acs-action"):
        read_v3(request, authorization)


@pytest.mark.parametrize("agent", ["vultus/ü", "日本"])
def test_a_header_beyond_ascii_is_proven_as_the_sdk_signs_it(agent):
    headers = {**HEADERS, "user-agent": agent}
    authorization = authorise(headers)
    assert read_v3(received(headers), authorization).proven(SECRET)


def test_latin1_on_the_wire_is_proven_as_the_sdk_signs_it():
    headers = {**HEADERS, "user-agent": "vultus/ü"}
    authorization = authorise(headers)
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    assert read_v3(parse("POST", "/", sent, b"", b""), authorization).proven(SECRET)


@pytest.mark.parametrize("algorithm", ["ACS3-HMAC-SM3", "ACS3-RSA-SHA256", "AWS4-HMAC-SHA256", "Bearer", ""])
def test_another_algorithm_is_refused(algorithm):
    headers = dict(HEADERS)
    authorization = authorise(headers).replace("ACS3-HMAC-SHA256", algorithm)
    with pytest.raises(InvalidSignatureMethod):
        read_v3(received(headers), authorization)


@pytest.mark.parametrize(
    "rest",
    [
        "",
        " ",
        " Credential=a",
        " Credential=a,SignedHeaders=,Signature=b",
        " Credential=a,SignedHeaders=host",
        " a,b,c",
    ],
)
def test_an_authorization_that_cannot_be_read_is_incomplete(rest):
    with pytest.raises(IncompleteSignature, match="cannot be read"):
        read_v3(received(HEADERS), "ACS3-HMAC-SHA256" + rest)


def test_spaces_after_commas_are_no_harm():
    headers = dict(HEADERS)
    authorization = authorise(headers).replace(",", ", ")
    assert read_v3(received(headers), authorization).proven(SECRET)


def test_a_time_that_cannot_be_read_is_refused():
    headers = {**HEADERS, "x-acs-date": "Sun, 22 Nov 2026 12:56:58 GMT"}
    authorization = authorise(headers)
    with pytest.raises(InvalidTimestamp):
        read_v3(received(headers), authorization)


def test_the_string_to_sign_holds_no_colon_for_older_clients_split_there():
    headers = dict(HEADERS)
    authorization = authorise(headers)
    assert ":" not in read_v3(received(headers), authorization).string_to_show()
