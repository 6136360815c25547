"""Buckets to read from: folders, and a real S3 server on the loopback."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from vultus.config import Bucket, Settings
from vultus.storage.storage import Storage


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(tmp_path: Path, root: Path) -> Settings:
    buckets = {"photos": Bucket(projects=["family"], options={"root": str(root)})}
    return Settings(home=tmp_path / "home", buckets=buckets)


@pytest.fixture
def storage(settings: Settings) -> Storage:
    return Storage(settings)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """Endpoint of an S3 server that holds an empty bucket "album"."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "MOTO_S3_DEFAULT_MAX_KEYS": "10"}  # keys of a page
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _ready(server, f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait()


def _ready(server: subprocess.Popen[bytes], endpoint: str) -> str:
    until = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(urllib.request.Request(f"{endpoint}/album", method="PUT")).close()
        except OSError:
            time.sleep(0.1)
        else:
            return endpoint
    raise RuntimeError("the S3 server did not start")
