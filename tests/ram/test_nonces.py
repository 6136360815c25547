import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vultus.errors import ServiceUnavailable
from vultus.ram.nonces import SWEEP_EVERY, SWEEP_ROWS, Nonces

NOW = 1_800_000_000.0
WINDOW = 900.0


@pytest.fixture
def nonces(tmp_path: Path) -> Iterator[Nonces]:
    opened = Nonces(tmp_path / "nonces.db")
    yield opened
    opened.close()


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


def test_a_restart_forgets_nothing(tmp_path):
    before = Nonces(tmp_path / "nonces.db")
    assert before.claim("key", "a", NOW, WINDOW)
    before.close()
    after = Nonces(tmp_path / "nonces.db")
    assert not after.claim("key", "a", NOW, WINDOW)
    after.close()


CLAIMS = """
import sys
from pathlib import Path
from vultus.ram.nonces import Nonces
nonces = Nonces(Path(sys.argv[1]))
print(sum(nonces.claim("key", str(number), 1.8e9, 900) for number in range(2000)))
"""


def test_of_several_processes_one_takes_a_nonce(tmp_path):
    command = [sys.executable, "-c", CLAIMS, str(tmp_path / "nonces.db")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    taken = [int(process.communicate(timeout=60)[0]) for process in processes]
    assert sum(taken) == 2000


def test_of_several_threads_one_takes_a_nonce(nonces):
    with ThreadPoolExecutor(8) as threads:
        taken = threads.map(lambda number: nonces.claim("key", str(number % 100), NOW, WINDOW), range(800))
    assert sum(taken) == 100


def test_the_file_is_for_its_owner_only(nonces, tmp_path):
    nonces.claim("key", "a", NOW, WINDOW)
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_expired_nonces_leave_the_file(nonces, tmp_path):
    for number in range(2 * SWEEP_ROWS):
        nonces.claim("key", str(number), NOW, WINDOW)
    for number in range(8 * SWEEP_EVERY):
        nonces.claim("key", f"later {number}", NOW + WINDOW + 1, WINDOW)
    with sqlite3.connect(tmp_path / "nonces.db") as connection:
        (kept,) = connection.execute("SELECT count(*) FROM nonces").fetchone()
    connection.close()
    assert kept == 8 * SWEEP_EVERY


@pytest.mark.parametrize("damage", [b"this is no database at all" * 100, None])
def test_a_damaged_file_is_begun_anew(tmp_path, damage, caplog):
    path = tmp_path / "nonces.db"
    nonces = Nonces(path)
    for number in range(5000):
        nonces.claim("key", str(number), NOW, WINDOW)
    nonces.close()
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 8] = b"\x99" * (4096 * 5)
    path.write_bytes(damage or content)
    again = Nonces(path)
    assert again.claim("key", "a", NOW, WINDOW)
    assert not again.claim("key", "a", NOW, WINDOW)
    again.close()
    assert "begun anew" in caplog.text


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(ServiceUnavailable, match=r"nonces\.db cannot be opened"):
        Nonces(tmp_path / "absent" / "nonces.db")


def test_a_locked_file_is_said_and_the_nonce_stays_free(nonces, tmp_path):
    nonces._connection.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(tmp_path / "nonces.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ServiceUnavailable, match="locked"):
        nonces.claim("key", "a", NOW, WINDOW)
    other.execute("ROLLBACK")
    other.close()
    assert nonces.claim("key", "a", NOW, WINDOW)
