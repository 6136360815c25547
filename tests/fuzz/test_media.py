"""Damaged and hostile files: each ends as Indexed or as Failed with its reason, and takes nothing else down.

``VULTUS_FUZZ_FILES`` says how many damaged files there are (``make fuzz-media``: 2,000). A file is damaged alike each
time: its name begins with the number that decides how. Where the test media are, they are damaged, too.
"""

import os
import random
import re
from pathlib import Path

import pytest

from tests.conftest import DATA
from tests.fuzz.damage import DAMAGES
from tests.fuzz.hostile import HOSTILE
from tests.fuzz.indexing import MEMORY, SECONDS, Indexing, index
from tests.fuzz.seeds import seeds
from vultus.config import Jobs

FILES = int(os.environ.get("VULTUS_FUZZ_FILES", "150"))
SEED = 6
SWAPPED = 0.1  # share of the files that are called as if they were of another kind
#: Seconds beyond its limit in which a file must be over, on a machine that has much else to do.
PATIENCE = 60.0
#: Bytes that a worker may get hold of between two looks at it.
BETWEEN = 2**30
#: Bytes by which a server may grow that only counts what its workers do.
GROWTH = 128 * 2**20
REASON = re.compile(r"\[[A-Za-z.]+\] [A-Z][^\n]{10,300}\.")


def damaged_files(folder: Path, sound: dict[str, bytes], count: int) -> None:
    names = list(sound)
    for number in range(count):
        chance = random.Random(f"{SEED}:{number}")
        name = chance.choice(names)
        damage = chance.choice(DAMAGES)
        data = damage(chance, bytearray(sound[name]), sound[chance.choice(names)])
        called = chance.choice(names) if chance.random() < SWAPPED else name
        (folder / f"{number:05d}-{damage.__name__}-{called}").write_bytes(data)


@pytest.fixture(scope="module")
def damaged(tmp_path_factory, models) -> Indexing:
    """Damaged files, having been indexed."""
    folder = tmp_path_factory.mktemp("damaged")
    data = DATA / "media"
    damaged_files(folder, seeds(data if data.is_dir() else None), FILES)
    return index(folder, folder.parent / "damaged-server", models.folder)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, models) -> Indexing:
    """Hostile files, having been indexed."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, make in HOSTILE.items():
        (folder / name).write_bytes(make())
    return index(folder, folder.parent / "hostile-server", models.folder)


@pytest.fixture(scope="module", params=["damaged", "hostile"])
def indexing(request) -> Indexing:
    found: Indexing = request.getfixturevalue(request.param)
    return found


def test_every_file_is_indexed_or_failed_with_a_reason(indexing):
    assert sorted(indexing.files) == indexing.names
    assert {file["ObjectStatus"] for file in indexing.files.values()} == {"Indexed", "Failed"}
    failed = {name: file.get("Reason", "") for name, file in indexing.files.items() if file["ObjectStatus"] == "Failed"}
    assert {name: reason for name, reason in failed.items() if not REASON.fullmatch(reason)} == {}


def test_no_file_finds_an_error_of_vultus_itself(indexing):
    found = {name: file["Reason"] for name, file in indexing.files.items() if "Vultus itself" in file.get("Reason", "")}
    assert found == {}
    assert indexing.errors == [], indexing.logged


def test_whoever_dies_had_a_file_that_failed_for_it(indexing):
    """Those that are ended took too much; those that crash do so as often as a file is tried."""
    reasons = [file.get("Reason", "") for file in indexing.files.values()]
    taken = sum("media.seconds" in reason or "media.max_memory" in reason for reason in reasons)
    crashed = sum("The workers that tried it died." in reason for reason in reasons)
    assert len(indexing.ended) == taken, indexing.said
    assert len(indexing.deaths) - taken == Jobs().attempts * crashed, indexing.said


def test_no_file_takes_longer_than_it_may(indexing):
    seconds, name = indexing.longest
    assert seconds < 2 * SECONDS + PATIENCE, name


def test_no_worker_gets_hold_of_all_memory(indexing):
    workers = {pid: peak for pid, peak in indexing.memory.items() if pid != indexing.server}
    assert 0 < max(workers.values()) < MEMORY + BETWEEN


def test_the_server_never_notices(indexing):
    assert {status for status, _ in indexing.answers} == {200}
    assert indexing.memory[indexing.server] - indexing.began_with < GROWTH


def test_what_is_known_to_be_harmful_is_refused_or_read_for_what_it_is(hostile):
    """Whatever else becomes of them: these claim what they are not, or unpack to more than is read."""
    refused = ("wide.png", "wide.jpg", "wide.gif", "wide.tif", "wide.webp", "square.tif", "empty.jpg", "byte.mp4")
    assert {name: hostile.files[name]["ObjectStatus"] for name in refused} == dict.fromkeys(refused, "Failed")
    assert "at most 250000000 pixels are read" in hostile.files["wide.png"]["Reason"]
    assert hostile.files["white.png"].get("ImageWidth", 15_500) == 15_500
