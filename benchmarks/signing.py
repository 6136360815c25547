"""Requests as the official SDK sends and signs them (ACS3-HMAC-SHA256), ready to go out."""

import hashlib
import hmac
import uuid
from datetime import UTC, datetime
from urllib.parse import quote

from vultus.ram.account import RootKey

NO_BODY = hashlib.sha256().hexdigest()


def signed(key: RootKey, endpoint: str, action: str, parameters: dict[str, str]) -> bytes:
    """A call of an operation of IMM, with a nonce of its own.

    Args:
        key: that signs it.
        endpoint: host and port of the server.
        action: name of the operation.
        parameters: all of them go into the query.
    """
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in sorted(parameters.items()))
    headers = {
        "accept": "application/json",
        "host": endpoint,
        "user-agent": "AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.6 TeaDSL/2",
        "x-acs-action": action,
        "x-acs-content-sha256": NO_BODY,
        "x-acs-credentials-provider": "static_ak",
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-version": "2020-09-30",
    }
    names = ";".join(headers)
    lines = ["POST", "/", query, *(f"{name}:{value}" for name, value in headers.items()), "", names, NO_BODY]
    canonical = "\n".join(lines)
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(key.access_key_secret.encode(), text.encode(), "sha256").hex()
    credential = f"Credential={key.access_key_id},SignedHeaders={names},Signature={signature}"
    headers["authorization"] = f"ACS3-HMAC-SHA256 {credential}"
    sent = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /?{query} HTTP/1.1\r\n{sent}content-length: 0\r\n\r\n".encode()
