"""Bytes that a client may send: any, requests that go wrong somewhere, and signed ones that were tampered with."""

import contextlib
import http.client
import socket
from urllib.parse import quote, urlencode

import httptools
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conformance.raw import v1, v3
from tests.fuzz.answer import Answer
from tests.fuzz.target import ALWAYS_THE_SAME, GROWTH, REQUESTS

KINDS = 3
SETTINGS = settings(
    max_examples=max(1, REQUESTS // 2 // KINDS + 1),
    derandomize=ALWAYS_THE_SAME,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


def exchange(target, sent, method="GET"):
    """Send bytes; return the answer, or None where none is due and the server hangs up."""
    target.requests += 1
    host, port = target.endpoint.split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        with contextlib.suppress(ConnectionError):  # it may have had enough
            connection.sendall(sent)
            if not is_due(sent):
                connection.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(connection, method=method)
        try:
            answer.begin()
            body = answer.read()
        except (ConnectionError, http.client.RemoteDisconnected):
            assert not is_due(sent)
            return None
        finally:
            answer.close()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, headers, None if method == "HEAD" else body)


def is_due(sent):
    """Whether bytes hold a whole request, or what can become none: an answer must come.

    Where a request is followed by what is none, the server may hang up: nobody can say what was meant by it.
    """
    ends = []

    class Listener:
        def on_message_complete(self):
            ends.append(True)

    try:
        httptools.HttpRequestParser(Listener()).feed_data(sent)
    except httptools.HttpParserError:
        return not ends
    return bool(ends)


TOKENS = st.sampled_from(
    [
        *(
            b"GET / HTTP/1.1\r\n",
            b"POST",
            b" ",
            b"/",
            b"HTTP/1.1",
            b"HTTP/2.0",
            b"\r\n",
            b"\n",
            b"\r\n\r\n",
            b":",
            b"\x00",
        ),
        *(b"host: x\r\n", b"content-length: 5\r\n", b"content-length: -1\r\n", b"transfer-encoding: chunked\r\n"),
        *(b"0\r\n\r\n", b"\x16\x03\x01\x02\x00", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"expect: 100-continue\r\n"),
        *(b"upgrade: websocket\r\n", b"connection: upgrade\r\n"),
    ]
)
ANYTHING = st.lists(TOKENS | st.binary(max_size=20), max_size=12).map(b"".join)


@SETTINGS
@given(sent=ANYTHING)
def check_anything(target, sent):
    answer = exchange(target, sent)
    if answer is not None:
        answer.check()


def test_any_bytes_are_answered_in_form_or_not_at_all(target):
    check_anything(target)
    assert target.process.is_running()


METHODS = st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"])
PATHS = st.sampled_from(["/", "/", "/", "/openapi.json", "//", "/../etc/passwd", "/%2e%2e", "/a/b", "*", "http://x/"])
WORDS = st.sampled_from(
    [
        *("Action", "Version", "Format", "XML", "yaml", "2020-09-30", "GetProject", "ListUsers", "AccessKeyId"),
        *("Signature", "SignatureMethod", "HMAC-SHA1", "Timestamp", "SecurityToken", "BearerToken"),
        *("[", "{}", "null", "%", "%00", "a" * 9000),
    ]
)
PAIRS = st.lists(st.tuples(WORDS | st.text(max_size=5), WORDS | st.text(max_size=5)), max_size=8)
QUERIES = PAIRS.map(lambda pairs: urlencode(pairs, errors="replace").encode()) | st.binary(max_size=20).map(
    lambda raw: quote(raw, safe="%&=+;#").encode()
)
HEADER_NAMES = st.sampled_from(
    [
        *(b"authorization", b"x-acs-action", b"x-acs-version", b"x-acs-date", b"x-acs-signature-nonce"),
        *(b"x-acs-content-sha256", b"content-type", b"accept", b"x-forwarded-for", b"forwarded", b"cookie", b"range"),
        *(b"connection", b"host", b"te"),
    ]
)
PRINTABLE = st.binary(max_size=12).map(lambda raw: bytes(byte for byte in raw if byte > 31 and byte != 127))
HEADER_VALUES = PRINTABLE | st.sampled_from(
    [
        *(b"ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host;x-acs-action,Signature=b", b"Bearer x", b"close"),
        *(b"ACS3-HMAC-SHA256 Credential=,SignedHeaders=,Signature=", b"2026-11-22T12:56:58Z", b"\xff\xfe", b"a" * 9000),
    ]
)
HEADERS = st.lists(st.tuples(HEADER_NAMES, HEADER_VALUES), max_size=6)
BODIES = st.just(b"") | QUERIES | st.binary(max_size=40)


@SETTINGS
@given(method=METHODS, path=PATHS, query=QUERIES, headers=HEADERS, body=BODIES, chunked=st.booleans())
def check_unsigned(target, method, path, query, headers, body, chunked):
    sent = request(method.encode(), path.encode() + b"?" + query, headers, body, chunked)
    answer = exchange(target, sent, method)
    assert answer is not None
    answer.check()
    assert answer.status != 200 or path == "/openapi.json"


def request(method, target, headers, body, chunked=False):
    """A request as bytes."""
    if chunked:
        body = (b"%x\r\n%s\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"
        framed = (b"transfer-encoding", b"chunked")
    else:
        framed = (b"content-length", b"%d" % len(body))
    lines = [b"%s: %s" % header for header in [*headers, framed]]
    return b"\r\n".join([b"%s %s HTTP/1.1" % (method, target), *lines, b"", body])


def test_any_request_that_nobody_signed_is_refused_in_form(target):
    check_unsigned(target)


@st.composite
def tampered(draw):
    """Says how to sign a call, and what to do to its bytes then."""
    names = draw(
        st.lists(st.sampled_from(["ProjectName", "DatasetName", "ObjectIds", "MaxResults", "Name"]), unique=True)
    )
    parameters = {name: draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=5)) for name in names}
    action = draw(st.sampled_from(["GetProject", "BatchGetFigureCluster", "ListProjects", "MakeCoffee", "SimpleQuery"]))
    changes = draw(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3), st.integers(0, 3)), max_size=2))
    return action, parameters, draw(st.sampled_from(["V1", "V1 form", "V3", "V3 form"])), changes


@SETTINGS
@given(how=tampered(), ours=st.booleans())
def check_tampered(target, how, ours):
    action, parameters, kind, changes = how
    caller = Caller(target.endpoint, target.key if ours else target.user)
    sent = signed(caller, action, parameters, kind)
    for place, inserted, dropped in changes:
        at = int(place * len(sent))
        sent = sent[:at] + inserted + sent[at + dropped :]
    answer = exchange(target, sent, "POST")
    if answer is not None:
        answer.check()


class Caller:
    """Who calls."""

    def __init__(self, endpoint, key):
        self.endpoint = endpoint
        self.key = key


def signed(caller, action, parameters, kind):
    """A signed request as bytes."""
    if kind.startswith("V1"):
        encoded = urlencode(v1(caller, "POST", {"Action": action, **parameters})).encode()
        headers = {"host": caller.endpoint}
    else:
        encoded = urlencode(parameters).encode()
        inside = ({}, encoded) if kind.endswith("form") else (parameters, b"")
        headers = v3(caller, action, *inside)
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    if kind.endswith("form"):
        return request(b"POST", b"/", raw, encoded)
    return request(b"POST", b"/?" + encoded, raw, b"")


def test_a_signed_request_that_was_tampered_with_is_answered_in_form(target):
    check_tampered(target)


def test_the_server_has_not_grown(target):
    assert target.requests >= REQUESTS / 2
    assert target.grown < GROWTH
