"""The clients that Alibaba publishes, set up for a server on this machine."""

import json
from typing import Any, Protocol

from alibabacloud_imm20200930.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from darabonba.core import DaraCore
from darabonba.runtime import RuntimeOptions

from tests.conformance.running import Running


class Refused(Exception):
    """What a client tells its user of an error."""

    def __init__(self, status: int, code: str, message: str, request_id: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id


class AnyClient(Protocol):
    """A client that can call any operation."""

    def call(self, action: str, **parameters: str) -> dict[str, Any]:
        """Return the body of the answer, or raise Refused."""


def official(server: Running, *, v1: bool = False, secret: str = "", **options: Any) -> Client:
    """The official SDK, signing as version 3 or 1."""
    if v1:
        options["signature_algorithm"] = "v2"  # the SDK's own name for it
    return Client(
        Config(
            access_key_id=server.key.key_id,
            access_key_secret=secret or server.key.secret,
            endpoint=server.endpoint,
            protocol="HTTP",
            **options,
        )
    )


class Official:
    """The official SDK, by its generic call."""

    def __init__(self, server: Running, *, v1: bool = False, secret: str = "", form: bool = False) -> None:
        self._client = official(server, v1=v1, secret=secret)
        self._form = form

    def call(self, action: str, **parameters: str) -> dict[str, Any]:
        """Call an operation, parameters in the query or in a form."""
        params = Params(
            action=action,
            version="2020-09-30",
            protocol="HTTP",
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="json",
        )
        request = OpenApiRequest(body=parameters) if self._form else OpenApiRequest(query=parameters)
        try:
            answer = self._client.call_api(params, request, RuntimeOptions())
        except AlibabaCloudException as error:
            told = error.data or {}
            raise Refused(error.status_code, error.code, told["Message"], error.request_id) from None
        body: dict[str, Any] = answer["body"]
        return body


class Older:
    """``aliyun-python-sdk-core``, a code base of its own, by its generic call."""

    def __init__(self, server: Running, *, method: str, secret: str = "", form: bool = False) -> None:
        self._endpoint = server.endpoint
        self._method = method
        self._form = form
        self._client = AcsClient(server.key.key_id, secret or server.key.secret, "local")

    def call(self, action: str, **parameters: str) -> dict[str, Any]:
        """Call an operation, parameters in the query or in a form."""
        request = CommonRequest()
        request.set_domain(self._endpoint)
        request.set_version("2020-09-30")
        request.set_action_name(action)
        request.set_method(self._method)
        request.set_protocol_type("http")
        for name, value in parameters.items():
            (request.add_body_params if self._form else request.add_query_param)(name, value)
        try:
            body: dict[str, Any] = json.loads(self._client.do_action_with_exception(request))
        except ServerException as error:
            raise Refused(
                error.get_http_status(), error.get_error_code(), error.get_error_msg(), error.get_request_id()
            ) from None
        finally:
            self._client.session.close()
        return body


def hang_up() -> None:
    """Close the connections that the official SDK keeps for ever."""
    for session in DaraCore._sessions.values():
        session.close()
    DaraCore._sessions.clear()


#: Every way of calling that the Python clients have: signature, method, and where parameters go.
CLIENTS: dict[str, Any] = {
    "official V3": lambda server, **options: Official(server, **options),
    "official V3 form": lambda server, **options: Official(server, form=True, **options),
    "official V1": lambda server, **options: Official(server, v1=True, **options),
    "official V1 form": lambda server, **options: Official(server, v1=True, form=True, **options),
    "older GET": lambda server, **options: Older(server, method="GET", **options),
    "older POST": lambda server, **options: Older(server, method="POST", **options),
    "older POST form": lambda server, **options: Older(server, method="POST", form=True, **options),
}
