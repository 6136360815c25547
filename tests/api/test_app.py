"""Whatever comes, an answer goes back that has IMM's form."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vultus.api.app import create_app
from vultus.api.body import SMALL_BODY
from vultus.api.signature_v1 import sign, string_to_sign
from vultus.catalog import Catalog
from vultus.config import Settings
from vultus.operations.actions import IMM_ACTIONS
from vultus.operations.call import Call, Service
from vultus.operations.dispatch import operations
from vultus.operations.operation import REGISTRY, VERSIONS, Request, Response, operation
from vultus.ram.account import ensure_account
from vultus.storage.storage import Storage

REQUEST_ID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


class Door:
    """The app and a key to it, without a network between."""

    def __init__(self, home) -> None:
        configured = Settings(home=home)
        self.catalog = Catalog(configured.database_url)
        self.catalog.migrate()
        key = ensure_account(self.catalog, home).new_key
        assert key is not None
        self.key = key
        self.service = Service(configured, self.catalog, Storage(configured))
        self.app = create_app(self.service)
        self.sent = 0

    def send(
        self,
        method: str = "POST",
        path: str = "/",
        query: bytes = b"",
        headers: tuple[tuple[bytes, bytes], ...] = (),
        body: bytes = b"",
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        """Return status, headers and body of the answer."""
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query,
            "headers": [(b"host", b"vultus.test"), *headers],
        }
        answer: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: dict[str, Any]) -> None:
            answer.append(message)

        asyncio.run(self.app(scope, receive, send))
        start, end = answer
        return start["status"], dict(start["headers"]), end["body"]

    def signed(self, parameters: dict[str, str]) -> bytes:
        """Return parameters as a signed form."""
        self.sent += 1
        public = {
            "AccessKeyId": self.key.key_id,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": str(self.sent),
            "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "Version": "2020-09-30",
        }
        whole = {**public, **parameters}
        whole["Signature"] = sign(self.key.secret, string_to_sign("POST", whole))
        return b"&".join(f"{_hex(name)}={_hex(value)}".encode() for name, value in whole.items())


def _hex(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


@pytest.fixture(scope="module")
def door(tmp_path_factory) -> Iterator[Door]:
    made = Door(tmp_path_factory.mktemp("door"))
    for action in ("CreateProject", "CreateDataset"):
        assert made.send(body=made.signed({"Action": action, "ProjectName": "p", "DatasetName": "d"}))[0] == 200
    yield made
    made.service.gate.close()
    made.catalog.close()


def expect_form(status: int, headers: dict[bytes, bytes], body: bytes) -> None:
    assert status < 500 or status == 501
    decoded = msgspec.json.decode(body)
    assert REQUEST_ID.fullmatch(decoded["RequestId"])
    assert headers[b"x-acs-request-id"].decode() == decoded["RequestId"]
    assert int(headers[b"content-length"]) == len(body)
    if status != 200:
        assert {"HostId", "Code", "Message", "Recommend"} <= decoded.keys()
        assert decoded["Message"]


TOKENS = st.sampled_from(
    [b"Action", b"Version", b"2020-09-30", b"GetProject", b"AccessKeyId", b"Signature", b"=", b"&", b"%", b"+", b"\xff"]
)
BYTES = st.lists(TOKENS | st.binary(max_size=5), max_size=20).map(b"".join)
NAMES = st.sampled_from(
    [b"authorization", b"x-acs-action", b"x-acs-version", b"x-acs-date", b"x-acs-content-sha256", b"content-type"]
)
VALUES = BYTES | st.just(b"ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host;x-acs-action,Signature=b")
HEADERS = st.lists(st.tuples(NAMES | st.binary(max_size=5), VALUES), max_size=8).map(tuple)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=300)
@given(st.sampled_from(["GET", "POST", "PUT", "HEAD", "BREW", ""]), st.text(max_size=5), BYTES, HEADERS, BYTES)
def test_any_request_is_answered_in_form(door, method, path, query, headers, body):
    expect_form(*door.send(method, f"/{path}", query, headers, body))


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
TEXTS = (
    WORDS
    | st.sampled_from(["p", "d", "0", "-1", "True", "[]", "{}", "null", '["Cluster-x"]', "oss://b/k", '[{"URI":1}]'])
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.just("\ud800"),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
        max_leaves=5,
    ).map(json.dumps)
)


@st.composite
def calls(draw) -> dict[str, str]:
    """An operation of ours or of IMM, with parameters some of which are its own."""
    declared = {name: found for (version, name), found in operations().items() if version == VERSIONS["imm"]}
    action = draw(st.sampled_from(sorted(declared)) | st.sampled_from(sorted(IMM_ACTIONS)))
    names = WORDS
    if action in declared:
        names |= st.sampled_from([each.wire for each in declared[action].reader.parameters])
    parameters = draw(st.dictionaries(names, TEXTS, max_size=6))
    return {"ProjectName": draw(st.just("p") | TEXTS), "DatasetName": "d", **parameters, "Action": action}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=500)
@given(calls())
def test_any_call_of_an_operation_is_answered_in_form(door, call):
    expect_form(*door.send(body=door.signed(call)))


def test_a_master_key_that_is_gone_is_said_in_the_log_in_one_line(tmp_path, caplog):
    door = Door(tmp_path)
    (tmp_path / "master-key").unlink()
    call = {"Action": "CreateAccessKey", "Version": VERSIONS["ram"]}
    status, _, body = door.send(body=door.signed(call))
    assert (status, msgspec.json.decode(body)["Code"]) == (500, "InternalError")
    [record] = caplog.records
    assert "There is no" in record.getMessage()
    assert "master-key" not in body.decode()
    assert record.exc_info is None


class TellThreadRequest(Request):
    text: str


class TellThreadResponse(Response):
    thread: int


def tell_thread(call: Call, request: TellThreadRequest) -> TellThreadResponse:
    """Tell which thread does the work."""
    return TellThreadResponse(thread=threading.get_ident())


@pytest.mark.parametrize(
    ("quick", "length", "at_once"), [(True, 10, True), (True, SMALL_BODY, False), (False, 10, False)]
)
def test_what_may_take_long_keeps_no_other_request_waiting(door, quick, length, at_once):
    operation(level="get", resource=None, product="vultus", quick=quick)(tell_thread)
    try:
        call = {"Action": "TellThread", "Version": VERSIONS["vultus"], "Text": "x" * length}
        status, _, body = door.send(body=door.signed(call))
    finally:
        del REGISTRY[VERSIONS["vultus"], "TellThread"]
    assert status == 200
    assert (msgspec.json.decode(body)["Thread"] == threading.get_ident()) is at_once


def test_the_two_pieces_of_a_servers_life_are_answered(tmp_path):
    app = Door(tmp_path).app
    coming = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    answered: list[str] = []

    async def live() -> None:
        async def receive() -> dict[str, str]:
            return next(coming)

        async def send(message: dict[str, str]) -> None:
            answered.append(message["type"])

        await app({"type": "lifespan"}, receive, send)

    asyncio.run(live())
    assert answered == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
