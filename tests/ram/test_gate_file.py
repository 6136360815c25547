import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from vultus.errors import ServiceUnavailable
from vultus.ram.gate_file import SWEEP_BUCKETS_EVERY, SWEEP_NONCES, SWEEP_NONCES_EVERY, GateFile

NOW = 1_800_000_000.0
LATER = NOW + 900


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gate.db"


@pytest.fixture
def file(path: Path) -> Iterator[GateFile]:
    opened = GateFile(path)
    opened.open()
    yield opened
    opened.close()


def digest(number: int) -> bytes:
    return number.to_bytes(16)


def rows(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


CLAIMS = """
import sys
from pathlib import Path
from vultus.ram.gate_file import GateFile
file = GateFile(Path(sys.argv[1]))
claimed = sum(file.claim(number.to_bytes(16), 1.8e9, 1.8e9 + 900) for number in range(2000))
drawn = sum(file.draw("project/p", 10**18, 10**9 // 700, 10**9) == 0 for number in range(1000))
print(claimed, drawn)
"""


def test_several_processes_take_each_nonce_once_and_share_each_bucket(path):
    command = [sys.executable, "-c", CLAIMS, str(path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    taken = [[int(word) for word in process.communicate(timeout=60)[0].split()] for process in processes]
    assert [sum(column) for column in zip(*taken, strict=True)] == [2000, 700]


def test_several_threads_take_each_nonce_once(file):
    with ThreadPoolExecutor(8) as threads:
        taken = threads.map(lambda number: file.claim(digest(number % 100), NOW, LATER), range(800))
    assert sum(taken) == 100


def test_the_file_is_for_its_owner_only(file, path):
    file.claim(digest(1), NOW, LATER)
    for each in path.parent.iterdir():
        assert stat.S_IMODE(each.stat().st_mode) == 0o600


def test_expired_nonces_leave_the_file(file, path):
    for number in range(2 * SWEEP_NONCES):
        file.claim(digest(number), NOW, LATER)
    for number in range(8 * SWEEP_NONCES_EVERY):
        file.claim(digest(10_000 + number), LATER + 1, LATER + 900)
    assert rows(path, "nonces") == 8 * SWEEP_NONCES_EVERY


def test_full_buckets_leave_the_file(file, path):
    for number in range(SWEEP_BUCKETS_EVERY - 1):
        file.draw(f"project/{number}", 10**18, 10**7, 10**9)
    file.draw("project/new", 10**18 + 2 * 10**9, 10**7, 10**9)
    assert rows(path, "buckets") == 1


@pytest.mark.parametrize("damage", [b"this is no database at all" * 100, None])
def test_a_damaged_file_is_begun_anew(file, path, damage, caplog):
    for number in range(5000):
        file.claim(digest(number), NOW, LATER)
    file.close()
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 8] = b"\x99" * (4096 * 5)
    path.write_bytes(damage or content)
    assert file.claim(digest(1), NOW, LATER)
    assert not file.claim(digest(1), NOW, LATER)
    assert "begun anew" in caplog.text


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(ServiceUnavailable, match=r"gate\.db cannot be opened"):
        GateFile(tmp_path / "absent" / "gate.db").open()


def test_a_locked_file_is_said_and_the_nonce_stays_free(file, path):
    file._connection.execute("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ServiceUnavailable, match="locked"):
            file.claim(digest(1), NOW, LATER)
        other.execute("ROLLBACK")
    assert file.claim(digest(1), NOW, LATER)
