"""``vultus serve``: how it starts, what it tells, and how it ends."""

import http.client
import json
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import psutil
import pytest
from alibabacloud_imm20200930 import models as imm
from alibabacloud_imm20200930.client import Client
from alibabacloud_tea_openapi.exceptions import ThrottlingException
from alibabacloud_tea_openapi.models import Config

from tests.api.certificates import make_certificate
from tests.conformance.clients import hang_up
from tests.conformance.raw import call_v3, send, v3
from tests.serving import COMMAND, Serving, ask, serving


@pytest.fixture(scope="module")
def pair(tmp_path_factory) -> Iterator[Serving]:
    """A server of two processes."""
    with serving(tmp_path_factory.mktemp("pair"), "--processes", "2") as server:
        yield server


def official(server: Serving, **options: str) -> Client:
    key = {"access_key_id": server.key.key_id, "access_key_secret": server.key.secret}
    return Client(Config(endpoint=server.endpoint, protocol=server.scheme.upper(), **key, **options))


def answered_by(server: Serving, process: psutil.Process, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
    """Send a request that only this one of the processes can answer."""
    others = [each for each in server.servers if each.pid != process.pid]
    for other in others:
        other.suspend()
    try:
        return ask(server, "/", headers)
    finally:
        for other in others:
            other.resume()


def accepts(server: Serving) -> bool:
    """Whether somebody can connect."""
    host, port = server.endpoint.split(":")
    try:
        socket.create_connection((host, int(port)), timeout=30).close()
    except ConnectionError:
        return False
    return True


# Several processes


def test_a_request_that_one_process_has_answered_is_refused_by_the_other(pair):
    one, other = pair.servers
    headers = v3(pair, "ListProjects")
    assert answered_by(pair, one, headers)[0] == 200
    status, body = answered_by(pair, other, headers)
    assert (status, body["Code"]) == (400, "SignatureNonceUsed")
    fresh = v3(pair, "ListProjects")
    assert answered_by(pair, other, fresh)[0] == 200
    assert answered_by(pair, one, fresh)[1]["Code"] == "SignatureNonceUsed"


def test_what_all_processes_did_is_counted_together_and_once(pair):
    def counted() -> float:
        found = re.search(
            r'vultus_requests_total\{code="ResourceNotFound",operation="GetProject"\} (\S+)', pair.watch("/metrics")[1]
        )
        return float(found[1]) if found else 0.0

    before = counted()
    for process in pair.servers * 3:
        headers = v3(pair, "GetProject", {"ProjectName": "nobodys"})
        others = [each for each in pair.servers if each.pid != process.pid]
        for other in others:
            other.suspend()
        assert ask(pair, "/?ProjectName=nobodys", headers)[0] == 400
        for other in others:
            other.resume()
    assert counted() - before == 6


def test_a_process_that_dies_is_replaced_and_what_it_did_still_counts(pair):
    killed = pair.servers[0]
    assert answered_by(pair, killed, v3(pair, "ListRegions"))[1]["Code"] == "UnsupportedOperation"
    pair.watch("/metrics")
    killed.kill()
    pair.wait_to_hear(rf"server process {killed.pid} died \(exit code -9\)")
    pair.wait_until(lambda: len(pair.servers) == 2)
    pair.wait_until_ready()
    assert killed.pid not in [each.pid for each in pair.servers]
    assert call_v3(pair, "ListProjects").status == 200
    assert 'operation="unknown"' in pair.watch("/metrics")[1]


def test_connections_are_shared_out_among_processes(tmp_path):
    with serving(tmp_path, "--processes", "2") as server, ExitStack() as around:
        host, port = server.endpoint.split(":")
        for _ in range(40):
            around.enter_context(socket.create_connection((host, int(port))))

        def held(process: psutil.Process) -> int:
            found = process.net_connections("tcp")
            return sum(each.status == "ESTABLISHED" and each.laddr[1] == int(port) for each in found)

        server.wait_until(lambda: sum(map(held, server.servers)) == 40)
        assert min(map(held, server.servers)) >= 10


@pytest.mark.parametrize("processes", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_answered_before_it_ends(tmp_path, processes, number):
    with serving(tmp_path, "--processes", processes) as server:
        host, port = server.endpoint.split(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nhost: vultus\r\ncontent-length: 10\r\n\r\nAction")
            server.wait_for_requests(1)
            server.process.send_signal(number)
            server.wait_until(lambda: not accepts(server))
            connection.sendall(b"=abc")
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            body = json.loads(answer.read())
        assert (answer.status, body["Code"]) == (400, "IncompleteSignature")
        assert answer.headers["connection"] == "close"
        assert server.process.wait(60) == 0
        assert "Stopped." in server.said
        assert "Traceback" not in server.said


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_second_ctrl_c_ends_it_at_once(tmp_path, processes):
    with serving(tmp_path, "--processes", processes) as server:
        host, port = server.endpoint.split(":")
        children = psutil.Process(server.process.pid).children(recursive=True)
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nhost: vultus\r\ncontent-length: 10\r\n\r\nAction")
            server.wait_for_requests(1)
            server.process.send_signal(signal.SIGINT)
            server.wait_until(lambda: server.watch("/readyz")[0] == 503)
            server.process.send_signal(signal.SIGINT)
            assert server.process.wait(60) == 130
            psutil.wait_procs(children, 60)
            assert not any(each.is_running() for each in children)
            assert connection.recv(1000) == b""
    assert "Traceback" not in server.said


def test_processes_end_when_the_one_that_started_them_is_killed(tmp_path):
    with serving(tmp_path, "--processes", "2") as server:
        servers = server.servers
        assert len(servers) == 2
        server.process.kill()
        server.process.wait()
        gone, alive = psutil.wait_procs(servers, 60)
        assert (len(gone), alive) == (2, [])


def test_what_keeps_processes_from_starting_is_said(tmp_path):
    command = [
        *COMMAND,
        "--home",
        str(tmp_path / "home"),
        "serve",
        "--port",
        "0",
        "--workers",
        "-1",
        "--processes",
        "2",
    ]
    subprocess.run([*COMMAND, "--home", str(tmp_path / "home"), "keys", "list"], check=True, capture_output=True)
    (tmp_path / "home" / "gate.db").mkdir()
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert ended.returncode == 1
    assert "gate.db cannot be opened" in ended.stderr
    assert "Traceback" not in ended.stderr


# TLS


def test_the_official_sdk_speaks_to_it_over_https(tmp_path):
    own = make_certificate(tmp_path)
    options = ["--tls-cert", str(own.certificate), "--tls-key", str(own.key), "--processes", "2"]
    with serving(tmp_path, *options) as server:
        assert server.scheme == "https"
        client = official(server, ca=str(own.certificate))
        client.create_project(imm.CreateProjectRequest(project_name="p"))
        listed = client.list_projects(imm.ListProjectsRequest()).body.projects
        assert [project.project_name for project in listed] == ["p"]
        hang_up()
        status, body = ask(server, "/?Action=ListProjects")
        assert (status, body["Code"]) == (400, "InvalidProtocol.NeedSsl")


def test_a_certificate_is_read_again_at_sighup(tmp_path):
    own, other = make_certificate(tmp_path), make_certificate(tmp_path, "other")
    options = ["--tls-cert", str(own.certificate), "--tls-key", str(own.key), "--processes", "2"]
    with serving(tmp_path, *options) as server:
        other.certificate.replace(own.certificate)
        other.key.replace(own.key)
        server.process.send_signal(signal.SIGHUP)
        server.wait_until(lambda: server.said.count("was read again") == 2)
        client = official(server, ca=str(own.certificate))
        assert client.list_projects(imm.ListProjectsRequest()).status_code == 200
        hang_up()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--tls-cert", "absent.pem", "--tls-key", "absent.key"], "absent.pem cannot be read"),
        (["--tls-cert", "absent.pem"], "server.tls_key is not"),
        (["--processes", "-3"], "processes"),
        (["--log-format", "xml"], "log_format"),
        (["--metrics-port", "70000"], "port 70000"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path, options, said):
    command = [*COMMAND, "--home", str(tmp_path / "home"), "serve", "--port", "0", "--workers", "-1", *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert ended.returncode == 1
    assert said in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr


# Limits


def test_who_asks_too_often_is_told_when_to_come_again(tmp_path):
    with serving(tmp_path, settings="[limits]\nproject_queries_per_second = 0.01\n") as server:
        client = official(server)
        client.create_project(imm.CreateProjectRequest(project_name="p"))
        with pytest.raises(ThrottlingException) as raised:
            client.get_project(imm.GetProjectRequest(project_name="p"))
        hang_up()
        assert (raised.value.status_code, raised.value.code) == (400, "Throttling.User")
        assert "Request was denied due to user flow control." in raised.value.message
        assert 90_000 < raised.value.retry_after <= 100_000
        metrics = server.watch("/metrics")[1]
        assert 'vultus_requests_total{code="Throttling.User",operation="GetProject"} 1.0' in metrics


# Those who watch, and logs


def test_health_readiness_and_metrics_have_a_port_of_their_own(pair):
    assert pair.watch("/healthz") == (200, "alive\n")
    assert pair.watch("/readyz") == (200, "ready\n")
    assert pair.watch("/")[0] == 404
    metrics = pair.watch("/metrics")[1]
    for role, count in (("main", 1), ("server", 2)):
        assert f'vultus_processes{{role="{role}"}} {count}.0' in metrics
        assert float(re.search(rf'vultus_resident_memory_bytes\{{role="{role}"\}} (\S+)', metrics)[1]) > 10**7
    assert "vultus_catalog_up 1.0" in metrics


def test_nobody_watches_unless_asked_to(tmp_path):
    with serving(tmp_path, "--metrics-port", "-1", watched=False) as server:
        own = psutil.Process(server.process.pid)
        assert [each.laddr[1] for each in own.net_connections("tcp") if each.status == "LISTEN"] == [
            int(server.endpoint.rpartition(":")[2])
        ]


@pytest.mark.parametrize("form", ["text", "json"])
def test_each_request_is_a_line_in_the_log(tmp_path, form):
    with serving(
        tmp_path, "--access-log", "--log-format", form, settings='[server]\ntrusted_proxies=["127.0.0.1"]'
    ) as server:
        reply = call_v3(server, "GetProject", ProjectName="no such\nproject")
        send(server, "POST", "/", {"x-forwarded-for": "198.51.100.7"})
        assert server.end() == 0
        lines = [line for line in server.said.splitlines() if "vultus.access" in line]
    assert len(lines) == 2
    if form == "json":
        known, unknown = map(json.loads, lines)
        assert (known["operation"], known["project"]) == ("GetProject", "no such\nproject")
        assert (known["request_id"], known["status"]) == (reply.json["RequestId"], 400)
        assert (known["code"], known["source_address"]) == (reply.code, "127.0.0.1")
        assert re.fullmatch(r"acs:ram::\d{16}:root", known["caller"])
        assert (known["bytes_sent"], known["level"]) == (len(reply.body), "INFO")
        assert 0 < known["milliseconds"] < 60_000
        assert (unknown["operation"], unknown["caller"], unknown["source_address"]) == ("unknown", "", "198.51.100.7")
    else:
        assert f'request_id={reply.json["RequestId"]} operation=GetProject project="no such\\nproject"' in lines[0]
        assert "operation=unknown source_address=198.51.100.7 status=400 code=IncompleteSignature" in lines[1]


def test_a_log_of_json_has_nothing_else_in_it(tmp_path):
    with serving(tmp_path, "--log-format", "json", settings="[server]\nport = 1\n") as server:
        assert server.end() == 0
        said = [json.loads(line) for line in server.said.splitlines()]
    assert [line["message"].split()[0] for line in said] == ["Account", "Serving", "Stopped."]


def test_the_secret_of_the_root_key_is_not_printed_into_a_log(pair):
    assert pair.key.secret not in pair.said
    assert str(pair.home / "root-key.json") in pair.said
