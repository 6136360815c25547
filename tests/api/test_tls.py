import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.api.certificates import Certificate, make_certificate
from tests.api.test_server import hello
from vultus.api import refusal
from vultus.api.server import Server
from vultus.api.tls import TLS, load_tls
from vultus.config import ConfigError
from vultus.config import Server as Settings


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def server(own) -> Iterator[Server]:
    served = Server(hello, Settings(port=0, tls_cert=str(own.certificate), tls_key=str(own.key)))
    with served.running():
        yield served


def trusting(certificate: Certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate.certificate)


def get(server: Server, context: ssl.SSLContext) -> bytes:
    with closing(http.client.HTTPSConnection(server.endpoint, context=context, timeout=10)) as connection:
        connection.request("GET", "/")
        return connection.getresponse().read()


def connect(server: Server) -> socket.socket:
    host, port = server.endpoint.split(":")
    return socket.create_connection((host, int(port)), timeout=30)


def test_it_answers_over_tls(server, own):
    assert get(server, trusting(own)) == b"hello"


def test_an_outdated_version_of_tls_is_refused(server):
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        get(server, old)


def test_a_request_in_the_clear_is_refused_in_form(server):
    with closing(http.client.HTTPConnection(server.endpoint, timeout=10)) as connection:
        connection.request("POST", "/", b"Action=ListProjects")
        answer = connection.getresponse()
        body = json.loads(answer.read())
    assert (answer.status, body["Code"]) == (400, "InvalidProtocol.NeedSsl")
    assert answer.headers["x-acs-request-id"] == body["RequestId"]


def test_whoever_says_nothing_or_nonsense_harms_nobody(server, own):
    silent = [connect(server) for _ in range(20)]
    for each in silent[:10]:
        each.sendall(b"\x16\x03\x01nonsense" * 100)
    assert get(server, trusting(own)) == b"hello"
    for each in silent:
        each.close()
    assert get(server, trusting(own)) == b"hello"


def test_many_connections_in_turn_are_all_answered(server, own):
    context = trusting(own)
    assert {get(server, context) for _ in range(100)} == {b"hello"}


def test_what_is_refused_within_tls_is_refused_in_form(server, own):
    with trusting(own).wrap_socket(connect(server), server_hostname="localhost") as connection:
        connection.sendall(b"this is not http\r\n\r\n")
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert (answer.status, json.loads(answer.read())["Code"]) == (400, "InvalidArgument")


def test_a_stranger_that_is_told_to_use_tls_is_not_listened_to_for_ever(server, monkeypatch):
    monkeypatch.setattr(refusal, "PATIENCE", 0.2)
    with connect(server) as connection:
        connection.sendall(b"G")
        answer = b""
        while piece := connection.recv(1000):
            answer += piece
    assert b"InvalidProtocol.NeedSsl" in answer


def test_a_certificate_that_is_replaced_is_used_from_then_on(tmp_path):
    own, other = make_certificate(tmp_path), make_certificate(tmp_path, "other")
    server = Server(hello, Settings(port=0, tls_cert=str(own.certificate), tls_key=str(own.key)))
    with server.running(), trusting(own).wrap_socket(connect(server), server_hostname="localhost") as before:
        own.certificate.write_bytes(other.certificate.read_bytes())
        own.key.write_bytes(other.key.read_bytes())
        server.reload()
        assert get(server, trusting(other)) == b"hello"
        before.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert before.recv(1000).startswith(b"HTTP/1.1 200")


def test_a_replacement_that_cannot_be_used_changes_nothing(tmp_path, caplog):
    own, other = make_certificate(tmp_path), make_certificate(tmp_path, "other")
    trust = trusting(own)
    server = Server(hello, Settings(port=0, tls_cert=str(own.certificate), tls_key=str(own.key)))
    with server.running():
        own.certificate.write_bytes(other.certificate.read_bytes())
        server.reload()
        assert "does not belong to the certificate" in caplog.text
        assert get(server, trust) == b"hello"


def test_clients_that_keep_connections_do_not_keep_it_from_stopping(tmp_path, caplog):
    own = make_certificate(tmp_path)
    server = Server(hello, Settings(port=0, tls_cert=str(own.certificate), tls_key=str(own.key)))
    with server.running(), trusting(own).wrap_socket(connect(server), server_hostname="localhost") as kept:
        kept.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert kept.recv(1000).startswith(b"HTTP/1.1 200")
        server.stop()
        while server._uvicorn.server_state.connections:
            time.sleep(0.01)
    assert "timeout graceful shutdown exceeded" not in caplog.text


def test_without_files_there_is_no_tls():
    assert load_tls(Settings()) is None


@pytest.mark.parametrize("there", ["tls_cert", "tls_key"])
def test_one_file_is_not_enough(there):
    with pytest.raises(ConfigError, match=rf"server\.{there} is set, server\.tls_"):
        load_tls(Settings(**{there: "file.pem"}))


def test_a_missing_file_is_said(own, tmp_path):
    with pytest.raises(ConfigError, match=r"TLS certificate .*absent cannot be read: No such file"):
        TLS(tmp_path / "absent", own.key)
    with pytest.raises(ConfigError, match=r"TLS key .*absent cannot be read: No such file"):
        TLS(own.certificate, tmp_path / "absent")


def test_a_key_of_another_certificate_is_said(own, tmp_path):
    with pytest.raises(ConfigError, match=r"key .*other\.key does not belong to the certificate .*server\.pem"):
        TLS(own.certificate, make_certificate(tmp_path, "other").key)


def test_files_of_another_kind_are_said(own, tmp_path):
    nonsense = tmp_path / "nonsense"
    nonsense.write_text("nonsense")
    with pytest.raises(ConfigError, match="nonsense is not a certificate in PEM form"):
        TLS(nonsense, own.key)
    with pytest.raises(ConfigError, match="nonsense is not a private key in PEM form"):
        TLS(own.certificate, nonsense)


def test_a_key_with_a_passphrase_is_said(tmp_path):
    locked = make_certificate(tmp_path, "locked", b"open sesame")
    with pytest.raises(ConfigError, match="encrypted"):
        TLS(locked.certificate, locked.key)
