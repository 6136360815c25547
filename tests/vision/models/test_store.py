"""The model store: what it promises about files, addresses and several processes at once."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vision.conftest import Shelf
from tests.vision.users_models import CONTENT, SHA256, at, leftovers, store_with
from vultus.config import ConfigError, Settings
from vultus.vision.models.store import ModelStore, ModelUnavailable


def test_the_default_pack_is_fetched_and_verified(models: ModelStore) -> None:
    assert [verdict.state for verdict in models.verify()] == ["good"] * len(models.entries)
    for entry in models.entries:
        content = models.path(entry.id).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (entry.bytes, entry.sha256)


def test_a_missing_file_is_fetched_when_it_is_asked_for(home: Path, shelf: Shelf) -> None:
    shelf.files["/net.onnx"] = CONTENT
    store = store_with(home, at(shelf.address))
    assert not store.present("net")
    assert store.path("net").read_bytes() == CONTENT
    assert store.present("net")
    assert leftovers(store) == set()


def test_a_file_that_is_there_is_not_fetched_again(home: Path, shelf: Shelf) -> None:
    shelf.files["/net.onnx"] = CONTENT
    store = store_with(home, at(shelf.address))
    store.path("net")
    store_with(home, at(shelf.address)).path("net")
    assert len(shelf.asked) == 1


def test_a_damaged_file_is_found_out_and_fetched_again(home: Path, shelf: Shelf) -> None:
    shelf.files["/net.onnx"] = CONTENT
    store = store_with(home, at(shelf.address))
    path = store.path("net")
    path.write_bytes(CONTENT[:-1] + b"x")
    assert not store.present("net")
    assert store.path("net").read_bytes() == CONTENT


def test_verify_reads_a_file_whose_size_and_time_tell_nothing(home: Path, shelf: Shelf) -> None:
    shelf.files["/net.onnx"] = CONTENT
    store = store_with(home, at(shelf.address))
    path = store.path("net")
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_bytes(b"x" + CONTENT[1:])
    os.utime(path, ns=times)
    assert [verdict.state for verdict in store.verify(["net", "twin"])] == ["damaged", "missing"]
    assert store.path("net").read_bytes() == CONTENT


def test_a_broken_download_goes_on_where_it_stopped(home: Path, shelf: Shelf) -> None:
    shelf.files["/net.onnx"] = CONTENT
    shelf.break_after = [300_000, 200_000]
    assert store_with(home, at(shelf.address)).path("net").read_bytes() == CONTENT
    assert shelf.asked == [("/net.onnx", None), ("/net.onnx", "bytes=300000-"), ("/net.onnx", "bytes=500000-")]


def test_a_later_pull_goes_on_with_a_download_given_up(home: Path, shelf: Shelf) -> None:
    shelf.files["/net.onnx"] = CONTENT
    shelf.break_after = [100_000, 0, 0, 0]
    store = store_with(home, at(shelf.address))
    with pytest.raises(ModelUnavailable):
        store.path("net")
    assert store.path("net").read_bytes() == CONTENT
    assert shelf.asked[-1] == ("/net.onnx", "bytes=100000-")


def test_a_wrong_file_is_refused_and_the_next_source_asked(home: Path, shelf: Shelf) -> None:
    shelf.files["/old/net.onnx"] = CONTENT[::-1]
    shelf.files["/net.onnx"] = CONTENT
    store = store_with(home, f"{at(shelf.address + '/old')}, {at(shelf.address)}")
    assert store.path("net").read_bytes() == CONTENT


def test_a_file_that_nobody_has_is_asked_for_by_name_hash_and_folder(home: Path, shelf: Shelf) -> None:
    shelf.files["/net.onnx"] = CONTENT[:-1] + b"x"
    store = store_with(home, at(shelf.address))
    with pytest.raises(ModelUnavailable) as caught:
        store.path("net")
    for word in (
        "net.onnx",
        SHA256,
        str(store.folder),
        "VULTUS_MODELS",
        hashlib.sha256(CONTENT[:-1] + b"x").hexdigest(),
    ):
        assert word in caught.value.message
    assert not store.present("net")
    assert leftovers(store) == set()


def test_a_file_placed_by_hand_comes_before_every_source(home: Path, tmp_path: Path, shelf: Shelf) -> None:
    placed = tmp_path / "placed"
    placed.mkdir()
    (placed / "net.onnx").write_bytes(CONTENT)
    store = store_with(home, at(shelf.address), models=str(placed))
    assert store.path("net").read_bytes() == CONTENT
    assert shelf.asked == []


def test_a_wrong_file_placed_by_hand_is_not_used(home: Path, tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(b"not it")
    store = store_with(home, "", models=str(tmp_path))
    with pytest.raises(ModelUnavailable, match="has SHA-256"):
        store.path("net")


def test_what_a_killed_process_left_behind_is_cleared_away(home: Path, shelf: Shelf) -> None:
    shelf.files["/net.onnx"] = CONTENT
    store = store_with(home, at(shelf.address))
    (store.folder / ".fetch-killed").mkdir(parents=True)
    store.path("net")
    assert leftovers(store) == set()


def test_a_folder_that_cannot_be_written_is_named(home: Path, shelf: Shelf) -> None:
    store = store_with(home, at(shelf.address))
    store.folder.write_text("a file stands in the way")
    with pytest.raises(ModelUnavailable, match=str(store.folder)):
        store.path("net")


def test_several_processes_fetch_a_file_once(home: Path, shelf: Shelf) -> None:
    shelf.files["/net.onnx"] = CONTENT
    store_with(home, at(shelf.address))
    program = (
        "import sys; from pathlib import Path; from vultus.config import Settings; "
        "from vultus.vision.models.store import ModelStore; "
        "print(ModelStore(Settings(home=Path(sys.argv[1]))).path('net').stat().st_size)"
    )
    racers = [
        subprocess.Popen([sys.executable, "-c", program, str(home)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert [int(racer.communicate()[0]) for racer in racers] == [len(CONTENT)] * 4
    assert len(shelf.asked) == 1


def test_progress_tells_source_and_bytes(home: Path, shelf: Shelf) -> None:
    shelf.files["/net.onnx"] = CONTENT
    told: list[tuple[str, str, int]] = []
    store = store_with(home, at(shelf.address))
    store.pull(["net"], lambda file, source, done: told.append((file.id, source, done)))
    address = f"{shelf.address}/net.onnx"
    assert (told[0], told[-1]) == (("net", address, 0), ("net", "", len(CONTENT)))
    counts = [done for _, source, done in told if source]
    assert counts == sorted(counts)
    assert counts[-1] == len(CONTENT)


def test_an_unknown_model_is_refused_by_name(home: Path) -> None:
    with pytest.raises(ConfigError, match=r"'facenet'.*mobilefacenet-192"):
        ModelStore(Settings(home=home)).pull(["facenet"])
