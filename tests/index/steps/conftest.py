"""What tests of the steps share: an object on its way, from bytes."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from vultus.config import Settings
from vultus.index.step import take, way
from vultus.index.subject import Subject, Tools
from vultus.storage.object import ObjectFacts
from vultus.storage.storage import Storage
from vultus.storage.uri import ObjectURI

Made = Callable[..., Subject]
MODIFIED = 10**18  # nanoseconds: 2001-09-09T01:46:40Z


@pytest.fixture(scope="session")
def tools(models) -> Tools:
    """Networks and tables, made once for all tests."""
    settings = Settings(home=models.folder.parent)
    return Tools(settings, Storage(settings))


@pytest.fixture
def subject_of(tools: Tools, analyser) -> Made:
    """Take steps, and those that they need, with an object; return what became of it."""

    def made(
        content: bytes | Path, *steps: str, name: str = "object", faces: bool = True, modified: int = MODIFIED
    ) -> Subject:
        data = content if isinstance(content, bytes) else content.read_bytes()
        subject = Subject(
            ObjectURI("album", name),
            ObjectFacts(size=len(data), modified=modified, version="1"),
            io.BytesIO(data),
            tools,
            analyser if faces else None,
        )
        take(way(frozenset({"object_meta", *steps})), subject)
        return subject

    return made
