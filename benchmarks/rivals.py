"""Servers to measure the API against, each in a process of its own: the least that could answer, and a peer."""

import hashlib
import hmac
import json
import multiprocessing
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from vultus.api import Server
from vultus.config import Server as ServerSettings

DOCUMENT = 2_000  # bytes of a row
TABLE = "documents"


class Bare:
    """The least that answers the same question: one HMAC, and the ten rows that are asked for."""

    def __init__(self, database: Path) -> None:
        self._database = sqlite3.connect(database)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        query = scope["query_string"]
        hmac.digest(b"secret", query, hashlib.sha256)
        ids = json.loads(parse_qs(query.decode())["ObjectIds"][0])
        wanted = f"SELECT document FROM documents WHERE id IN ({','.join('?' * len(ids))})"
        rows = self._database.execute(wanted, ids)
        await _answer(send, b"[" + b",".join(document for (document,) in rows) + b"]")


class Constant:
    """The same stack, which answers always the same."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http":
            await _answer(send, b'{"RequestId":"0A1B2C3D-0000-4000-8000-0123456789AB"}')


async def _answer(send: Send, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def make_bare(home: Path, ids: list[str]) -> ASGIApp:
    """The bare handler, with a row for each id."""
    with closing(sqlite3.connect(home / "bare.db")) as database, database:
        database.execute("CREATE TABLE documents (id TEXT PRIMARY KEY, document BLOB)")
        database.executemany("INSERT INTO documents VALUES (?, ?)", ((each, _document(each)) for each in ids))
    return Bare(home / "bare.db")


def _document(of: str) -> bytes:
    return random.Random(of).randbytes(DOCUMENT // 2).hex().encode()


@contextmanager
def serving(make: Callable[[], ASGIApp]) -> Iterator[str]:
    """Serve an app by our own server."""
    with _apart(_serve, make) as endpoint:
        yield endpoint


@contextmanager
def moto(ids: list[str]) -> Iterator[str]:
    """Serve moto, which plays Amazon's cloud, with a DynamoDB table that has a row for each id."""
    with _apart(_serve_moto, ids) as endpoint:
        yield endpoint


def batch_get_item(endpoint: str, ids: list[str]) -> bytes:
    """A signed call of moto that is comparable: rows by their keys, from DynamoDB."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    keys = [{"id": {"S": each}} for each in ids]
    body = json.dumps({"RequestItems": {TABLE: {"Keys": keys}}}).encode()
    headers = {
        "Host": endpoint,
        "X-Amz-Target": "DynamoDB_20120810.BatchGetItem",
        "Content-Type": "application/x-amz-json-1.0",
        "Content-Length": str(len(body)),
    }
    request = AWSRequest("POST", f"http://{endpoint}/", headers, body)
    SigV4Auth(Credentials("key", "secret"), "dynamodb", "us-east-1").add_auth(request)
    sent = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    return f"POST / HTTP/1.1\r\n{sent}\r\n".encode() + body


@contextmanager
def _apart(serve: Callable[..., None], argument: object) -> Iterator[str]:
    here, there = multiprocessing.get_context("spawn").Pipe()
    with running(serve, argument, there):
        yield here.recv()


@contextmanager
def running(function: Callable[..., None], *arguments: object) -> Iterator[None]:
    """Run a function in a process of its own, for as long as the context is open."""
    process = multiprocessing.get_context("spawn").Process(target=function, args=arguments)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _serve(make: Callable[[], ASGIApp], told: Connection) -> None:
    server = Server(make(), ServerSettings(port=0))
    told.send(server.endpoint)
    server.run()


def _serve_moto(ids: list[str], told: Connection) -> None:
    import logging

    import boto3
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    WSGIRequestHandler.protocol_version = "HTTP/1.1"  # so that connections stay open, as ours do
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    endpoint = f"127.0.0.1:{server.server_port}"
    import threading

    threading.Thread(target=server.serve_forever, daemon=True).start()
    client = boto3.client(
        "dynamodb", "us-east-1", endpoint_url=f"http://{endpoint}", aws_access_key_id="key", aws_secret_access_key="s"
    )
    client.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for each in ids:
        client.put_item(TableName=TABLE, Item={"id": {"S": each}, "document": {"S": _document(each).decode()}})
    told.send(endpoint)
    threading.Event().wait()
