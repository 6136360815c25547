"""Unauthorised use, tried on a real server and refused.

What one process has answered is refused by the other in ``tests/cli/test_serve.py``, heads without end in
``tests/api/test_protocol.py``, links out of a bucket in ``tests/storage/test_folder.py``, what no policy allows in
``test_denied.py``, and places that nobody may reach in ``test_places.py``.
"""

import base64
import contextlib
import http.client
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
import sqlalchemy

from tests.conformance.clients import Credentials
from tests.conformance.raw import FORM, call_v1, call_v3, expect, send, v1, v3
from tests.conformance.running import serve, settings_in
from tests.conformance.staff import Caller, Staff, policy
from vultus.operations.dispatch import operations
from vultus.operations.operation import VERSIONS
from vultus.ram.keys import Keys

# Keys


def test_a_request_without_a_signature_is_refused(server):
    for method in ("GET", "POST"):
        expect(send(server, method, "/?Action=ListProjects&Version=2020-09-30"), 400, "IncompleteSignature")
    headers = {"x-acs-action": "ListProjects", "x-acs-version": "2020-09-30"}
    expect(send(server, "POST", "/", headers), 400, "IncompleteSignature")


def test_the_key_of_another_account_is_refused(server, tmp_path):
    with serve(settings_in(tmp_path)) as other:
        stranger = Caller(server.endpoint, other.key)
        expect(call_v3(stranger, "ListProjects"), 404, "InvalidAccessKeyId.NotFound")
        expect(call_v1(stranger, "ListProjects"), 404, "InvalidAccessKeyId.NotFound")
        assert call_v3(other, "ListProjects").status == 200


def test_the_secret_of_another_key_is_refused(server):
    _, key = Staff(server).user(policy("Allow", "imm:*"))
    mixed = Caller(server.endpoint, Credentials(server.key.key_id, key.secret))
    expect(call_v3(mixed, "ListProjects"), 400, "SignatureDoesNotMatch")
    expect(call_v1(mixed, "ListProjects"), 400, "SignatureDoesNotMatch")


@pytest.mark.parametrize("secret", ["", " ", "0", "a" * 10_000, "ключ"])
def test_no_secret_opens_by_itself(server, secret):
    guessing = Caller(server.endpoint, Credentials(server.key.key_id, secret))
    expect(call_v3(guessing, "ListProjects"), 400, "SignatureDoesNotMatch")
    expect(call_v1(guessing, "ListProjects"), 400, "SignatureDoesNotMatch")


def test_a_key_that_is_switched_off_is_refused_within_a_second(own_server):
    keys = Keys(own_server.service.catalog, own_server.service.cipher)
    second = keys.create()
    other = Caller(own_server.endpoint, second)
    assert call_v3(other, "ListProjects").status == 200
    keys.deactivate(second.key_id)
    time.sleep(1.1)
    expect(call_v3(other, "ListProjects"), 400, "InvalidAccessKeyId.Inactive")
    keys.activate(second.key_id)
    time.sleep(1.1)
    assert call_v3(other, "ListProjects").status == 200
    keys.delete(second.key_id)
    time.sleep(1.1)
    expect(call_v3(other, "ListProjects"), 404, "InvalidAccessKeyId.NotFound")


def test_a_users_key_that_is_switched_off_or_deleted_is_refused_within_a_second(server):
    staff = Staff(server)
    name, key = staff.user(policy("Allow", "imm:*"))
    user = Caller(server.endpoint, key)
    assert call_v3(user, "ListProjects").status == 200
    staff.call("UpdateAccessKey", UserName=name, UserAccessKeyId=key.key_id, Status="Inactive")
    time.sleep(1.1)
    expect(call_v3(user, "ListProjects"), 400, "InvalidAccessKeyId.Inactive")
    staff.call("DeleteAccessKey", UserName=name, UserAccessKeyId=key.key_id)
    time.sleep(1.1)
    expect(call_v3(user, "ListProjects"), 404, "InvalidAccessKeyId.NotFound")


# Sessions


@pytest.fixture(scope="module")
def role(server):
    """A role that may do all that is IMM's, as the catalog has it."""
    staff = Staff(server)
    staff.session(policy("Allow", "imm:*"))
    catalog = server.service.catalog
    return catalog.roles.get(staff.call("ListRoles")["Roles"]["Role"][-1]["RoleName"])


def session_of(server, role, seconds):
    made = server.service.tokens.issue(role, "anna", seconds, "", "acs:ram::1:user/anna")
    return Credentials(made.claims.key_id, made.claims.secret, made.token)


def call_in(server, session, token, action="ListProjects"):
    caller = Caller(server.endpoint, session)
    headers = v3(caller, action, **({"x_acs_security_token": token} if token else {}))
    return send(server, "POST", "/", headers)


def test_a_session_that_is_over_is_refused(server, role):
    over, lasting = session_of(server, role, 0), session_of(server, role, 900)
    assert call_in(server, lasting, lasting.token).status == 200
    expect(call_in(server, over, over.token), 400, "InvalidSecurityToken.Expired")
    expect(
        call_v1(Caller(server.endpoint, over), "ListProjects", SecurityToken=over.token),
        400,
        "InvalidSecurityToken.Expired",
    )


def test_a_token_of_another_session_is_refused(server, role):
    one, other = session_of(server, role, 900), session_of(server, role, 900)
    expect(call_in(server, one, other.token), 400, "InvalidSecurityToken.MismatchWithAccessKey")
    expect(call_in(server, one, ""), 400, "MissingSecurityToken")


def test_who_makes_up_a_long_key_id_for_a_token_fills_no_trail(server, role):
    session = session_of(server, role, 900)
    made_up = Caller(server.endpoint, Credentials("STS." + "x" * 1_000_000, "secret"))
    form = urlencode(v1(made_up, "POST", {"Action": "ListProjects", "SecurityToken": session.token}))
    expect(send(server, "POST", "/", FORM, form.encode()), 400, "InvalidSecurityToken.MismatchWithAccessKey")
    [*_, day] = server.service.trail.days()
    assert max(map(len, day.read_text().splitlines())) < 2_000


def test_a_token_that_was_changed_anywhere_is_refused(server, role):
    session = session_of(server, role, 900)
    for place in range(0, len(session.token), 7):
        other = "A" if session.token[place] != "A" else "B"
        changed = f"{session.token[:place]}{other}{session.token[place + 1 :]}"
        reply = call_in(server, session, changed)
        assert reply.status == 400
        assert reply.code.startswith("InvalidSecurityToken.")


def test_a_token_of_another_server_is_refused(server, role, tmp_path):
    with serve(settings_in(tmp_path)) as elsewhere:
        session = session_of(elsewhere, role, 900)
        expect(call_in(server, session, session.token), 400, "InvalidSecurityToken.Malformed")


def test_a_token_of_a_session_does_not_go_with_a_lasting_key(server):
    expect(call_v1(server, "ListProjects", SecurityToken="t"), 400, "InvalidSecurityToken.MismatchWithAccessKey")
    headers = v3(server, "ListProjects", x_acs_security_token="t")
    expect(send(server, "POST", "/", headers), 400, "InvalidSecurityToken.MismatchWithAccessKey")


# Tampering


def test_a_header_that_was_added_without_signing_it_is_not_believed(server):
    """An action that an attacker puts beside a signed V1 request."""
    parameters = v1(server, "POST", {"Action": "ListProjects"})
    headers = {"x-acs-action": "CreateProject", "x-acs-version": "1999-01-01"}
    reply = send(server, "POST", f"/?{urlencode(parameters)}", headers)
    assert "Projects" in reply.json


def test_a_header_that_comes_twice_is_refused(server):
    headers = v3(server, "ListProjects")
    with contextlib.closing(http.client.HTTPConnection(server.endpoint, timeout=30)) as connection:
        connection.putrequest("POST", "/", skip_host=True)
        for name, value in [*headers.items(), ("x-acs-action", "CreateProject"), ("content-length", "0")]:
            connection.putheader(name, value)
        connection.endheaders()
        assert json.loads(connection.getresponse().read())["Code"] == "IncompleteSignature"


def test_a_changed_body_is_refused(server):
    headers = {**v3(server, "GetProject", {}, b"ProjectName=a"), **FORM}
    expect(send(server, "POST", "/", headers, b"ProjectName=b"), 400, "IncompleteSignature")


@pytest.mark.parametrize("name", ["x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"])
def test_a_header_that_counts_must_be_there(server, name):
    headers = v3(server, "ListProjects")
    del headers[name]
    expect(send(server, "POST", "/", headers), 400, "IncompleteSignature")


@pytest.mark.parametrize("algorithm", ["ACS3-HMAC-SM3", "ACS3-RSA-SHA256"])
def test_another_algorithm_is_refused(server, algorithm):
    headers = v3(server, "ListProjects")
    headers["authorization"] = headers["authorization"].replace("ACS3-HMAC-SHA256", algorithm)
    expect(send(server, "POST", "/", headers), 400, "InvalidSignatureMethod")


def test_another_method_of_v1_is_refused(server):
    expect(call_v1(server, "ListProjects", SignatureMethod="HMAC-SHA256"), 400, "InvalidSignatureMethod")


def test_a_time_that_cannot_be_read_is_refused(server):
    expect(call_v1(server, "ListProjects", Timestamp="yesterday"), 400, "InvalidTimeStamp.Format")


def test_whatever_is_changed_under_a_signature_breaks_it(server):
    query = {"ProjectName": "a"}
    headers = v3(server, "GetProject", query)
    expect(send(server, "POST", "/?ProjectName=b", headers), 400, "SignatureDoesNotMatch")
    expect(send(server, "POST", "/?ProjectName=a&Description=x", headers), 400, "SignatureDoesNotMatch")
    expect(send(server, "GET", "/?ProjectName=a", headers), 400, "SignatureDoesNotMatch")
    expect(
        send(server, "POST", "/?ProjectName=a", headers | {"x-acs-action": "DeleteProject"}),
        400,
        "SignatureDoesNotMatch",
    )
    expect(send(server, "POST", "/?ProjectName=a", headers | {"host": "elsewhere"}), 400, "SignatureDoesNotMatch")
    expect(send(server, "POST", "/?ProjectName=a", headers), 400, "ResourceNotFound")
    parameters = v1(server, "GET", {"Action": "GetProject", **query})
    for change in ({"Action": "DeleteProject"}, {"ProjectName": "b"}, {"Description": "x"}, {"SignatureNonce": "n"}):
        expect(send(server, "GET", f"/?{urlencode(parameters | change)}"), 400, "SignatureDoesNotMatch")
    expect(send(server, "POST", f"/?{urlencode(parameters)}"), 400, "SignatureDoesNotMatch")


@pytest.mark.parametrize("name", ["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce"])
def test_a_header_that_counts_must_be_among_the_signed_ones(server, name):
    headers = v3(server, "ListProjects")
    headers["authorization"] = headers["authorization"].replace(f";{name}", "").replace(f"={name};", "=")
    assert name not in headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    expect(send(server, "POST", "/", headers), 400, "IncompleteSignature")


def test_a_token_that_is_not_among_the_signed_headers_is_none(server, role):
    session = session_of(server, role, 900)
    headers = v3(Caller(server.endpoint, session), "ListProjects") | {"x-acs-security-token": session.token}
    expect(send(server, "POST", "/", headers), 400, "MissingSecurityToken")


# Again


def test_a_request_that_comes_again_is_refused_over_a_restart(tmp_path):
    settings = settings_in(tmp_path)
    with serve(settings) as first:
        headers = v3(first, "ListProjects", host="vultus.test")
        assert send(first, "POST", "/", headers).status == 200
        expect(send(first, "POST", "/", headers), 400, "SignatureNonceUsed")
    with serve(settings, known=first.key) as second:
        expect(send(second, "POST", "/", headers), 400, "SignatureNonceUsed")


@pytest.fixture
def shared_database(postgresql) -> Iterator[str]:
    """The address of a database without any table."""
    engine = sqlalchemy.create_engine(postgresql, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text("CREATE DATABASE machines"))
    yield postgresql.replace("/postgres?", "/machines?")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text("DROP DATABASE machines"))
    engine.dispose()


def test_a_request_that_one_machine_has_answered_is_refused_by_another(tmp_path, shared_database):
    one, other = (settings_in(tmp_path / name) for name in ("one", "other"))
    one.database = other.database = shared_database
    one.master_key = other.master_key = base64.b64encode(os.urandom(32)).decode()
    with serve(one) as first, serve(other, known=first.key) as second:
        headers = v3(first, "ListProjects", host="vultus.test")
        assert send(first, "POST", "/", headers).status == 200
        expect(send(second, "POST", "/", headers), 400, "SignatureNonceUsed")
        assert call_v3(second, "ListProjects").status == 200


def test_a_request_that_comes_many_times_at_once_is_answered_once(server):
    headers = v3(server, "ListProjects")
    with ThreadPoolExecutor(8) as threads:
        replies = list(threads.map(lambda _: send(server, "POST", "/", headers), range(16)))
    assert sorted(reply.status for reply in replies) == [200] + [400] * 15


def test_a_v1_request_that_comes_again_is_refused(server):
    parameters = urlencode(v1(server, "GET", {"Action": "ListProjects"}))
    assert send(server, "GET", f"/?{parameters}").status == 200
    expect(send(server, "GET", f"/?{parameters}"), 400, "SignatureNonceUsed")
    expect(send(server, "GET", f"/?{parameters}&"), 400, "SignatureNonceUsed")


# Sizes


def test_a_body_over_the_limit_is_refused_in_words(server):
    limit = server.service.settings.server.max_body
    body = b"A=" + b"x" * limit
    reply = send(server, "POST", "/", {**v3(server, "GetProject", {}, body), **FORM}, body)
    expect(reply, 400, "InvalidArgument")
    assert f"longer than {limit} bytes" in reply.json["Message"]


def test_nothing_deep_gets_into_any_parameter(server):
    """A hundred thousand brackets in every structured parameter of every operation."""
    tried = 0
    for operation in operations().values():
        given = {each.wire: "x" if each.text else "1" for each in operation.reader.parameters if each.required}
        for parameter in operation.reader.parameters:
            if not parameter.structured:
                continue
            others = {name: value for name, value in given.items() if name != parameter.wire}
            for text in ("[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000):
                body = urlencode({**others, parameter.wire: text}).encode()
                version = VERSIONS[operation.product]
                reply = send(server, "POST", "/", v3(server, operation.name, {}, body, x_acs_version=version), body)
                expect(reply, 400, "InvalidArgument")
                tried += f"{parameter.wire} is nested too deeply" in reply.json["Message"]
    assert tried > 60


@pytest.mark.parametrize("count", [1001, 100_000])
def test_parameters_without_number_are_refused(server, count):
    body = "&".join(f"p{number}=" for number in range(count)).encode()
    expect(send(server, "POST", "/", FORM, body), 400, "InvalidArgument")
