"""``vultus serve`` as a program of its own, for tests that need to stop, kill or flood it."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import psutil

PATIENCE = 120.0  # seconds that nothing takes on any machine
T = TypeVar("T")

COMMAND = [sys.executable, "-c", "from vultus.cli import main; main()"]


@dataclass(frozen=True)
class RootKey:
    """The key that the first start made."""

    key_id: str
    secret: str


@dataclass
class Serving:
    """A server that runs.

    Attributes:
        process: the program.
        home: its home.
        errors: file with what it says on standard error.
        scheme: http or https.
        endpoint: host and port of the API.
        monitor: host and port of the metrics.
    """

    process: subprocess.Popen[bytes]
    home: Path
    errors: Path
    scheme: str = ""
    endpoint: str = ""
    monitor: str = ""
    key: RootKey = field(init=False)

    @property
    def said(self) -> str:
        """What it has said so far."""
        return self.errors.read_text("utf-8")

    @property
    def servers(self) -> list[psutil.Process]:
        """The processes that answer requests: those that have its socket open, but not the one that started them."""
        port = int(self.endpoint.rpartition(":")[2])
        own = psutil.Process(self.process.pid)
        children = [each for each in own.children() if any(c.laddr[1] == port for c in each.net_connections("tcp"))]
        return children or [own]

    def watch(self, path: str) -> tuple[int, str]:
        """Ask the port for those who watch."""
        try:
            with urllib.request.urlopen(f"http://{self.monitor}{path}", timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def wait_until(self, look: Callable[[], T | None]) -> T:
        """Wait, for as long as it runs and not for ever, until a look gives something that is true."""
        deadline = time.monotonic() + PATIENCE
        while not (found := look()):
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)
        return found

    def wait_until_ready(self) -> None:
        """Wait until requests are answered."""
        self.wait_until(lambda: self.watch("/readyz")[0] == 200)

    def wait_for_requests(self, count: int) -> None:
        """Wait until so many requests are under way."""
        self.wait_until(lambda: f"http_server_active_requests {count}.0" in self.watch("/metrics")[1])

    def wait_to_hear(self, pattern: str) -> re.Match[str]:
        """Wait until it says something."""
        return self.wait_until(lambda: re.search(pattern, self.said))

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def serving(
    folder: Path, *options: str, settings: str = "", watched: bool = True, **environment: str
) -> Iterator[Serving]:
    """Run a server without workers, on any port that is free; it is ended with the context, if it has not ended.

    Args:
        folder: for its home, settings and log.
        options: of the command line.
        settings: text of vultus.toml.
        watched: whether it has a port for those who watch.
        environment: variables.
    """
    home, errors = folder / "home", folder / "serve.log"
    (folder / "vultus.toml").write_text(settings)
    command = [*COMMAND, "--home", str(home), "serve", "--port", "0", "--workers", "-1", "--metrics-port", "0"]
    with errors.open("wb") as log:
        process = subprocess.Popen(
            [*command, *options], cwd=folder, env=os.environ | environment, stdout=log, stderr=log
        )
    server = Serving(process, home, errors)
    try:
        found = server.wait_to_hear(r"Serving on (https?)://(\S+), .*Ctrl-C")
        server.scheme, server.endpoint = found.groups()
        kept = json.loads((home / "root-key.json").read_text())
        server.key = RootKey(kept["AccessKeyId"], kept["AccessKeySecret"])
        if watched:
            server.monitor = server.wait_to_hear(r"metrics on http://(\S+)\. ")[1]
            server.wait_until_ready()
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def ask(server: Serving, target: str = "/", headers: dict[str, str] | None = None) -> tuple[int, dict[str, str]]:
    """Send a request on a connection of its own, and return status and body."""
    connection = http.client.HTTPConnection(server.endpoint, timeout=30)
    try:
        connection.request("POST", target, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()
