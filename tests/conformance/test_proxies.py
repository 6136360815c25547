"""Policies see where a request comes from; what a client says of that counts only when a trusted proxy hands it on."""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.conformance.raw import Reply, send, v1
from tests.conformance.staff import Caller
from tests.serving import RootKey, Serving, serving

INSIDE = {"IpAddress": {"acs:SourceIp": ["198.51.100.0/24"]}, "Bool": {"acs:SecureTransport": ["true"]}}
POLICY = {
    "Version": "1",
    "Statement": [{"Effect": "Allow", "Action": "imm:*", "Resource": "*", "Condition": INSIDE}],
}


@pytest.fixture(scope="module", params=["127.0.0.0/8,10.0.0.0/8", "10.0.0.0/8"], ids=["trusted", "not trusted"])
def anna(request, tmp_path_factory) -> Iterator[tuple[Caller, bool]]:
    """A user who may do everything from inside, and whether the server trusts this machine as a proxy."""
    with serving(tmp_path_factory.mktemp("proxied"), VULTUS_SERVER_TRUSTED_PROXIES=request.param) as server:
        yield hire(server), request.param.startswith("127")


def hire(server: Serving) -> Caller:
    root = Caller(server.endpoint, server.key)
    ask(root, "CreatePolicy", Version="2015-05-01", PolicyName="inside", PolicyDocument=json.dumps(POLICY))
    ask(root, "CreateUser", Version="2015-05-01", UserName="anna")
    attached = {"PolicyName": "inside", "PolicyType": "Custom", "UserName": "anna"}
    ask(root, "AttachPolicyToUser", Version="2015-05-01", **attached)
    key = ask(root, "CreateAccessKey", Version="2015-05-01", UserName="anna").json["AccessKey"]
    return Caller(server.endpoint, RootKey(key["AccessKeyId"], key["AccessKeySecret"]))


def ask(caller: Caller, action: str, headers: dict[str, str] | None = None, **parameters: str) -> Reply:
    """Call an operation; proxies' headers are not signed."""
    form = v1(caller, "POST", {"Action": action, **parameters})
    return send(caller, "POST", "/", headers, urlencode(form).encode())


@pytest.mark.parametrize(
    ("forwarded", "scheme", "inside"),
    [
        ("198.51.100.7", "https", True),
        ("203.0.113.1, 198.51.100.7", "https", True),
        ("198.51.100.7, 10.1.2.3", "https", True),
        ("198.51.100.7", "http", False),
        ("203.0.113.1", "https", False),
        ("198.51.100.7, 203.0.113.1", "https", False),
        ("", "https", False),
    ],
)
def test_only_a_trusted_proxy_says_who_comes_from_inside(anna, forwarded, scheme, inside):
    caller, trusted = anna
    headers = {"x-forwarded-for": forwarded, "x-forwarded-proto": scheme}
    assert ask(caller, "ListProjects", headers).status == (200 if inside and trusted else 403)


def test_without_a_proxy_nobody_here_comes_from_inside(anna):
    assert ask(anna[0], "ListProjects").status == 403
