"""Ten minutes of calls at an even rate, with photos being indexed and people being grouped beside them.

    python benchmarks/endurance.py [--minutes 10] [--rate 300] [--data ../shared/data]

``vultus serve`` with a worker answers BatchGetFigureCluster of ten ids, called by a RAM user at 300 requests a second,
each due at its moment whether or not others are answered. Meanwhile the photos of DIR are indexed over and over into
another dataset through the API, and a clustering task is asked for every ten seconds. Printed: errors, p50 and p99 of
all calls, and the memory of the serving process at the beginning (after a minute, when everything is warm) and at the
end; then the figures as one line of JSON.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from api import TEN
from crowd import PROJECT, fill, hire
from load import Measured, measure
from rivals import running
from vultus.catalog import Catalog
from vultus.config import Settings, load_settings

PEOPLE = 1_000
BUSY = "busy"  # the dataset that is indexed and grouped
EVERY = 10.0  # seconds between two tasks, and between two looks at the memory
WARM = 60.0  # seconds until everything has been loaded
GROWTH = 1.1  # of memory, at most
LATENCY = 0.1  # seconds; p99 we want while both cores are busy


@dataclass
class Observed:
    """What is seen from outside while it runs: bytes of memory at moments."""

    memory: list[tuple[float, int]] = field(default_factory=list)

    def growth(self) -> tuple[float, float]:
        """Megabytes in the first third after it was warm, and in the last."""
        warm = [used for moment, used in self.memory if moment >= WARM] or [used for _, used in self.memory]
        third = max(1, len(warm) // 3)
        return statistics.median(warm[:third]) / 2**20, statistics.median(warm[-third:]) / 2**20


@contextmanager
def vultus(home: Path, photos: Path) -> Iterator[tuple[str, int]]:
    """Serve with one worker; give the endpoint and the process."""
    (home / "vultus.toml").write_text(
        "[limits]\nproject_queries_per_second = 0\n"
        f'[buckets.photos]\nprojects = ["*"]\noptions = {{ root = "{photos}" }}\n'
    )
    words = ["serve", "--port", "0", "--workers", "1", "--metrics-port", "-1"]
    command = [sys.executable, "-c", "from vultus.cli import main; main()", "--home", str(home), *words]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(r"http://([\w.:]+)", line):
                threading.Thread(target=process.stderr.read, daemon=True).start()  # so that it never fills
                yield found[1].rstrip("."), process.pid
                break
    finally:
        process.terminate()
        process.wait()


def keep_busy(home: Path, photos: list[str]) -> None:
    """Have photos indexed, round after round, and people grouped all the while."""
    from vultus.cli.session import open_session

    with open_session(load_settings(home / "vultus.toml", {"home": str(home)})) as session:
        where = {"ProjectName": PROJECT, "DatasetName": BUSY}
        session.call("CreateDataset", **where)
        turn = 0
        while True:
            turn += 1
            batch = [photos[(turn * 20 + number) % len(photos)] for number in range(20)]
            files = [{"URI": f"oss://photos/{name}", "CustomId": str(turn)} for name in dict.fromkeys(batch)]
            session.call("DeleteFileMeta", **where, URI=files[0]["URI"])
            session.call("BatchIndexFileMeta", **where, Files=files)
            session.call("CreateFigureClusteringTask", **where)
            time.sleep(EVERY)


def watch_memory(process: int, seen: Observed, done: threading.Event) -> None:
    """Look at the memory of a process now and then."""
    began, watched = time.monotonic(), psutil.Process(process)
    while not done.wait(EVERY):
        seen.memory.append((time.monotonic() - began, watched.memory_info().rss))


def endure(home: Path, folder: Path, minutes: float, rate: float) -> tuple[Measured, Observed, dict[str, int]]:
    """Run it; also tell how many files were indexed and how many runs there were meanwhile."""
    known = fill(home, PEOPLE)
    key = hire(home)
    photos = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.jpg"))
    seen, done = Observed(), threading.Event()
    with vultus(home, folder) as (endpoint, process), running(keep_busy, home, photos):
        watcher = threading.Thread(target=watch_memory, args=(process, seen, done))
        watcher.start()
        run = measure(endpoint, partial(TEN.make, key, known), int(60 * minutes * rate), connections=64, rate=rate)
        done.set()
        watcher.join()
    catalog = Catalog(Settings(home=home).database_url)
    busy = catalog.datasets.find(PROJECT, BUSY)
    population = catalog.overview.population(busy.id)
    tasks, _ = catalog.tasks.page(busy.project_id, limit=10_000)
    catalog.close()
    runs = sum(task.status == "Succeeded" for task in tasks)
    return run, seen, {"faces indexed": population.figures, "people": population.clusters, "tasks done": runs}


def report(run: Measured, seen: Observed, done: dict[str, int], rate: float) -> None:
    """Print what came of it."""
    before, after = seen.growth()
    rows = {
        "p50, ms": (1_000 * run.percentile(0.5), ""),
        "p99, ms": (1_000 * run.percentile(0.99), f"{1_000 * LATENCY:g}"),
        "requests a second": (run.rate, f"{rate:g}"),
        "errors": (0, "0"),  # the load generator ends at the first
        "memory at first, MB": (before, ""),
        "memory at last, MB": (after, f"{GROWTH * before:.0f}"),
        **{name: (count, "") for name, count in done.items()},
    }
    table = Table("", "measured", "limit", title=f"{len(run.latencies)} calls beside indexing and grouping")
    for name, (measured, limit) in rows.items():
        table.add_row(name, f"{measured:,.1f}", limit)
    Console().print(table)
    print(json.dumps({name: round(measured, 2) for name, (measured, _) in rows.items()}))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--minutes", type=float, default=10)
    arguments.add_argument("--rate", type=float, default=300, help="requests a second")
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="vultus-endurance-") as name:
        run, seen, done = endure(Path(name), (given.data / "faces-lfw").resolve(), given.minutes, given.rate)
        report(run, seen, done, given.rate)


if __name__ == "__main__":
    main()
