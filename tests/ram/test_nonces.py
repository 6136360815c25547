from collections.abc import Iterator
from pathlib import Path

import pytest

from vultus.errors import ServiceUnavailable
from vultus.ram.gate_file import GateFile
from vultus.ram.nonces import Nonces

NOW = 1_800_000_000.0
WINDOW = 900.0


@pytest.fixture
def file(tmp_path: Path) -> Iterator[GateFile]:
    opened = GateFile(tmp_path / "gate.db")
    yield opened
    opened.close()


@pytest.fixture
def nonces(file: GateFile) -> Nonces:
    return Nonces(file)


def test_a_nonce_is_taken_once(nonces):
    assert nonces.claim("key", "a", NOW, WINDOW)
    assert not nonces.claim("key", "a", NOW + WINDOW - 1, WINDOW)


def test_two_keys_may_send_the_same_nonce(nonces):
    assert nonces.claim("one", "a", NOW, WINDOW)
    assert nonces.claim("two", "a", NOW, WINDOW)


def test_a_nonce_is_forgotten_after_its_window(nonces):
    assert nonces.claim("key", "a", NOW, WINDOW)
    assert nonces.claim("key", "a", NOW + WINDOW, WINDOW)
    assert not nonces.claim("key", "a", NOW + WINDOW + 1, WINDOW)


def test_a_restart_forgets_nothing(nonces, file):
    assert nonces.claim("key", "a", NOW, WINDOW)
    file.close()
    assert not nonces.claim("key", "a", NOW, WINDOW)


def test_nobody_is_let_in_when_nobody_can_tell(tmp_path):
    with pytest.raises(ServiceUnavailable):
        Nonces(GateFile(tmp_path / "absent" / "gate.db")).claim("key", "a", NOW, WINDOW)
