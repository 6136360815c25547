import os
import stat

import pytest

from vultus.ram import private_file
from vultus.ram.private_file import write_private


def test_a_file_and_its_folder_are_made_for_their_owner_only(tmp_path):
    path = tmp_path / "new" / "file"
    before = os.umask(0)
    try:
        assert write_private(path, b"content", replace=False)
    finally:
        os.umask(before)
    assert path.read_bytes() == b"content"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    assert not write_private(path, b"new", replace=False)
    assert path.read_bytes() == b"old"
    assert write_private(path, b"new", replace=True)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(descriptor):
        raise OSError("No space left on device")

    monkeypatch.setattr(private_file.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_private(path, b"new", replace=True)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_crash_left_does_not_stand_in_the_way(tmp_path):
    path = tmp_path / "file"
    path.with_name(f"file.{os.getpid()}").write_bytes(b"half")
    assert write_private(path, b"new", replace=False)
    assert path.read_bytes() == b"new"
