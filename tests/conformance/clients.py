"""The clients that Alibaba publishes, set up for a server on this machine."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from typing import Any, Protocol

from alibabacloud_imm20200930 import models as imm
from alibabacloud_imm20200930.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import AccessKeyCredential, StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from darabonba.core import DaraCore
from darabonba.runtime import RuntimeOptions

from tests.conformance import sidecar
from tests.conformance.running import Running

IMM = "2020-09-30"


class Refused(Exception):
    """What a client tells its user of an error.

    Attributes:
        status: of HTTP.
        code: of the error.
        message: of the error.
        request_id: of the request.
        kind: the client's own name for such an error.
        detail: why permission was denied, as far as the client tells.
    """

    def __init__(
        self, status: int, code: str, message: str, request_id: str, kind: str = "", detail: Any = None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id
        self.kind = kind
        self.detail = detail


class Key(Protocol):
    """What signs."""

    @property
    def key_id(self) -> str: ...
    @property
    def secret(self) -> str: ...


@dataclass(frozen=True)
class Credentials:
    """What a client signs with; the token is there when it is a session's."""

    key_id: str
    secret: str
    token: str = ""


class AnyClient(Protocol):
    """A client that can call any operation."""

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        """Return the body of the answer, or raise Refused.

        Args:
            action: name of the operation.
            parameters: by wire name; lists and structs as they are, which the client turns into text by itself.
        """


def official(endpoint: str, credentials: Credentials, *, v1: bool = False) -> Client:
    """The official SDK, signing as version 3 or 1."""
    return Client(
        Config(
            access_key_id=credentials.key_id,
            access_key_secret=credentials.secret,
            security_token=credentials.token or None,
            endpoint=endpoint,
            protocol="HTTP",
            signature_algorithm="v2" if v1 else None,  # the SDK's own name for version 1
        )
    )


class Official:
    """The official SDK: its typed methods, or, for a form and for what it does not know, its generic call."""

    def __init__(self, endpoint: str, credentials: Credentials, *, v1: bool = False, form: bool = False) -> None:
        self._client = official(endpoint, credentials, v1=v1)
        self._form = form

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        request = getattr(imm, f"{action}Request", None)
        try:
            if request is None or self._form:
                return self._generic(action, parameters)
            method = re.sub(r"(?<!^)(?=[A-Z])", "_", action).lower()
            body: dict[str, Any] = getattr(self._client, method)(request().from_map(parameters)).body.to_map()
        except AlibabaCloudException as error:
            message = (error.data or {})["Message"]
            detail = getattr(error, "access_denied_detail", None)
            kind = type(error).__name__
            raise Refused(error.status_code, error.code, message, error.request_id, kind, detail) from None
        return body

    def _generic(self, action: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        params = Params(
            action=action,
            version=IMM,
            protocol="HTTP",
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="json",
        )
        given = {name: _text(value) for name, value in parameters.items()}
        request = OpenApiRequest(body=given) if self._form else OpenApiRequest(query=given)
        body: dict[str, Any] = self._client.call_api(params, request, RuntimeOptions())["body"]
        return body


class Older:
    """``aliyun-python-sdk-imm``, a code base of its own: its typed requests, or its generic one as with Official."""

    def __init__(self, endpoint: str, credentials: Credentials, *, method: str, form: bool = False) -> None:
        self._endpoint = endpoint
        self._method = method
        self._form = form
        if credentials.token:
            signer = StsTokenCredential(credentials.key_id, credentials.secret, credentials.token)
        else:
            signer = AccessKeyCredential(credentials.key_id, credentials.secret)
        self._client = AcsClient(region_id="local", credential=signer)

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        request = self._generic(action, parameters) if self._form else self._typed(action, parameters)
        request.set_method(self._method)
        request.set_protocol_type("http")
        try:
            body: dict[str, Any] = json.loads(self._client.do_action_with_exception(request))
        except ServerException as error:
            told = error.get_http_status(), error.get_error_code(), error.get_error_msg(), error.get_request_id()
            raise Refused(*told, type(error).__name__) from None
        finally:
            self._client.session.close()
        return body

    def _typed(self, action: str, parameters: Mapping[str, Any]) -> Any:
        try:
            module = import_module(f"aliyunsdkimm.request.v20200930.{action}Request")
        except ModuleNotFoundError:
            return self._generic(action, parameters)
        request = getattr(module, f"{action}Request")()
        request.set_endpoint(self._endpoint)
        for name, value in parameters.items():
            if hasattr(request, f"set_{name}"):
                getattr(request, f"set_{name}")(value)
            else:  # it came later than this SDK
                request.add_query_param(name, _text(value))
        return request

    def _generic(self, action: str, parameters: Mapping[str, Any]) -> Any:
        request = CommonRequest()
        request.set_domain(self._endpoint)
        request.set_version(IMM)
        request.set_action_name(action)
        for name, value in parameters.items():
            (request.add_body_params if self._form else request.add_query_param)(name, _text(value))
        return request


class Beside:
    """A client in a process of its own.

    Args:
        process: starts the process, or returns the one that runs.
        client: its name there, where there are several.
        how: it is to call.
    """

    def __init__(
        self,
        endpoint: str,
        credentials: Credentials,
        *,
        process: Callable[[], sidecar.Sidecar],
        client: str = "",
        **how: Any,
    ) -> None:
        self._process = process()
        self._call = {"client": client, "endpoint": endpoint, "credentials": asdict(credentials), "how": how}

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        answer = self._process.ask({**self._call, "version": IMM, "action": action, "parameters": parameters})
        if "refused" in answer:
            raise Refused(**answer["refused"])
        body: dict[str, Any] = answer["body"]
        return body


def hang_up() -> None:
    """Close the connections that the official SDK keeps for ever, and end the clients beside us."""
    for session in DaraCore._sessions.values():
        session.close()
    DaraCore._sessions.clear()
    sidecar.stop_all()


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, list | dict) else str(value)


Factory = Callable[..., AnyClient]

#: Every way of calling that the clients have: signature, method, and where parameters go.
_FACTORIES: dict[str, Factory] = {
    "official V3": Official,
    "official V3 form": partial(Official, form=True),
    "official V1": partial(Official, v1=True),
    "official V1 form": partial(Official, v1=True, form=True),
    "official 4 V3": partial(Beside, process=sidecar.imm4),
    "official 4 V3 form": partial(Beside, process=sidecar.imm4, form=True),
    "official 4 V1": partial(Beside, process=sidecar.imm4, v1=True),
    "older GET": partial(Older, method="GET"),
    "older POST": partial(Older, method="POST"),
    "older POST form": partial(Older, method="POST", form=True),
    "openapi-core V3": partial(Beside, process=sidecar.node, client="openapi-core"),
    "openapi-core V3 chunked form": partial(Beside, process=sidecar.node, client="openapi-core", form=True),
    "openapi-core V1": partial(Beside, process=sidecar.node, client="openapi-core", v1=True),
    "pop-core GET": partial(Beside, process=sidecar.node, client="pop-core", method="GET"),
    "pop-core POST form": partial(Beside, process=sidecar.node, client="pop-core", method="POST"),
}


def _client(
    factory: Factory, server: Running, *, key: Key | None = None, secret: str = "", token: str = ""
) -> AnyClient:
    chosen = key or server.key
    return factory(server.endpoint, Credentials(chosen.key_id, secret or chosen.secret, token))


#: As above; each takes a server, and what to sign with where it is not the server's root key.
CLIENTS: dict[str, Factory] = {name: partial(_client, factory) for name, factory in _FACTORIES.items()}
