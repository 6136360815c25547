"""Requests by hand, signed from the published rules alone."""

import base64
import hashlib
import hmac
import http.client
import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from tests.conformance.running import Running

REQUEST_ID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        decoded: dict[str, Any] = json.loads(self.body)
        return decoded

    @property
    def code(self) -> str:
        return str(self.json.get("Code"))


def expect(reply: Reply, status: int, code: str) -> None:
    """See to it that an error looks as IMM's do."""
    assert (reply.status, reply.code) == (status, code)
    denied = ["AccessDeniedDetail"] if status == 403 else []
    assert list(reply.json) == ["RequestId", "HostId", "Code", "Message", "Recommend", *denied]
    assert REQUEST_ID.fullmatch(reply.json["RequestId"])
    assert reply.headers["x-acs-request-id"] == reply.json["RequestId"]
    assert reply.headers["content-type"].startswith("application/json")


def send(
    server: Running,
    method: str,
    target: str,
    headers: dict[str, str] | None = None,
    body: bytes | Iterable[bytes] | None = None,
) -> Reply:
    """Send one request, on a connection of its own; a body in pieces goes out in chunks."""
    connection = http.client.HTTPConnection(server.endpoint, timeout=30)
    try:
        connection.request(method, target, body, headers or {}, encode_chunked=True)
        answer = connection.getresponse()
        return Reply(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def v1(server: Running, method: str, parameters: dict[str, str]) -> dict[str, str]:
    """Return the parameters with the public ones and the signature."""
    signed = {
        "Version": "2020-09-30",
        "Format": "JSON",
        "AccessKeyId": server.key.key_id,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": _now(),
        **parameters,
    }
    query = "&".join(f"{_encode(name)}={_encode(signed[name])}" for name in sorted(signed))
    text = f"{method}&%2F&{_encode(query)}"
    digest = hmac.new(f"{server.key.secret}&".encode(), text.encode(), hashlib.sha1).digest()
    return {**signed, "Signature": base64.b64encode(digest).decode()}


def v3(
    server: Running,
    action: str,
    query: dict[str, str] | None = None,
    body: bytes = b"",
    *,
    method: str = "POST",
    **headers: str,
) -> dict[str, str]:
    """Return the headers with the public ones and the authorization."""
    signed = {
        "host": server.endpoint,
        "x-acs-action": action,
        "x-acs-version": "2020-09-30",
        "x-acs-date": _now(),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    names = ";".join(sorted(signed))
    lines = [method, "/", "&".join(f"{_encode(k)}={_encode(v)}" for k, v in sorted((query or {}).items()))]
    lines += [f"{name}:{signed[name]}" for name in sorted(signed)]
    lines += ["", names, signed["x-acs-content-sha256"]]
    text = "ACS3-HMAC-SHA256\n" + hashlib.sha256("\n".join(lines).encode()).hexdigest()
    signature = hmac.new(server.key.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    credential = f"Credential={server.key.key_id},SignedHeaders={names},Signature={signature}"
    return {**signed, "authorization": f"ACS3-HMAC-SHA256 {credential}"}


def call_v3(server: Running, action: str, **query: str) -> Reply:
    """Call an operation, parameters in the query."""
    return send(server, "POST", f"/?{urlencode(query)}", v3(server, action, query))


def call_v1(server: Running, action: str, *, method: str = "GET", **parameters: str) -> Reply:
    """Call an operation, parameters in the query."""
    return send(server, method, f"/?{urlencode(v1(server, method, {'Action': action, **parameters}))}")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")
