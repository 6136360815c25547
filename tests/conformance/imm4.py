"""Calls operations through ``alibabacloud-imm20200930`` 4, which stands on an older core than 5 does.

It runs in a virtual environment of its own, for the two do not go together. Each line of standard input is a call in
JSON; a line of JSON answers it: ``{"body": ..}`` or ``{"refused": ..}``, which is what the client tells its user.
"""

import json
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from alibabacloud_imm20200930 import models as imm
from alibabacloud_imm20200930.client import Client
from alibabacloud_openapi_util.client import Client as Signer
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from alibabacloud_tea_util.client import Client as Random
from alibabacloud_tea_util.models import RuntimeOptions
from Tea.exceptions import TeaException

make_nonce = Random.get_nonce


def pretend(ahead: float, nonce: str) -> None:
    """Have the client's clock go ahead so many seconds, and its nonces be this one, if any."""
    time = datetime.now(UTC) + timedelta(seconds=ahead)
    Signer.get_timestamp = staticmethod(lambda: time.strftime("%Y-%m-%dT%H:%M:%SZ"))
    Random.get_nonce = staticmethod((lambda: nonce) if nonce else make_nonce)


def answer(call: dict[str, Any]) -> dict[str, Any]:
    """Make a call; return what the client makes of it."""
    credentials = call["credentials"]
    client = Client(
        Config(
            access_key_id=credentials["key_id"],
            access_key_secret=credentials["secret"],
            security_token=credentials["token"] or None,
            endpoint=call["endpoint"],
            protocol="HTTP",
            signature_algorithm="v2" if call["how"].get("v1") else None,  # the SDK's own name for version 1
        )
    )
    try:
        return {"body": invoke(client, call)}
    except TeaException as error:
        return {
            "refused": {
                "status": error.statusCode,
                "code": error.code,
                "message": error.data["Message"],
                "request_id": error.data["RequestId"],
                "kind": type(error).__name__,
                "detail": error.accessDeniedDetail,
            }
        }


def invoke(client: Client, call: dict[str, Any]) -> dict[str, Any]:
    """Call an operation by its typed method, or, when the SDK has none or a form is wanted, by the generic one."""
    action, parameters = call["action"], call["parameters"]
    request = getattr(imm, f"{action}Request", None)
    if request is None or call["how"].get("form"):
        return generic(client, call)
    method = re.sub(r"(?<!^)(?=[A-Z])", "_", action).lower()
    body: dict[str, Any] = getattr(client, method)(request().from_map(parameters)).body.to_map()
    return body


def generic(client: Client, call: dict[str, Any]) -> dict[str, Any]:
    params = Params(
        action=call["action"],
        version=call["version"],
        protocol="HTTP",
        pathname="/",
        method="POST",
        auth_type="AK",
        style="RPC",
        req_body_type="formData",
        body_type="json",
    )
    given = {
        name: json.dumps(value) if isinstance(value, list | dict) else str(value)
        for name, value in call["parameters"].items()
    }
    request = OpenApiRequest(body=given) if call["how"].get("form") else OpenApiRequest(query=given)
    body: dict[str, Any] = client.call_api(params, request, RuntimeOptions())["body"]
    return body


for line in sys.stdin:
    asked = json.loads(line)
    pretend(asked["ahead"], asked["nonce"])
    print(json.dumps(answer(asked)), flush=True)
