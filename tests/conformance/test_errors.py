"""Each error: the right code, status and body, whichever client sees it."""

import datetime
import re

import aliyunsdkcore.utils.parameter_helper
import pytest
from alibabacloud_tea_openapi.utils import Utils

from tests.conformance.clients import CLIENTS, Refused
from tests.conformance.sidecar import Sidecar

#: How the clients call an error that is the caller's: most alike for all, pop-core by its code.
KINDS = {"ClientException", "TeaException", "ServerException", "ClientError"}
REQUEST_ID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


@pytest.fixture(params=CLIENTS)
def make_client(request):
    return CLIENTS[request.param]


@pytest.fixture
def client(make_client, server):
    return make_client(server)


def refusal(client, action="GetProject", **parameters) -> Refused:
    with pytest.raises(Refused) as raised:
        client.call(action, **parameters)
    assert REQUEST_ID.fullmatch(raised.value.request_id)
    return raised.value


@pytest.fixture
def clients_clock(monkeypatch):
    """Sets the clock of the clients, not of the server, so many seconds off."""

    def set_off(seconds: float) -> None:
        monkeypatch.setattr(Sidecar, "ahead", seconds)
        time = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
        text = time.strftime("%Y-%m-%dT%H:%M:%SZ")
        monkeypatch.setattr(Utils, "get_timestamp", staticmethod(lambda: text))
        monkeypatch.setattr(aliyunsdkcore.utils.parameter_helper, "get_iso_8061_date", lambda: text)

    return set_off


@pytest.fixture
def same_nonce(monkeypatch):
    """Makes the clients send one nonce for ever."""

    def repeat(nonce: str) -> None:
        monkeypatch.setattr(Sidecar, "nonce", nonce)
        monkeypatch.setattr(Utils, "get_nonce", staticmethod(lambda: nonce))
        monkeypatch.setattr(aliyunsdkcore.utils.parameter_helper, "get_uuid", lambda: nonce)

    return repeat


@pytest.mark.parametrize("action", ["GetProject", "MakeCoffee"])
def test_a_wrong_secret(make_client, server, action):
    error = refusal(make_client(server, secret="a" * 30), action, ProjectName="p")
    assert error.kind in KINDS | {f"{error.code}Error"}
    if error.code == "InvalidAccessKeySecret":  # the older client's own words, when its string to sign is ours
        assert error.status == 400
    else:
        assert (error.status, error.code) == (400, "SignatureDoesNotMatch")
        assert error.message.startswith(
            "Specified signature is not matched with our calculation. server string to sign is:"
        )


@pytest.mark.parametrize("seconds", [-16 * 60, 16 * 60])
def test_a_time_that_is_off(client, clients_clock, seconds):
    clients_clock(seconds)
    error = refusal(client, ProjectName="p")
    assert (error.status, error.code) == (400, "InvalidTimeStamp.Expired")
    assert "15 minutes" in error.message


@pytest.mark.parametrize("seconds", [-14 * 60, 14 * 60])
def test_a_time_that_is_off_a_little_is_borne(client, clients_clock, seconds):
    clients_clock(seconds)
    assert refusal(client, ProjectName="nobodys").code == "ResourceNotFound"


def test_a_request_that_comes_again(client, same_nonce, request):
    same_nonce(f"nonce of {request.node.name}")
    assert refusal(client, ProjectName="nobodys").code == "ResourceNotFound"
    error = refusal(client, ProjectName="nobodys")
    assert (error.status, error.code) == (400, "SignatureNonceUsed")


def test_a_wrong_signature_does_not_use_up_the_nonce(make_client, server, same_nonce, request):
    same_nonce(f"nonce of {request.node.name}")
    refusal(make_client(server, secret="wrong"), ProjectName="nobodys")
    assert refusal(make_client(server), ProjectName="nobodys").code == "ResourceNotFound"


def test_an_unknown_key(make_client, server):
    class Stranger:
        key_id, secret = "LTAInobodysKeyIsThisOne0", "a" * 30

    error = refusal(make_client(server, key=Stranger()), ProjectName="p")
    assert (error.status, error.code) == (404, "InvalidAccessKeyId.NotFound")


def test_a_missing_parameter(client):
    error = refusal(client)
    assert (error.status, error.code) == (400, "MissingProjectName")
    assert error.message == "ProjectName is mandatory for this action."


def test_a_parameter_that_cannot_be_used(client):
    error = refusal(client, "ListProjects", MaxResults="many")
    assert (error.status, error.code) == (400, "InvalidArgument")
    assert "MaxResults" in error.message


def test_an_unknown_action(client):
    error = refusal(client, "MakeCoffee", ProjectName="p")
    assert (error.status, error.code) == (404, "InvalidApi.NotFound")
    assert "MakeCoffee" in error.message


def test_an_action_that_is_not_offered(client):
    error = refusal(client, "CreateOfficeConversionTask", ProjectName="p")
    assert (error.status, error.code) == (501, "UnsupportedOperation")
    assert "CreateOfficeConversionTask" in error.message


def test_an_unknown_project(client):
    error = refusal(client, ProjectName="nobodys")
    assert (error.status, error.code) == (400, "ResourceNotFound")
    assert error.message == "The specified resource project is not found."


def test_a_project_that_exists(client, request):
    name = re.sub("[^a-z0-9]+", "-", request.node.name.lower())
    client.call("CreateProject", ProjectName=name)
    error = refusal(client, "CreateProject", ProjectName=name)
    assert (error.status, error.code) == (400, "ResourceAlreadyExists")
