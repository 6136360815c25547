import base64
import os
import stat
import time

import pytest

from vultus.config import ConfigError
from vultus.ram.master_keys import MasterKeys


def new_key():
    return base64.b64encode(os.urandom(32)).decode()


def test_the_file_is_made_once_for_its_owner_only(home):
    keys = MasterKeys(home)
    assert keys.all() == ()
    keys.make()
    [made] = keys.all()
    keys.make()
    assert keys.all() == (made,)
    assert stat.S_IMODE(keys.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert [file.name for file in home.iterdir()] == ["master-key"]
    assert MasterKeys(home).first().fingerprint == made.fingerprint


def test_a_new_key_is_first_and_the_others_go(master_keys):
    old = master_keys.first()
    master_keys.put_first()
    new, kept = master_keys.all()
    assert kept.fingerprint == old.fingerprint != new.fingerprint
    assert master_keys.find(old.fingerprint) is kept
    master_keys.drop_others()
    assert [key.fingerprint for key in master_keys.all()] == [new.fingerprint]
    assert master_keys.find(old.fingerprint) is None
    assert stat.S_IMODE(master_keys.file.stat().st_mode) == 0o600


def test_what_another_process_did_to_the_file_is_noticed(master_keys, home):
    before = master_keys.first()
    MasterKeys(home).put_first()
    assert master_keys.first().fingerprint != before.fingerprint
    new = master_keys.first()
    assert MasterKeys(home).find(new.fingerprint).fingerprint == new.fingerprint


def test_a_key_that_another_process_rotated_away_is_found_for_a_second_and_no_longer(master_keys, home, monkeypatch):
    old, now = master_keys.first(), time.monotonic()
    MasterKeys(home).put_first()
    MasterKeys(home).drop_others()
    assert master_keys.find(old.fingerprint) is old
    monkeypatch.setattr(time, "monotonic", lambda: now + 1.1)
    assert master_keys.find(old.fingerprint) is None


def test_the_setting_comes_before_the_file(master_keys, home):
    first, second = new_key(), new_key()
    keys = MasterKeys(home, f"{first}, {second}")
    assert [key.write().decode() for key in keys.all()] == [first, second]
    assert not keys.in_file
    with pytest.raises(ConfigError, match="VULTUS_MASTER_KEY"):
        keys.put_first()


@pytest.mark.parametrize(
    "text",
    ["short", "", base64.b64encode(b"x" * 31).decode(), "?" * 44, "é" * 44, f"{base64.b64encode(b'x' * 32).decode()}x"],
)
def test_what_is_no_key_is_said_and_not_shown(home, text):
    with pytest.raises(ConfigError, match="Key 2 of VULTUS_MASTER_KEY is not the base64 of 32 bytes") as refused:
        MasterKeys(home, f"{new_key()},{text}").all()
    assert not text or text not in refused.value.message


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused(master_keys, mode):
    master_keys.file.chmod(mode)
    with pytest.raises(ConfigError, match=r"can be read by others; .* chmod 600"):
        master_keys.all()


@pytest.mark.parametrize("content", ["", "# nothing but words\n", "no key\n", "\x00\xff"])
def test_a_damaged_file_is_said(master_keys, content):
    master_keys.file.write_text(content)
    with pytest.raises(ConfigError, match="master-key"):
        master_keys.all()


def test_a_file_that_is_gone_is_said(master_keys):
    master_keys.first()
    master_keys.file.unlink()
    with pytest.raises(ConfigError, match=r"There is no .*master-key; bring it back"):
        master_keys.first()


def test_a_file_that_goes_is_noticed_within_a_second(master_keys, monkeypatch):
    key, now = master_keys.first(), time.monotonic()
    master_keys.file.unlink()
    assert master_keys.find(key.fingerprint) is key
    monkeypatch.setattr(time, "monotonic", lambda: now + 1.1)
    with pytest.raises(ConfigError, match="bring it back"):
        master_keys.find(key.fingerprint)


def test_a_file_that_cannot_be_read_is_said(home):
    (home / "master-key").mkdir(parents=True)
    with pytest.raises(ConfigError, match="master-key cannot be read: Is a directory"):
        MasterKeys(home).all()


def test_a_file_that_cannot_be_kept_is_said(home):
    home.write_text("a file where the folder should be")
    with pytest.raises(ConfigError, match="cannot be kept"):
        MasterKeys(home).make()


def test_a_key_is_not_shown_by_chance(master_keys):
    key = master_keys.first()
    assert key.write().decode() not in f"{key} {key!r} {master_keys!r}"
