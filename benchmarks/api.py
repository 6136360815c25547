"""How many signed calls a second the API answers, beside the least that could answer them, and beside a peer.

    python benchmarks/api.py [--seconds 6] [--rounds 5] [--people 10000]

Who calls is a RAM user with policies of its own, not root. All servers are sent requests over 16 connections by a
process of its own (which takes a core). The bare handler does one HMAC and reads the ten rows asked for, of 2 KB, from
SQLite, behind the same uvicorn as ours; the constant one does nothing at all; moto, which plays Amazon's cloud, looks
up ten such rows in its DynamoDB for a signed call that it does not verify. Ours verifies the signature, claims the
nonce, takes from the project's rate, evaluates the policies, leaves a trail, and answers ten people, each with a cover
of 2 KB and its faces. Rounds alternate; the median counts. Then ours by several processes, at half of its rate with
requests due at even distances (the time to each answer, from the moment it was due), while ten photos a second are
indexed (what it remembers of the catalog is void with each), and with other calls. Prints tables, then the figures as
one line of JSON.
"""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from crowd import DATASET, PROJECT, fill, hire, keep_indexing
from load import Make, Measured, measure
from rivals import Constant, batch_get_item, make_bare, moto, running, serving
from signing import signed
from vultus.ram.account import RootKey

IDS = 10  # in one call
GOAL_BARE, GOAL_MOTO = 0.35, 8.0  # of the bare handler's rate, of moto's
GOAL_P99 = 0.015  # seconds, at half load
GOAL_PROCESSES = 1.7  # of one process, by two
INDEXED = 10  # photos a second, as two cores index them
CONNECTIONS_PACED = 64


@dataclass(frozen=True)
class Asked:
    """Calls of one kind, which a load generator makes.

    Attributes:
        name: for the table.
        action: the operation.
        ids: in one call, drawn from all; none where the operation takes none.
        more: parameters besides.
    """

    name: str
    action: str
    ids: int = 0
    more: tuple[tuple[str, str], ...] = ()

    def make(self, key: RootKey, known: list[str], endpoint: str, count: int) -> list[bytes]:
        """So many signed requests."""
        return [signed(key, endpoint, self.action, self._parameters(known)) for _ in range(count)]

    def _parameters(self, known: list[str]) -> dict[str, str]:
        parameters = {"ProjectName": PROJECT, "DatasetName": DATASET, **dict(self.more)}
        if self.action == "GetFigureCluster":
            parameters["ObjectId"] = random.choice(known)
        elif self.ids:
            parameters["ObjectIds"] = json.dumps(random.sample(known, self.ids), separators=(",", ":"))
        return parameters


TEN = Asked("BatchGetFigureCluster, 10 ids", "BatchGetFigureCluster", IDS)
OTHERS = [
    Asked("BatchGetFigureCluster, 1 id", "BatchGetFigureCluster", 1),
    Asked("BatchGetFigureCluster, 100 ids", "BatchGetFigureCluster", 100),
    Asked("GetFigureCluster", "GetFigureCluster"),
    Asked("QueryFigureClusters, 100", "QueryFigureClusters", more=(("MaxResults", "100"),)),
]


def ask_moto(known: list[str], endpoint: str, count: int) -> list[bytes]:
    return [batch_get_item(endpoint, random.sample(known, IDS)) for _ in range(count)]


@contextmanager
def vultus(home: Path, processes: int) -> Iterator[str]:
    """Serve as ``vultus serve`` does, without workers and without a limit to a project's rate."""
    words = ["serve", "--port", "0", "--workers", "-1", "--processes", str(processes), "--metrics-port", "-1"]
    command = [sys.executable, "-c", "from vultus.cli import main; main()", "--home", str(home), *words]
    free = os.environ | {"VULTUS_LIMITS_PROJECT_QUERIES_PER_SECOND": "0"}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=free)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(r"http://([\w.:]+)", line):
                yield found[1].rstrip(".")
                break
    finally:
        process.terminate()
        process.wait()


@dataclass
class Runs:
    """Rounds of several servers, by name, in the order of the rounds."""

    rounds: dict[str, list[Measured]]

    @classmethod
    def alternating(cls, servers: dict[str, tuple[str, Make]], seconds: float, rounds: int) -> "Runs":
        """Measure each server once a round."""
        guess = {name: measure(endpoint, make, 300).rate for name, (endpoint, make) in servers.items()}  # warms up, too
        runs: dict[str, list[Measured]] = {name: [] for name in servers}
        for _ in range(rounds):
            for name, (endpoint, make) in servers.items():
                runs[name].append(measure(endpoint, make, max(100, int(seconds * guess[name]))))
        return cls(runs)

    def rate(self, name: str) -> float:
        """Requests a second, the median of the rounds."""
        return statistics.median(run.rate for run in self.rounds[name])


class Report:
    """A table, and the figures for the JSON line."""

    def __init__(self) -> None:
        self.table = Table("", "requests/s", "answer", "p50", "p99", title="signed calls over HTTP")
        self.ratios = Table("", "ratio", "goal")
        self.figures: dict[str, object] = {}

    def add(self, name: str, run: Measured, rate: float | None = None) -> None:
        """A server, or a kind of call."""
        times = (f"{run.percentile(share) * 1000:.2f} ms" for share in (0.5, 0.99))
        rate = run.rate if rate is None else rate
        self.table.add_row(name, f"{rate:,.0f}", f"{run.answer_bytes / 1000:.1f} kB", *times)
        self.figures[name] = {
            "requests_per_second": round(rate),
            "p50_ms": round(1000 * run.percentile(0.5), 3),
            "p99_ms": round(1000 * run.percentile(0.99), 3),
        }

    def compare(self, name: str, ratio: float, goal: float) -> None:
        """A ratio and what we want of it."""
        self.ratios.add_row(name, f"{ratio:.2f}", f"{goal:g}")
        self.figures[name] = {"ratio": round(ratio, 3), "goal": goal}

    def show(self) -> None:
        """Print it."""
        console = Console()
        console.print(self.table)
        console.print(self.ratios)
        print(json.dumps(self.figures))


def compare(home: Path, known: list[str], key: RootKey, seconds: float, rounds: int, report: Report) -> None:
    ten = partial(TEN.make, key, known)
    with (
        serving(partial(make_bare, home, known)) as bare,
        serving(Constant) as constant,
        moto(known[:200]) as peer,
        vultus(home, 1) as ours,
        vultus(home, 2) as two,
    ):
        servers: dict[str, tuple[str, Make]] = {
            "bare handler": (bare, ten),
            "constant": (constant, ten),
            "moto, BatchGetItem": (peer, partial(ask_moto, known[:200])),
            "Vultus": (ours, ten),
            "Vultus, 2 processes": (two, ten),
        }
        runs = Runs.alternating(servers, seconds, rounds)
        for name in servers:
            report.add(name, runs.rounds[name][-1], runs.rate(name))
        rate = runs.rate("Vultus")
        half = measure(ours, ten, int(seconds * rate / 2), connections=CONNECTIONS_PACED, rate=rate / 2)
        report.add("Vultus, half load", half)
        for asked in OTHERS:
            make = partial(asked.make, key, known)
            rough = measure(ours, make, 200).rate
            report.add(f"Vultus, {asked.name}", measure(ours, make, max(100, int(seconds * rough))))
        with running(keep_indexing, home, INDEXED):
            report.add("Vultus, while indexing", measure(ours, ten, int(seconds * rate / 2)))
    report.compare("Vultus / bare handler", rate / runs.rate("bare handler"), GOAL_BARE)
    report.compare("Vultus / moto", rate / runs.rate("moto, BatchGetItem"), GOAL_MOTO)
    report.compare("2 processes / 1", runs.rate("Vultus, 2 processes") / rate, GOAL_PROCESSES)
    report.compare("half load, p99 / limit", half.percentile(0.99) / GOAL_P99, 1.0)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=6, help="that one run takes, about")
    arguments.add_argument("--rounds", type=int, default=5, help="of which the median counts")
    arguments.add_argument("--people", type=int, default=10_000, help="in the dataset")
    chosen = arguments.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        known = fill(home, chosen.people)
        compare(home, known, hire(home), chosen.seconds, chosen.rounds, report)
    cores = os.cpu_count() or 1
    if cores <= 2:
        print(f"{cores} cores: the load generator takes one, so two processes share what is left.")
    report.show()


if __name__ == "__main__":
    main()
