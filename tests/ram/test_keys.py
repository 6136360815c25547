import pytest

from vultus.errors import ResourceInUse, ResourceNotFound
from vultus.ram.keys import Keys


@pytest.fixture
def keys(catalog):
    return Keys(catalog)


def test_keys_are_listed_in_the_order_they_were_made(keys):
    made = [keys.create() for _ in range(3)]
    assert keys.list() == made
    assert {key.status for key in made} == {"Active"}


def test_a_key_is_switched_off_and_on(keys):
    keys.create()
    key = keys.create()
    keys.deactivate(key.key_id)
    assert keys.list()[1].status == "Inactive"
    keys.activate(key.key_id)
    assert keys.list()[1].status == "Active"


def test_a_key_is_deleted(keys):
    kept, gone = keys.create(), keys.create()
    keys.delete(gone.key_id)
    assert keys.list() == [kept]


@pytest.mark.parametrize("act", [Keys.deactivate, Keys.delete])
def test_the_last_active_key_stays(keys, act):
    first, last = keys.create(), keys.create()
    keys.deactivate(first.key_id)
    with pytest.raises(ResourceInUse, match="last active key"):
        act(keys, last.key_id)
    assert keys.list()[1].status == "Active"


def test_a_key_that_is_off_may_go_beside_the_last_active_one(keys):
    first = keys.create()
    keys.create()
    keys.deactivate(first.key_id)
    keys.deactivate(first.key_id)
    keys.delete(first.key_id)
    assert len(keys.list()) == 1


@pytest.mark.parametrize("act", [Keys.activate, Keys.deactivate, Keys.delete])
def test_an_unknown_key_is_said(keys, act):
    keys.create()
    with pytest.raises(ResourceNotFound, match="access key"):
        act(keys, "LTAInobody")
