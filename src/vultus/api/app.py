"""The ASGI app: one path, every operation."""

import logging
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from vultus.api.answers import Answer, failure, new_request_id, success
from vultus.api.authentication import Authenticator, read_signature
from vultus.api.body import BodyRefused, Disconnected, read_body
from vultus.api.rpc import RpcRequest, answer_format, parse
from vultus.api.signature import Signed
from vultus.errors import (
    InactiveAccessKey,
    InvalidSecurityToken,
    NonceUsed,
    ServiceUnavailable,
    SignatureDoesNotMatch,
    VultusError,
)
from vultus.operations.call import Call, Service
from vultus.operations.dispatch import dispatch, operations
from vultus.operations.operation import Response
from vultus.ram.keyring import KeyRing
from vultus.ram.principal import Principal
from vultus.ram.trail import LONGEST_ACTION, Entry

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

SMALL_BODY = 2**16  # bytes; reading a longer form would keep other requests waiting, so a thread does


def create_app(service: Service) -> ASGIApp:
    """Return the API of a service.

    It is a bare ASGI app: with one path and no cookies, sessions or templates, a framework's request and response
    objects would only take time.
    """
    return Api(service)


class Api:
    """Reads a request, finds out who sent it, has it carried out and sends the answer."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._max_body = service.settings.server.max_body
        self._on_sqlite = service.catalog.on_sqlite
        service.gate.open()
        self._keys = KeyRing(service.catalog, service.cipher, service.tokens)
        self._authenticator = Authenticator(self._keys, service.gate.nonces)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's life."""
        if scope["type"] == "http":
            try:
                answer = await self._answer(scope, receive)
            except Disconnected:
                return
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            await send({"type": "http.response.body", "body": answer.body})
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._keys.close()
        self._service.gate.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        """Turn a request into an answer, whatever comes."""
        request_id = new_request_id()
        form = "JSON"
        try:
            body = await read_body(receive, self._max_body)
            whole = (scope["method"], scope["path"], scope["headers"], scope["query_string"], body)
            request = await _read(body, parse, *whole)
            form = answer_format(request.parameters)
            signed = await _read(body, read_signature, request)
            response = await self._carry_out(signed, request, request_id)
            return success(response, signed.action, request_id, form)
        except Disconnected:
            raise
        except Exception as error:
            answer = failure(_presentable(error, request_id), request_id, _host(scope), form)
            if isinstance(error, BodyRefused):
                answer.headers.append((b"connection", b"close"))  # what is left of the body would be read as a request
            return answer

    async def _carry_out(self, signed: Signed, request: RpcRequest, request_id: str) -> Response:
        """Do what a request asks for, where it keeps nobody waiting.

        On SQLite, what is quick is done at once: it takes a few hundred microseconds, never waits for a
        lock (readers of a WAL file do not), and a thread would halve what a server answers (BatchGetFigureCluster of
        ten, 16 connections: 4,400 a second at once, 2,200 through threads). What writes may wait for another writer,
        what lists or counts may take long, as does the signature of a large body, and PostgreSQL is a network away:
        these go to threads.
        """
        operation = operations().get((signed.version, signed.action))
        quick = operation is None or operation.quick
        if quick and self._on_sqlite and len(request.body) <= SMALL_BODY:
            return self._do(signed, request, request_id)
        return await to_thread.run_sync(self._do, signed, request, request_id)

    def _do(self, signed: Signed, request: RpcRequest, request_id: str) -> Response:
        call = Call(self._service, self._known(signed, request_id), request_id, "api")
        return dispatch(call, signed.version, signed.action, request.parameters)

    def _known(self, signed: Signed, request_id: str) -> Principal:
        """Who signed a request. Who tries a key that exists and fails leaves a trail; strangers could fill a disk."""
        try:
            return self._authenticator.authenticate(signed)
        except (InactiveAccessKey, InvalidSecurityToken, NonceUsed, SignatureDoesNotMatch) as error:
            entry = Entry(request_id=request_id, action=f"{signed.version}:{signed.action}"[:LONGEST_ACTION])
            entry.access_key_id, entry.source = signed.key_id, "api"
            entry.status, entry.code = error.status, error.code
            self._service.trail.write(entry)
            raise


async def _read(body: bytes, reader: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """Read something of a request, at once unless its body is large."""
    if len(body) <= SMALL_BODY:
        return reader(*arguments, **options)
    return await to_thread.run_sync(partial(reader, *arguments, **options))


def _presentable(error: Exception, request_id: str) -> VultusError:
    """Return what the caller may know of an error: what is wrong with the request, but not with the server."""
    if isinstance(error, ServiceUnavailable):
        log.error("Request %s failed: %s", request_id, error.message)
        return ServiceUnavailable("Something is out of reach for now; the log of the server tells what, by RequestId.")
    if isinstance(error, VultusError) and error.status != VultusError.status:
        return error
    log.error("Request %s failed.", request_id, exc_info=error)
    return VultusError("The server could not answer; its log tells why, by RequestId.")


def _host(scope: Scope) -> str:
    host: bytes = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return host.decode("latin-1")
