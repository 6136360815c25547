"""Where the time of a request goes: BatchGetFigureCluster of ten ids, signed, step by step.

    python benchmarks/request.py [--requests 2000] [--people 1000]

Every step is the function that the API calls, timed by itself over many requests, each with ids and a nonce of its own;
the app is all of them, the ASGI app called from end to end. HTTP is what a request of the same server takes that is
answered with a constant. The caller is a RAM user with three policies.
Prints a table, then the figures as one line of JSON.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from starlette.types import Message

import load
from api import TEN
from crowd import fill, hire
from rivals import Constant, serving
from vultus.api.answers import success
from vultus.api.app import create_app
from vultus.api.authentication import WINDOW, read_signature
from vultus.api.rpc import parse
from vultus.api.signature import Signed
from vultus.catalog import Catalog
from vultus.config import Limits, Settings
from vultus.operations.call import Call, Service
from vultus.operations.dispatch import find_operation
from vultus.operations.operation import Operation, Request
from vultus.ram.account import RootKey
from vultus.ram.authorisation import authorise
from vultus.ram.keyring import KeyRing
from vultus.ram.trail import Entry
from vultus.storage.storage import Storage

GOAL = 0.20  # of the whole: signature and policies
ENDPOINT = "127.0.0.1:8668"
OURS = ("signature", "policies")  # the steps that the goal is about


@dataclass
class Received:
    """A request as it comes from HTTP."""

    scope: dict[str, Any]

    @classmethod
    def of(cls, raw: bytes) -> "Received":
        """Take a request apart as uvicorn does."""
        head, *lines = raw.split(b"\r\n\r\n")[0].split(b"\r\n")
        headers = [tuple(line.split(b": ", 1)) for line in lines]
        query = head.split(b" ")[1].partition(b"?")[2]
        return cls(
            {
                "type": "http", "method": "POST", "path": "/", "query_string": query, "headers": headers,
                "client": ("127.0.0.1", 50_000), "scheme": "http",
            }
        )  # fmt: skip

    @property
    def whole(self) -> tuple[Any, ...]:
        """Method, path, headers, query and body."""
        scope = self.scope
        return scope["method"], scope["path"], scope["headers"], scope["query_string"], b""


class Steps:
    """Seconds of each step, of all requests."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}

    def time(self, step: str, work: Callable[[], Any]) -> Any:
        """Do a step and note how long it took."""
        began = time.perf_counter()
        result = work()
        self.seconds.setdefault(step, []).append(time.perf_counter() - began)
        return result

    def microseconds(self, step: str) -> float:
        """Of a request, the median."""
        return 1e6 * statistics.median(self.seconds[step])


def step_by_step(service: Service, requests: list[bytes], steps: Steps) -> None:
    """Do to each request what the API does."""
    keys = KeyRing(service.catalog, service.cipher, service.tokens)
    for raw in requests:
        whole = Received.of(raw).whole
        request = steps.time("parameters and headers", partial(parse, *whole))
        signed: Signed = steps.time("signature", partial(read_signature, request))
        key = keys.find(signed.key_id)
        assert key is not None
        assert steps.time("signature, again", partial(signed.proven, key.secret))
        now = time.time()
        steps.time("nonce", partial(service.gate.nonces.claim, signed.key_id, signed.nonce, now, 2 * WINDOW))
        chosen = find_operation(signed.version, signed.action)
        asked = steps.time("request", partial(chosen.reader.read, request.parameters))
        call = Call(service, key.principal, "0A1B2C3D-0000-4000-8000-0123456789AB", "api", "127.0.0.1")
        steps.time("policies", partial(judge, call, chosen, asked))
        steps.time("rate", partial(service.gate.buckets.take, "project/benchmarks", 1e6, now))
        response = steps.time("people", partial(chosen.handler, call, asked))
        steps.time("trail", partial(service.trail.write, Entry(action=chosen.ram_action, source="api")))
        steps.time("answer", partial(success, response, signed.action, call.request_id, "JSON"))
    keys.close()
    again = steps.seconds.pop("signature, again")
    steps.seconds["signature"] = [a + b for a, b in zip(steps.seconds["signature"], again, strict=True)]


def judge(call: Call, chosen: Operation, asked: Request) -> None:
    """See whether the caller may, as dispatch does."""
    authorise(call.principal, chosen.ram_action, chosen.arns(call, asked), call.context)


async def from_end_to_end(service: Service, requests: list[bytes], steps: Steps) -> None:
    """Hand each request to the app."""
    app = create_app(service)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    for raw in requests:
        sent: list[Message] = []

        async def send(message: Message, sent: list[Message] = sent) -> None:
            sent.append(message)

        received = Received.of(raw)
        began = time.perf_counter()
        await app(received.scope, receive, send)
        steps.seconds.setdefault("app", []).append(time.perf_counter() - began)
        assert sent[0]["status"] == 200, sent[1]["body"]


def measure(home: Path, known: list[str], key: RootKey, count: int) -> Steps:
    settings, steps = Settings(home=home, limits=Limits(project_queries_per_second=1e6)), Steps()
    service = Service(settings, Catalog(settings.database_url), Storage(settings))
    asyncio.run(from_end_to_end(service, TEN.make(key, known, ENDPOINT, 200), Steps()))  # warms up
    step_by_step(service, TEN.make(key, known, ENDPOINT, count), steps)
    asyncio.run(from_end_to_end(service, TEN.make(key, known, ENDPOINT, count), steps))
    return steps


def http(known: list[str], key: RootKey, count: int) -> float:
    """Microseconds that HTTP takes of the server's core."""
    with serving(Constant) as endpoint:
        return 1e6 / load.measure(endpoint, partial(TEN.make, key, known), count).rate


def report(steps: Steps, around: float) -> None:
    whole = steps.microseconds("app") + around
    table = Table("step", "µs", "share", title="BatchGetFigureCluster of ten")
    figures = {name: round(steps.microseconds(name), 1) for name in steps.seconds}
    figures |= {"HTTP": round(around, 1), "whole": round(whole, 1)}
    for name, spent in figures.items():
        table.add_row(name, f"{spent:.1f}", f"{spent / whole:.1%}")
    share = sum(steps.microseconds(name) for name in OURS) / whole
    table.add_row("signature and policies", "", f"{share:.1%} (goal {GOAL:.0%})")
    Console().print(table)
    print(json.dumps(figures | {"signature_and_policies": round(share, 3), "goal": GOAL}))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--requests", type=int, default=2_000)
    arguments.add_argument("--people", type=int, default=1_000, help="in the dataset")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        known = fill(home, given.people)
        key = hire(home)
        report(measure(home, known, key, given.requests), http(known, key, 10 * given.requests))


if __name__ == "__main__":
    main()
