import os
import time

import pytest

from vultus.storage.birth import born


@pytest.fixture
def folder(tmp_path):
    descriptor = os.open(tmp_path, os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def test_a_file_is_born_when_it_is_made_whatever_time_it_is_given(tmp_path, folder):
    before = time.time_ns() - 50_000_000  # the clock of the file system ticks a hundred times a second or so
    file = tmp_path / "été.jpg"
    file.write_bytes(b"1")
    os.utime(file, ns=(1, 1_600_000_000_000_000_000))
    birth = born("été.jpg", folder, os.stat(file))
    if birth is None:
        pytest.skip("this file system does not remember when files were made")
    assert before <= birth <= time.time_ns()


def test_of_a_file_that_is_gone_nobody_knows(tmp_path, folder):
    assert born("gone.jpg", folder, os.stat(tmp_path)) is None
