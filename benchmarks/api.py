"""How many signed BatchGetFigureCluster calls of 10 ids one server process answers, beside a bare handler.

    python benchmarks/api.py [--seconds 6] [--rounds 5] [--people 1000]

Both are served by uvicorn with our settings, and sent the very same bytes over 16 connections by a process of its own
(which takes the other core). The bare handler does one HMAC and reads the ten rows asked for, of 2 KB, from SQLite.
Ours verifies the signature, claims the nonce, and answers ten people, each with a cover of 2 KB and its faces. Rounds
alternate; the median counts. Then ours once more while ten photos a second are indexed (what it remembers of the
catalog is void with each), and at half of its rate, requests due at even distances: the time to each answer, from the
moment it was due. Prints a table, then the figures as one line of JSON.
"""

import argparse
import hashlib
import hmac
import json
import multiprocessing
import random
import sqlite3
import statistics
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import parse_qs, quote

from rich.console import Console
from rich.table import Table
from starlette.types import ASGIApp, Receive, Scope, Send

from crowd import DATASET, PROJECT, fill, keep_indexing
from load import Make, Measured, measure
from vultus.api import Server, create_app
from vultus.catalog import Catalog
from vultus.config import Server as ServerSettings
from vultus.config import Settings
from vultus.operations.call import Service
from vultus.ram.account import RootKey, read_root_key
from vultus.storage.storage import Storage

IDS = 10  # in one call
GOAL = 0.25  # of the bare handler
INDEXED = 10  # photos a second, as two cores index them


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
        body = b"[" + b",".join(document for (document,) in rows) + b"]"
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def make_bare(home: Path, ids: list[str]) -> ASGIApp:
    with closing(sqlite3.connect(home / "bare.db")) as database, database:
        database.execute("CREATE TABLE documents (id TEXT PRIMARY KEY, document BLOB)")
        documents = ((each, random.Random(each).randbytes(1000).hex().encode()) for each in ids)
        database.executemany("INSERT INTO documents VALUES (?, ?)", documents)
    return Bare(home / "bare.db")


def make_vultus(home: Path) -> ASGIApp:
    settings = Settings(home=home)
    return create_app(Service(settings, Catalog(settings.database_url), Storage(settings)))


@contextmanager
def serving(make: Callable[[], ASGIApp]) -> Iterator[str]:
    """Serve an app in a process of its own."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    with running(serve, make, there):
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


def serve(make: Callable[[], ASGIApp], told: Connection) -> None:
    server = Server(make(), ServerSettings(port=0))
    told.send(server.endpoint)
    server.run()


def sign_requests(home: Path, ids: list[str], endpoint: str, count: int) -> list[bytes]:
    """Return calls as the official SDK sends them (ACS3-HMAC-SHA256), each with a nonce of its own."""
    key = read_root_key(home)
    return [sign_request(key, endpoint, random.sample(ids, IDS)) for _ in range(count)]


def sign_request(key: RootKey, endpoint: str, ids: list[str]) -> bytes:
    parameters = {"DatasetName": DATASET, "ObjectIds": json.dumps(ids, separators=(",", ":")), "ProjectName": PROJECT}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())
    headers = {
        "accept": "application/json",
        "host": endpoint,
        "user-agent": "AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.6 TeaDSL/2",
        "x-acs-action": "BatchGetFigureCluster",
        "x-acs-content-sha256": hashlib.sha256().hexdigest(),
        "x-acs-credentials-provider": "static_ak",
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-version": "2020-09-30",
    }
    names = ";".join(headers)
    lines = ["POST", "/", query, *(f"{name}:{value}" for name, value in headers.items()), "", names]
    canonical = "\n".join([*lines, headers["x-acs-content-sha256"]])
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(key.access_key_secret.encode(), text.encode(), "sha256").hex()
    credential = f"Credential={key.access_key_id},SignedHeaders={names},Signature={signature}"
    headers["authorization"] = f"ACS3-HMAC-SHA256 {credential}"
    sent = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /?{query} HTTP/1.1\r\n{sent}content-length: 0\r\n\r\n".encode()


@dataclass
class Runs:
    """The runs of the bare handler and of ours, alternating; ours while photos are indexed, and at half load."""

    bare: list[Measured]
    vultus: list[Measured]
    indexing: Measured
    half: Measured


def compare(home: Path, bare: str, vultus: str, make: Make, seconds: float, rounds: int) -> Runs:
    guess = {endpoint: measure(endpoint, make, 1000).rate for endpoint in (bare, vultus)}  # warms up, too
    of_bare, of_vultus = [], []
    for _ in range(rounds):
        of_bare.append(measure(bare, make, int(seconds * guess[bare])))
        of_vultus.append(measure(vultus, make, int(seconds * guess[vultus])))
    rate = median(of_vultus)
    half = measure(vultus, make, int(seconds * rate / 2), connections=64, rate=rate / 2)
    with running(keep_indexing, home, INDEXED):
        return Runs(of_bare, of_vultus, measure(vultus, make, int(seconds * rate / 2)), half)


def median(runs: list[Measured]) -> float:
    return statistics.median(run.rate for run in runs)


def report(runs: Runs) -> None:
    bare, vultus = median(runs.bare), median(runs.vultus)
    table = Table("", "requests/s", "answer", "p50", "p99", title="BatchGetFigureCluster of 10 ids, signed, over HTTP")
    for name, run, rate in (
        ("bare handler", runs.bare[-1], bare),
        ("Vultus", runs.vultus[-1], vultus),
        ("Vultus, half load", runs.half, runs.half.rate),
        ("Vultus, while indexing", runs.indexing, runs.indexing.rate),
    ):
        times = (f"{run.percentile(share) * 1000:.2f} ms" for share in (0.5, 0.99))
        table.add_row(name, f"{rate:,.0f}", f"{run.answer_bytes / 1000:.1f} kB", *times)
    table.add_row("Vultus / bare", f"{vultus / bare:.2f}", f"goal {GOAL}")
    Console().print(table)
    figures = {
        "requests_per_second": round(vultus),
        "bare_requests_per_second": round(bare),
        "ratio": round(vultus / bare, 3),
        "goal": GOAL,
        "half_load_p50_ms": round(runs.half.percentile(0.5) * 1000, 3),
        "half_load_p99_ms": round(runs.half.percentile(0.99) * 1000, 3),
        "requests_per_second_while_indexing": round(runs.indexing.rate),
        "answer_bytes": runs.vultus[-1].answer_bytes,
    }
    print(json.dumps(figures))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=6, help="that one run takes, about")
    arguments.add_argument("--rounds", type=int, default=5, help="of which the median counts")
    arguments.add_argument("--people", type=int, default=1000, help="in the dataset")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        ids = fill(home, chosen.people)
        make = partial(sign_requests, home, ids)
        with serving(partial(make_bare, home, ids)) as bare, serving(partial(make_vultus, home)) as vultus:
            report(compare(home, bare, vultus, make, chosen.seconds, chosen.rounds))


if __name__ == "__main__":
    main()
