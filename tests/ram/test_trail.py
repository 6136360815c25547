import logging
import os
import threading

import pytest

from vultus.ram import trail
from vultus.ram.trail import Entry, Trail, read_day


@pytest.fixture
def kept(tmp_path):
    opened = Trail(tmp_path / "home")
    yield opened
    opened.close()


def test_what_was_done_is_read_back_as_it_was_written(kept):
    entry = Entry(
        request_id="R", action="imm:GetProject", principal="acs:ram::1:root", resources=["acs:imm:x"], status=403
    )
    kept.write(entry)
    (file,) = kept.days()
    assert read_day(file) == [entry]
    assert entry.time.endswith("Z")


def test_entries_are_added_behind_those_of_earlier_starts(kept, tmp_path):
    kept.write(Entry(request_id="1"))
    again = Trail(tmp_path / "home")
    again.write(Entry(request_id="2"))
    again.close()
    kept.write(Entry(request_id="3"))
    assert [each.request_id for each in read_day(kept.days()[0])] == ["1", "2", "3"]


def test_each_day_has_a_file_of_its_own(kept, monkeypatch):
    monkeypatch.setattr(trail.time, "time", lambda: 1_795_305_599.0)
    kept.write(Entry(request_id="evening"))
    monkeypatch.setattr(trail.time, "time", lambda: 1_795_305_601.0)
    kept.write(Entry(request_id="morning"))
    assert [file.name for file in kept.days()] == ["2026-11-21.jsonl", "2026-11-22.jsonl"]
    assert [read_day(file)[0].request_id for file in kept.days()] == ["evening", "morning"]


def test_only_the_owner_can_read_it(kept):
    kept.write(Entry())
    assert kept.folder.stat().st_mode & 0o777 == 0o700
    assert kept.days()[0].stat().st_mode & 0o777 == 0o600


def test_threads_do_not_mix_their_lines(kept):
    def work(number: int) -> None:
        for turn in range(50):
            kept.write(Entry(request_id=f"{number}-{turn}", action="x" * 500))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len({each.request_id for each in read_day(kept.days()[0])}) == 400


def test_a_line_cut_off_by_a_crash_is_passed_over_and_said(kept, caplog):
    kept.write(Entry(request_id="whole"))
    with kept.days()[0].open("ab") as file:
        file.write(b'{"RequestId":"cu')
    with caplog.at_level(logging.WARNING):
        assert [each.request_id for each in read_day(kept.days()[0])] == ["whole"]
    assert "cannot be read" in caplog.text


def test_an_entry_that_cannot_be_kept_goes_to_the_log_and_stops_nobody(tmp_path, caplog):
    (tmp_path / "home").write_text("no folder")
    broken = Trail(tmp_path / "home")
    broken.write(Entry(request_id="R-1"))
    assert "R-1" in caplog.text
    assert os.path.isfile(tmp_path / "home")
