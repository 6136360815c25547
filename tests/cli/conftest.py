"""The command line in this process, with a home of its own."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from vultus.cli import console
from vultus.cli.app import app
from vultus.errors import VultusError


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def home(tmp_path: Path, models, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home; models come from the cache of the tests."""
    monkeypatch.setenv("VULTUS_MODELS", str(models.folder))
    monkeypatch.setenv("VULTUS_JOBS_WORKERS", "1")
    monkeypatch.setattr(console.out, "width", 200)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def vultus(home: Path) -> Callable[..., Ended]:
    """Run a command as ``main`` does, and say how it ended."""

    def run(*words: str, stdin: str | None = None) -> Ended:
        result = CliRunner().invoke(app, ["--home", str(home), *words], input=stdin)
        if isinstance(result.exception, VultusError):
            return Ended(1, result.stdout, result.exception.message)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run
