import pytest

from vultus.ram import keyring
from vultus.ram.account import ensure_account
from vultus.ram.keys import Keys
from vultus.ram.principal import Principal


@pytest.fixture
def account(catalog, home):
    return ensure_account(catalog, home)


def test_a_key_tells_its_secret_and_whose_it_is(ring, account):
    key = ring.find(account.new_key.key_id)
    assert (key.secret, key.active) == (account.new_key.secret, True)
    assert key.principal == Principal(account.owner_id, account.new_key.key_id)


@pytest.mark.parametrize("key_id", ["", "LTAInobody", "a\x00b", "é", "x" * 1000])
def test_an_unknown_key_is_nobodys(ring, account, key_id):
    assert ring.find(key_id) is None


def test_a_new_key_is_known_at_once(ring, catalog, cipher, account):
    key = Keys(catalog, cipher).create()
    assert ring.find(key.key_id).secret == key.secret


def test_a_key_that_was_switched_off_elsewhere_is_believed_for_a_second_and_no_longer(
    ring, catalog, account, monkeypatch
):
    key_id = account.new_key.key_id
    clock = 1000.0
    monkeypatch.setattr(keyring.time, "monotonic", lambda: clock)
    assert ring.find(key_id).active
    catalog.keys.set_status(key_id, "Inactive")
    clock += 1.01
    assert not ring.find(key_id).active
    catalog.keys.delete(key_id)
    clock += 1.01
    assert ring.find(key_id) is None
