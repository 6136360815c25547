"""What becomes of clients that do not sign with an access key, or in a way that is not known here."""

from types import SimpleNamespace

import pytest
from alibabacloud_imm20200930.client import Client
from alibabacloud_imm20200930.models import ListProjectsRequest
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException, ClientException
from alibabacloud_tea_openapi.models import Config
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def refusal(server, **config) -> AlibabaCloudException:
    """The error that the official SDK raises when it is set up like this."""
    client = Client(Config(endpoint=server.endpoint, protocol="HTTP", **config))
    with pytest.raises(ClientException) as raised:
        client.list_projects(ListProjectsRequest())
    return raised.value


@pytest.fixture(params=[None, "v2"], ids=["V3", "V1"])
def signature(request):
    return {"signature_algorithm": request.param}


def test_a_bearer_token_is_refused_by_name(server, signature):
    error = refusal(server, bearer_token="token", **signature)
    assert (error.status_code, error.code) == (400, "InvalidSignatureMethod")
    assert error.data["Message"] == (
        "The request carries a bearer token, which is not known here; sign it with an access key."
    )


def test_an_id_token_is_refused_by_name(server, signature):
    credential = SimpleNamespace(type="id_token", security_token="token", provider_name=None)
    error = refusal(server, credential=SimpleNamespace(get_credential=lambda: credential), **signature)
    assert (error.status_code, error.code) == (400, "InvalidSignatureMethod")
    assert "carries an id token" in error.data["Message"]


def rsa_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    ("algorithm", "secret"), [("ACS3-HMAC-SM3", lambda: "s" * 30), ("ACS3-RSA-SHA256", rsa_key)], ids=["SM3", "RSA"]
)
def test_another_algorithm_is_refused_by_name(server, algorithm, secret):
    keys = {"access_key_id": server.key.key_id, "access_key_secret": secret()}
    error = refusal(server, signature_algorithm=algorithm, **keys)
    assert (error.status_code, error.code) == (400, "InvalidSignatureMethod")
    assert error.data["Message"] == (f"The signature algorithm {algorithm} is not known here; use ACS3-HMAC-SHA256.")
