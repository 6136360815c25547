import threading

import pytest

from vultus.errors import ServiceUnavailable
from vultus.model import moment
from vultus.ram import last_used
from vultus.ram.last_used import LastUsed


@pytest.fixture
def key_id(catalog):
    return catalog.keys.add("LTAIa", "sealed").key_id


def used(catalog, key_id):
    return catalog.keys.get(key_id).last_used_time


def test_nothing_is_written_before_its_time(catalog, key_id):
    notes = LastUsed(catalog)
    before = moment.now()
    notes.note(key_id)
    assert used(catalog, key_id) is None
    notes.close()
    assert before <= used(catalog, key_id) <= moment.now()


def test_it_is_written_now_and_then(catalog, key_id, monkeypatch):
    monkeypatch.setattr(last_used, "WRITE_EVERY", 0.01)
    written = threading.Event()
    real = catalog.keys.use

    def use(key_id, used):
        real(key_id, used)
        written.set()

    monkeypatch.setattr(catalog.keys, "use", use)
    notes = LastUsed(catalog)
    notes.note(key_id)
    assert written.wait(30)
    assert used(catalog, key_id) is not None
    notes.close()


def test_a_key_that_is_gone_by_then_is_passed_over(catalog, key_id):
    notes = LastUsed(catalog)
    notes.note(key_id)
    notes.note("LTAIgone")
    catalog.keys.delete(key_id)
    notes.close()
    assert catalog.keys.get(key_id) is None


def test_what_cannot_be_written_now_is_written_later(catalog, key_id, monkeypatch, caplog):
    def busy(key_id, used):
        raise ServiceUnavailable("The database is busy.")

    notes = LastUsed(catalog)
    notes.note(key_id)
    with monkeypatch.context() as patched:
        patched.setattr(catalog.keys, "use", busy)
        notes.write()
    assert "cannot be written down for now: The database is busy." in caplog.text
    assert used(catalog, key_id) is None
    notes.close()
    assert used(catalog, key_id) is not None


def test_a_later_use_is_not_lost_to_an_earlier_one_that_had_to_wait(catalog, key_id, monkeypatch):
    clock = 5

    def busy(key_id, used):
        nonlocal clock
        clock = 9
        notes.note(key_id)  # while the earlier one is being written
        raise ServiceUnavailable("The database is busy.")

    monkeypatch.setattr(moment, "now", lambda: clock)
    notes = LastUsed(catalog)
    notes.note(key_id)
    with monkeypatch.context() as patched:
        patched.setattr(catalog.keys, "use", busy)
        notes.write()
    notes.close()
    assert used(catalog, key_id) == 9


def test_nobody_writes_for_who_is_gone(catalog, key_id, monkeypatch):
    monkeypatch.setattr(last_used, "WRITE_EVERY", 0.01)
    notes = LastUsed(catalog)
    notes.note(key_id)
    writer = notes._writer
    del notes
    writer.join(30)
    assert not writer.is_alive()
