from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.ram.buckets import Buckets
from vultus.ram.gate_file import GateFile

NOW = 1_800_000_000.0


@pytest.fixture
def buckets(tmp_path: Path) -> Iterator[Buckets]:
    file = GateFile(tmp_path / "gate.db")
    yield Buckets(file)
    file.close()


def drawn(buckets: Buckets, count: int, rate: float, now: float, name: str = "project/p") -> int:
    """How many of so many draughts found something."""
    return sum(buckets.take(name, rate, now) == 0 for _ in range(count))


@pytest.mark.parametrize("rate", [1, 3, 7, 100, 999, 10_000])
def test_a_bucket_holds_one_seconds_worth(buckets, rate):
    assert drawn(buckets, rate + 50, rate, NOW) == rate


@pytest.mark.parametrize("rate", [0.01, 0.5, 1.5])
def test_a_slow_bucket_holds_one(buckets, rate):
    assert drawn(buckets, 3, rate, NOW) == 1
    assert drawn(buckets, 3, rate, NOW + 1 / rate + 1e-3) == 1


def test_it_fills_evenly_and_no_higher_than_it_was(buckets):
    assert drawn(buckets, 150, 100, NOW) == 100
    assert drawn(buckets, 50, 100, NOW + 0.2501) == 25
    assert drawn(buckets, 150, 100, NOW + 60) == 100


def test_whoever_waits_as_long_as_told_finds_something(buckets):
    now = NOW
    assert drawn(buckets, 10, 10, now) == 10
    for _ in range(20):
        wait = buckets.take("project/p", 10, now)
        assert 0 < wait <= 0.11
        now += wait + 1e-6
        assert buckets.take("project/p", 10, now) == 0


def test_who_is_refused_takes_nothing(buckets):
    assert drawn(buckets, 1000, 10, NOW) == 10
    assert drawn(buckets, 10, 10, NOW + 0.501) == 5


def test_buckets_have_nothing_to_do_with_each_other(buckets):
    assert drawn(buckets, 20, 10, NOW, "project/one") == 10
    assert drawn(buckets, 20, 10, NOW, "project/two") == 10


def test_without_a_limit_there_is_always_something(buckets):
    assert drawn(buckets, 100, 0, NOW) == 100


def test_a_clock_that_is_set_back_shuts_nobody_out(buckets):
    assert drawn(buckets, 20, 10, NOW) == 10
    assert drawn(buckets, 20, 10, NOW - 3600) == 10


def test_a_limit_that_is_raised_or_lowered_holds_from_then_on(buckets):
    assert drawn(buckets, 20, 10, NOW) == 10
    assert drawn(buckets, 2000, 1000, NOW + 1) == 1000
    assert drawn(buckets, 20, 10, NOW + 2) == 10


def test_everybody_may_go_on_when_it_cannot_be_counted(tmp_path, caplog):
    buckets = Buckets(GateFile(tmp_path / "absent" / "gate.db"))
    assert drawn(buckets, 100, 1, NOW) == 100
    assert caplog.text.count("not limited for now") == 1


@given(st.floats(0.1, 1000), st.lists(st.floats(0, 0.5), max_size=50))
def test_nobody_gets_more_than_a_bucketful_and_what_was_filled_in(tmp_path_factory, rate, waits):
    file = GateFile(tmp_path_factory.mktemp("gate") / "gate.db")
    buckets, now, got = Buckets(file), NOW, 0
    for wait in waits:
        now += wait
        got += drawn(buckets, 5, rate, now)
    file.close()
    assert got <= max(1.0, rate) + rate * sum(waits) + 1


def test_processes_that_draw_ahead_do_not_get_more_together(tmp_path):
    files = [GateFile(tmp_path / "gate.db") for _ in range(3)]
    processes = [Buckets(file) for file in files]
    got = sum(processes[number % 3].take("project/p", 500, NOW) == 0 for number in range(2000))
    assert got == 500
    for step in range(1, 11):
        got += sum(processes[number % 3].take("project/p", 500, NOW + step / 10) == 0 for number in range(300))
    assert 950 <= got <= 1000
    for file in files:
        file.close()


def test_what_is_drawn_ahead_is_given_out_at_once_or_not_at_all(buckets):
    assert drawn(buckets, 1, 100, NOW) == 1
    assert drawn(buckets, 1, 100, NOW + 0.05) == 1
    assert drawn(buckets, 200, 100, NOW - 3600) == 100
