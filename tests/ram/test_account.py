import re
import stat

import msgspec
import pytest

from vultus.config import ConfigError
from vultus.ram.account import ensure_account, read_root_key


def test_the_first_start_makes_the_account_and_its_key(catalog, home):
    account = ensure_account(catalog, home)
    assert re.fullmatch(r"[1-9][0-9]{15}", account.owner_id)
    assert account.new_key is not None
    assert re.fullmatch(r"LTAI[0-9A-Za-z]{20}", account.new_key.key_id)
    assert re.fullmatch(r"[0-9A-Za-z]{30}", account.new_key.secret)
    assert account.new_key.secret not in catalog.keys.get(account.new_key.key_id).secret


def test_the_key_is_new_only_once(catalog, home):
    first = ensure_account(catalog, home)
    second = ensure_account(catalog, home)
    assert second.owner_id == first.owner_id
    assert second.new_key is None
    assert len(catalog.keys.list()) == 1


def test_the_key_is_kept_for_its_owner_only(catalog, home):
    account = ensure_account(catalog, home)
    kept = read_root_key(home)
    assert (kept.access_key_id, kept.access_key_secret) == (account.new_key.key_id, account.new_key.secret)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE(account.key_file.stat().st_mode) == 0o600
    assert sorted(file.name for file in home.iterdir()) == ["master-key", "root-key.json"]
    assert stat.S_IMODE((home / "master-key").stat().st_mode) == 0o600


def test_the_key_of_an_older_database_is_replaced(catalog, home):
    home.mkdir()
    (home / "root-key.json").write_text('{"AccessKeyId":"old","AccessKeySecret":"old"}')
    account = ensure_account(catalog, home)
    assert read_root_key(home).access_key_id == account.new_key.key_id
    assert stat.S_IMODE(account.key_file.stat().st_mode) == 0o600


def test_a_key_that_cannot_be_kept_is_not_made(catalog, home):
    home.write_text("a file where the folder should be")
    with pytest.raises(ConfigError, match="Not a directory"):
        ensure_account(catalog, home)
    assert catalog.keys.list() == []
    assert catalog.account.get() is None


def test_a_secret_is_not_shown_by_accident(catalog, home):
    account = ensure_account(catalog, home)
    for shown in (repr(account), repr(read_root_key(home)), str(account.new_key)):
        assert account.new_key.secret not in shown


def test_an_absent_key_file_is_said_with_a_way_out(home):
    with pytest.raises(ConfigError, match="vultus keys create"):
        read_root_key(home)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"AccessKeyId":1}', b"\xff"])
def test_a_key_file_that_was_broken_is_said(home, content):
    home.mkdir()
    (home / "root-key.json").write_bytes(content)
    with pytest.raises(ConfigError, match="not as Vultus wrote it"):
        read_root_key(home)


def test_the_key_file_has_the_names_that_alibaba_uses(catalog, home):
    account = ensure_account(catalog, home)
    kept = msgspec.json.decode(account.key_file.read_bytes())
    assert kept == {"AccessKeyId": account.new_key.key_id, "AccessKeySecret": account.new_key.secret}
