"""The protocol on the wire: where parameters may be, what a signature must cover, how an answer looks."""

import contextlib
import http.client
import socket
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, quote_plus, urlencode

import pytest

from tests.conformance.clients import CLIENTS
from tests.conformance.raw import FORM, REQUEST_ID, Reply, call_v1, call_v3, expect, send, v1, v3
from tests.conformance.running import Running, serve, settings_in
from vultus.api import description
from vultus.config import ConfigError
from vultus.errors import ServiceUnavailable
from vultus.operations.call import Call
from vultus.operations.operation import REGISTRY, Request, Response, operation


@pytest.fixture
def declare(monkeypatch):
    """Declares an operation for the length of a test."""

    def add(handler, level="get"):
        before = dict(REGISTRY)
        operation(level=level, resource=None)(handler)
        (name,) = REGISTRY.keys() - before.keys()
        declared = REGISTRY.pop(name)
        monkeypatch.setitem(REGISTRY, name, declared)

    return add


class Stranger:
    """A key that nobody has; PostgreSQL would choke on its id."""

    key_id = "LTAI\x00"
    secret = "s"


class EchoRequest(Request):
    text: str
    flag: bool = False
    items: list[str] = []


class EchoResponse(Response):
    text: str
    flag: bool
    items: list[str]


def echo_parameters(call: Call, request: EchoRequest) -> EchoResponse:
    return EchoResponse(text=request.text, flag=request.flag, items=request.items)


# Where parameters may be


def test_query_and_form_are_merged(server, declare):
    declare(echo_parameters)
    body = urlencode({"Items": '["a", "b"]'}).encode()
    reply = send(server, "POST", "/?Text=t", {**v3(server, "EchoParameters", {"Text": "t"}, body), **FORM}, body)
    assert reply.json == {"RequestId": reply.json["RequestId"], "Text": "t", "Flag": False, "Items": ["a", "b"]}


def test_a_chunked_form_is_read(server, declare):
    declare(echo_parameters)
    body = urlencode({"Text": "x" * 1000, "Items": '["a","b"]'}).encode()
    pieces = (body[start : start + 100] for start in range(0, len(body), 100))
    headers = {**v3(server, "EchoParameters", {}, body), **FORM, "transfer-encoding": "chunked"}
    assert send(server, "POST", "/", headers, pieces).json["Text"] == "x" * 1000


def test_v1_may_put_everything_in_the_form(server, declare):
    declare(echo_parameters)
    body = urlencode(v1(server, "POST", {"Action": "EchoParameters", "Text": "a b+*~"})).encode()
    assert send(server, "POST", "/", FORM, body).json["Text"] == "a b+*~"


@pytest.mark.parametrize(("sent", "meant"), [("True", True), ("true", True), ("False", False), ("FALSE", False)])
def test_booleans_come_in_any_case(server, declare, sent, meant):
    declare(echo_parameters)
    assert call_v3(server, "EchoParameters", Text="t", Flag=sent).json["Flag"] is meant


@pytest.mark.parametrize("encode", [quote, quote_plus], ids=["%20", "+"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_space_is_written_in_either_way(server, declare, encode, method):
    declare(echo_parameters)
    encoded = urlencode(v1(server, method, {"Action": "EchoParameters", "Text": "a b+c%20~*"}), quote_via=encode)
    reply = (
        send(server, "GET", f"/?{encoded}") if method == "GET" else send(server, "POST", "/", FORM, encoded.encode())
    )
    assert reply.json["Text"] == "a b+c%20~*"


def test_an_empty_signature_type_says_nothing(server):
    assert call_v1(server, "ListProjects", SignatureType="").status == 200
    expect(call_v1(server, "ListProjects", SignatureType="BEARERTOKEN"), 400, "InvalidSignatureMethod")


def test_names_of_headers_come_in_any_case(server):
    headers = {name.title(): value for name, value in v3(server, "ListProjects").items()}
    assert send(server, "POST", "/", headers).status == 200


def test_a_parameter_given_twice_is_refused(server):
    expect(send(server, "GET", "/?A=1&A=2"), 400, "InvalidArgument")
    parameters = urlencode(v1(server, "POST", {"Action": "ListProjects", "Prefix": "a"}))
    expect(send(server, "POST", f"/?{parameters}&Prefix=b"), 400, "InvalidArgument")
    expect(send(server, "POST", f"/?{parameters}", FORM, b"Prefix=a"), 400, "InvalidArgument")
    expect(send(server, "POST", "/", FORM, f"{parameters}&Prefix=a".encode()), 400, "InvalidArgument")


def test_a_large_body_within_the_limit_is_answered(server, declare):
    declare(echo_parameters)
    body = urlencode({"Text": "x" * 1_000_000}).encode()
    reply = send(server, "POST", "/", {**v3(server, "EchoParameters", {}, body), **FORM}, body)
    assert len(reply.json["Text"]) == 1_000_000


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_another_method_is_refused(server, method):
    expect(send(server, method, "/"), 400, "UnsupportedHTTPMethod")


def test_another_path_is_refused(server):
    expect(send(server, "GET", "/v1/projects"), 404, "InvalidApi.NotFound")


def test_an_unknown_version_is_refused(server):
    expect(call_v1(server, "ListProjects", Version="2017-09-06"), 404, "InvalidVersion")


def test_the_description_of_the_api_is_there_for_whoever_asks(server):
    reply = send(server, "GET", "/openapi.json")
    assert (reply.status, reply.body) == (200, description.encoded())
    assert reply.headers["content-type"] == "application/json"
    expect(send(server, "POST", "/openapi.json"), 404, "InvalidApi.NotFound")


# How an answer looks


def test_an_answer_carries_its_request_id_twice(server):
    reply = call_v3(server, "ListProjects")
    assert REQUEST_ID.fullmatch(reply.json["RequestId"])
    assert reply.headers["x-acs-request-id"] == reply.json["RequestId"]
    assert call_v3(server, "ListProjects").json["RequestId"] != reply.json["RequestId"]


def test_an_error_names_the_host_that_was_asked(server):
    reply = call_v3(server, "GetProject", ProjectName="nobodys")
    expect(reply, 400, "ResourceNotFound")
    assert reply.json["HostId"] == server.endpoint


def test_another_format_is_refused(server):
    expect(call_v1(server, "ListProjects", Format="YAML"), 400, "InvalidParameter.Format")


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (RuntimeError("a secret detail"), 500, "InternalError"),
        (ConfigError("a secret detail"), 500, "InternalError"),
        (ServiceUnavailable("a secret detail"), 503, "ServiceUnavailable"),
    ],
)
def test_a_failure_of_ours_tells_no_detail_but_where_to_look(server, declare, caplog, failure, status, code):
    def fail_badly(call: Call, request: Request) -> Response:
        raise failure

    declare(fail_badly)
    with caplog.at_level("ERROR"):
        reply = call_v3(server, "FailBadly")
    expect(reply, status, code)
    assert b"secret detail" not in reply.body
    assert reply.json["RequestId"] in caplog.text
    assert "a secret detail" in caplog.text


def test_a_connection_is_kept_for_many_requests(server):
    with contextlib.closing(http.client.HTTPConnection(server.endpoint, timeout=30)) as connection:
        ports = set()
        for query in ({}, {"ProjectName": "nobodys"}, {}):
            action = "GetProject" if query else "ListProjects"
            connection.request("POST", f"/?{urlencode(query)}", headers=v3(server, action, query))
            connection.getresponse().read()
            assert connection.sock is not None
            ports.add(connection.sock.getsockname())
    assert len(ports) == 1


def test_a_client_that_hangs_up_halfway_harms_nobody(server, caplog):
    host, port = server.endpoint.split(":")
    for _ in range(5):
        with socket.create_connection((host, int(port))) as hung:
            hung.sendall(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nA=")
    assert call_v3(server, "ListProjects").status == 200
    assert caplog.text == ""


# Who waits for whom


def test_a_write_that_waits_for_the_database_keeps_no_read_waiting(own_server):
    call_v3(own_server, "CreateProject", ProjectName="there")
    database = own_server.service.settings.home / "vultus.db"
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        replies: list[Reply] = []
        write = threading.Thread(target=lambda: replies.append(call_v3(own_server, "CreateProject", ProjectName="new")))
        write.start()
        time.sleep(0.2)
        assert call_v3(own_server, "GetProject", ProjectName="there").status == 200
        assert write.is_alive()
        other.execute("ROLLBACK")
        write.join(30)
    assert [reply.status for reply in replies] == [200]


def test_many_clients_at_once_are_all_answered(server):
    client = CLIENTS["official V3"](server)
    with ThreadPoolExecutor(16) as threads:
        names = [f"many-{number}" for number in range(64)]
        list(threads.map(lambda name: client.call("CreateProject", ProjectName=name), names))
    listed = client.call("ListProjects", Prefix="many-", MaxResults="100")["Projects"]
    assert sorted(project["ProjectName"] for project in listed) == sorted(names)


def test_postgresql_answers_alike(tmp_path, postgresql):
    settings = settings_in(tmp_path)
    settings.database = postgresql
    with serve(settings) as running:
        assert call_v3(running, "CreateProject", ProjectName="on-postgresql").status == 200
        assert call_v1(running, "GetProject", ProjectName="on-postgresql").status == 200
        expect(call_v3(running, "GetProject", ProjectName="nobodys"), 400, "ResourceNotFound")
        stranger = Running(running.endpoint, running.service, running.account, Stranger())
        expect(call_v1(stranger, "ListProjects"), 404, "InvalidAccessKeyId.NotFound")
        assert call_v3(running, "DeleteProject", ProjectName="on-postgresql").status == 200
