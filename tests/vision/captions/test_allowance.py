import json
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import pytest

from vultus.vision.captions.allowance import Allowance


def taken(file, times: int) -> int:
    allowance = Allowance(file, 50)
    return sum(allowance.take() for _ in range(times))


def test_processes_share_one_allowance(tmp_path):
    with ProcessPoolExecutor(3, get_context("spawn")) as pool:
        assert sum(pool.map(partial(taken, tmp_path / "a.json"), [40, 40, 40])) == 50


def test_a_new_day_has_its_own(tmp_path):
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"day": "2020-01-01", "requests": 50}))
    assert taken(file, 60) == 50


@pytest.mark.parametrize("broken", ["", "{", '{"day": 7}', "[]", "\xff"])
def test_a_broken_file_is_begun_anew(tmp_path, broken):
    file = tmp_path / "a.json"
    file.write_text(broken, "latin-1")
    assert taken(file, 60) == 50


def test_no_limit_needs_no_file(tmp_path):
    assert Allowance(tmp_path / "none" / "a.json", 0).take()
