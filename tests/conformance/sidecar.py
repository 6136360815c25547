"""Clients that cannot run in this process: each has a process of its own, asked and answering in lines of JSON."""

import json
import os
import shutil
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


class Sidecar:
    """A process that calls operations through clients of another language or version.

    Attributes:
        ahead: seconds that the clients' clock goes ahead of ours; a test may set it.
        nonce: what the clients take for every request instead of a new one; a test may set it.
    """

    ahead = 0.0
    nonce = ""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._lock = threading.Lock()

    def ask(self, call: dict[str, Any]) -> dict[str, Any]:
        """Have a call made; return what the client makes of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps({**call, "ahead": self.ahead, "nonce": self.nonce}) + "\n")
            self._process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def stop(self) -> None:
        """End the process."""
        self._process.communicate()


@cache
def node() -> Sidecar:
    """The Node clients."""
    program = shutil.which("node")
    if program is None:
        _absent("node is not installed")
    if not (HERE / "node" / "node_modules").is_dir():
        _absent("the Node clients are not installed; make test does it, where there is npm")
    return Sidecar([str(program), str(HERE / "node" / "client.mjs")])


@cache
def imm4() -> Sidecar:
    """Version 4 of the official SDK."""
    program = Path(sys.prefix) / "imm4" / "bin" / "python"
    if not program.is_file():
        _absent("version 4 of the official SDK is not installed; make test does it")
    return Sidecar([str(program), str(HERE / "imm4.py")])


def stop_all() -> None:
    """End every process; who asks again starts another."""
    for each in (node, imm4):
        if each.cache_info().currsize:
            each().stop()
            each.cache_clear()


def _absent(reason: str) -> None:
    """Skip a test whose client is not here; where every client must be (CI), fail."""
    if os.environ.get("VULTUS_TEST_CLIENTS") == "all":
        pytest.fail(reason)
    pytest.skip(reason)
