"""A server that indexes files which may do harm, watched from outside."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conformance.raw import call_v3
from tests.serving import Serving, serving
from vultus.jobs.pool import LOG

SECONDS = 10.0  # that a file may take; twice that for a video
MEMORY = 2 * 2**30  # bytes that a worker may have
BATCH = 100  # files of one call
LOOK = 0.2  # seconds between looks
STALLED = 600.0  # seconds without a file that comes to its end, after which nobody waits any longer
WHERE = {"ProjectName": "p", "DatasetName": "d"}
SETTINGS = """
models = "{models}"
buckets.media = {{ options = {{ root = "{folder}" }}, projects = ["*"] }}
media = {{ seconds = {seconds}, video_seconds = {seconds}, max_memory = {memory} }}
jobs = {{ backoff = 0.1 }}
"""


@dataclass
class Indexing:
    """What was seen of the indexing of a folder.

    Attributes:
        names: of the files of the folder.
        files: what the API says of each file in the end, by name.
        longest: seconds that a worker was at one file at most, and its name.
        memory: bytes that each process had at most, by its id.
        answers: status, and seconds, of each call that was made meanwhile; status 0 where nobody answered.
        server: id of the process that answers.
        began_with: bytes that it had before there was a file.
        said: what the server wrote on standard error.
        logged: what its workers wrote.
    """

    names: list[str]
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    longest: tuple[float, str] = (0.0, "")
    memory: dict[int, int] = field(default_factory=dict)
    answers: list[tuple[int, float]] = field(default_factory=list)
    server: int = 0
    began_with: int = 0
    said: str = ""
    logged: str = ""

    @property
    def errors(self) -> list[str]:
        """What workers stumbled over that nobody has thought of."""
        return [line for line in self.logged.splitlines() if " ERROR vultus." in line]

    @property
    def deaths(self) -> list[str]:
        """Workers that died or were ended, as the log has them."""
        return [line for line in self.said.splitlines() if " died (exit code" in line]

    @property
    def ended(self) -> list[str]:
        """Workers that were ended because of what a file took."""
        return [line for line in self.said.splitlines() if " was ended: " in line]


def index(folder: Path, home: Path, models: Path) -> Indexing:
    """Have a server index all files of a folder, by all steps there are; return what was seen."""
    names = sorted(file.name for file in folder.iterdir())
    settings = SETTINGS.format(models=models, folder=folder, seconds=SECONDS, memory=MEMORY)
    found = Indexing(names)
    home.mkdir()
    with serving(home, "--workers", "2", settings=settings) as server:
        _call(server, "CreateProject", ProjectName="p")
        _call(server, "CreateDataset", **WHERE, TemplateId="Official:AllFunction")
        found.server = server.servers[0].pid
        found.began_with = _peak(found.server)
        with _watched(server, found):
            for batch in _batches(names):
                _call(server, "BatchIndexFileMeta", **WHERE, Files=json.dumps([{"URI": uri} for uri in batch]))
            _wait(server)
        for batch in _batches(names):
            answer = _call(server, "BatchGetFileMeta", **WHERE, URIs=json.dumps(batch))
            found.files |= {file["Filename"]: file for file in answer["Files"]}
    found.said = server.said
    found.logged = (server.home / LOG).read_text("utf-8", "replace")
    return found


def _batches(names: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), BATCH):
        yield [f"oss://media/{name}" for name in names[start : start + BATCH]]


def _call(server: Serving, action: str, **parameters: str) -> dict[str, Any]:
    reply = call_v3(server, action, **parameters)  # type: ignore[arg-type]
    assert reply.status == 200, (action, reply.body)
    return reply.json


def _wait(server: Serving) -> None:
    """Wait until nothing is left to do, for as long as something comes to its end now and then."""
    left, since = -1, time.monotonic()
    while (now := _left(server)) != 0:
        if now != left:
            left, since = now, time.monotonic()
        assert server.process.poll() is None, server.said
        assert time.monotonic() - since < STALLED, f"{left} files are left, and none comes to its end"
        time.sleep(LOOK)


def _left(server: Serving) -> int:
    [(left,)] = _rows(server, "SELECT count(*) FROM jobs WHERE kind = 'index' AND state IN ('queued', 'running')")
    return int(left)


def _rows(server: Serving, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{server.home / 'vultus.db'}?mode=ro", uri=True, timeout=30)) as connection:
        return connection.execute(query).fetchall()


@contextmanager
def _watched(server: Serving, found: Indexing) -> Iterator[None]:
    """See, in a thread of its own, what the workers do, and whether the server answers."""
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(server, found, over))
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()


def _watch(server: Serving, found: Indexing, over: threading.Event) -> None:
    began: dict[tuple[Any, ...], float] = {}
    while not over.wait(LOOK):
        running = _rows(
            server,
            "SELECT jobs.id, attempts, worker, files.uri FROM jobs JOIN files ON files.id = file_id "
            "WHERE state = 'running'",
        )
        now = time.monotonic()
        began = {each: began.get(each, now) for each in running}
        found.longest = max([found.longest, *((now - since, each[-1]) for each, since in began.items())])
        for pid in {found.server, *(int(each[2].rpartition(":")[2]) for each in running)}:
            found.memory[pid] = max(found.memory.get(pid, 0), _peak(pid))
        found.answers.append(_ask(server))


def _ask(server: Serving) -> tuple[int, float]:
    began = time.monotonic()
    try:
        status = call_v3(server, "GetDataset", **WHERE).status  # type: ignore[arg-type]
    except OSError:
        status = 0
    return status, time.monotonic() - began


def _peak(pid: int) -> int:
    """Bytes that a process had at most; none where it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)
