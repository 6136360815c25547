"""The ASGI app: one path, every operation."""

import logging
from asyncio import CancelledError
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from vultus.api import description
from vultus.api.answers import Answer, failure, success
from vultus.api.authentication import Authenticator, read_signature
from vultus.api.body import SMALL_BODY, Bodies, BodyRefused, Disconnected
from vultus.api.exchange import Exchange
from vultus.api.observer import Observer
from vultus.api.proxies import Origin, Proxies
from vultus.api.rpc import RpcRequest, answer_format, parse
from vultus.api.signature import Signed
from vultus.config import ConfigError
from vultus.errors import (
    InactiveAccessKey,
    InvalidSecurityToken,
    NonceUsed,
    ServerBusy,
    ServerStopping,
    ServiceUnavailable,
    SignatureDoesNotMatch,
    VultusError,
)
from vultus.operations.call import Call, Service
from vultus.operations.dispatch import dispatch, operations
from vultus.operations.operation import Operation, Response
from vultus.ram.keyring import KeyRing
from vultus.ram.principal import Principal
from vultus.ram.trail import LONGEST_ACTION, LONGEST_KEY_ID, Entry

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

MOST_WAITING = 400  # requests that threads work for, or that wait for one; further ones are told to come again
CLIENT_GONE = 499  # the status that is noted of a request whose client does not wait for the answer


def create_app(service: Service, observer: Observer | None = None) -> ASGIApp:
    """Return the API of a service.

    It is a bare ASGI app: with one path and no cookies, sessions or templates, a framework's request and response
    objects would only take time.

    Args:
        service: what operations work with.
        observer: told of every request.
    """
    return Api(service, observer or Observer())


class Api:
    """Reads a request, finds out who sent it, has it carried out and sends the answer."""

    def __init__(self, service: Service, observer: Observer) -> None:
        self._service = service
        self._observer = observer
        self._bodies = Bodies(service.settings.server.max_body)
        self._proxies = Proxies(service.settings.server.trusted_proxies)
        self._on_sqlite = service.catalog.on_sqlite
        self._waiting = 0
        operations()  # finds and imports them all, which no request shall wait for
        service.gate.open()
        self._keys = KeyRing(service.catalog, service.cipher, service.tokens)
        self._authenticator = Authenticator(self._keys, service.gate.nonces)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's life."""
        if scope["type"] == "http":
            await self._exchange(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._keys.close()
        self._service.gate.close()
        self._service.viewers.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _exchange(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and see that it is told of."""
        exchange = self._observer.begin()
        try:
            answer = await self._answer(exchange, scope, receive)
            exchange.sent = len(answer.body)
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            await send({"type": "http.response.body", "body": answer.body})
        except Disconnected:
            exchange.status, exchange.code = CLIENT_GONE, Disconnected.__name__
        except BaseException:
            exchange.failed(VultusError("The answer could not be given."))
            raise
        finally:
            self._observer.end(exchange)

    async def _answer(self, exchange: Exchange, scope: Scope, receive: Receive) -> Answer:
        """Turn a request into an answer, whatever comes."""
        try:
            origin = self._proxies.origin(scope)
            exchange.source_address = origin.address
            body = await self._bodies.read(receive)
            exchange.received = len(body)
            if len(body) <= SMALL_BODY:
                return await self._process(exchange, scope, origin, body)
            async with self._bodies.turn(body):
                return await self._process(exchange, scope, origin, body)
        except Disconnected:
            raise
        except (Exception, CancelledError) as error:
            shown = _presentable(error, exchange.request_id)
            exchange.failed(shown)
            answer = failure(shown, exchange.request_id, _host(scope), exchange.form)
            if isinstance(error, BodyRefused):
                answer.headers.append((b"connection", b"close"))  # what is left of the body would be read as a request
            return answer

    async def _process(self, exchange: Exchange, scope: Scope, origin: Origin, body: bytes) -> Answer:
        if (scope["method"], scope["path"]) == ("GET", description.PATH):
            return await to_thread.run_sync(description.answer, exchange.request_id)
        whole = (scope["method"], scope["path"], scope["headers"], scope["query_string"], body)
        request = await self._read(body, parse, *whole)
        exchange.form = answer_format(request.parameters)
        signed = await self._read(body, read_signature, request)
        operation = operations().get((signed.version, signed.action))
        if operation is not None:
            exchange.names(operation.name, request.parameters)
        response = await self._carry_out(operation, exchange, signed, request, origin)
        return success(response, signed.action, exchange.request_id, exchange.form)

    async def _carry_out(
        self, operation: Operation | None, exchange: Exchange, signed: Signed, request: RpcRequest, origin: Origin
    ) -> Response:
        """Do what a request asks for, where it keeps nobody waiting.

        On SQLite, what is quick is done at once: it takes a few hundred microseconds, never waits for a
        lock (readers of a WAL file do not), and a thread would halve what a server answers (BatchGetFigureCluster of
        ten, 16 connections: 4,400 a second at once, 2,200 through threads). What writes may wait for another writer,
        what lists or counts may take long, as does the signature of a large body, and PostgreSQL is a network away:
        these go to threads.
        """
        quick = operation is None or operation.quick
        if quick and self._on_sqlite and len(request.body) <= SMALL_BODY:
            return self._do(exchange, signed, request, origin)
        return await self._in_thread(self._do, exchange, signed, request, origin)

    def _do(self, exchange: Exchange, signed: Signed, request: RpcRequest, origin: Origin) -> Response:
        principal = self._known(signed, exchange)
        exchange.caller = principal.arn
        call = Call(self._service, principal, exchange.request_id, "api", origin.address, origin.secure)
        return dispatch(call, signed.version, signed.action, request.parameters)

    def _known(self, signed: Signed, exchange: Exchange) -> Principal:
        """Who signed a request. Who tries a key that exists and fails leaves a trail; strangers could fill a disk."""
        try:
            return self._authenticator.authenticate(signed)
        except (InactiveAccessKey, InvalidSecurityToken, NonceUsed, SignatureDoesNotMatch) as error:
            entry = Entry(request_id=exchange.request_id, action=f"{signed.version}:{signed.action}"[:LONGEST_ACTION])
            entry.access_key_id = signed.key_id[:LONGEST_KEY_ID]
            entry.source, entry.source_address = "api", exchange.source_address
            entry.status, entry.code = error.status, error.code
            self._service.trail.write(entry)
            raise

    async def _read(self, body: bytes, reader: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """Read something of a request, at once unless its body is large."""
        if len(body) <= SMALL_BODY:
            return reader(*arguments, **options)
        return await self._in_thread(reader, *arguments, **options)

    async def _in_thread(self, function: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """Have a thread do something, unless too many requests wait for one already."""
        if self._waiting >= MOST_WAITING:
            raise ServerBusy
        self._waiting += 1
        try:
            return await to_thread.run_sync(partial(function, *arguments, **options))
        finally:
            self._waiting -= 1


def _presentable(error: BaseException, request_id: str) -> VultusError:
    """Return what the caller may know of an error: what is wrong with the request, but not with the server."""
    if isinstance(error, CancelledError):
        return ServerStopping()
    if isinstance(error, ServiceUnavailable) and not isinstance(error, ServerBusy):
        log.error("Request %s failed: %s", request_id, error.message)
        return ServiceUnavailable("Something is out of reach for now; the log of the server tells what, by RequestId.")
    if isinstance(error, VultusError) and error.status != VultusError.status:
        return error
    if isinstance(error, ConfigError):
        log.error("Request %s failed: %s", request_id, error.message)
    else:
        log.error("Request %s failed.", request_id, exc_info=error)
    return VultusError("The server could not answer; its log tells why, by RequestId.")


def _host(scope: Scope) -> str:
    host: bytes = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return host.decode("latin-1")
