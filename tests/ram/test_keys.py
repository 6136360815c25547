from concurrent.futures import ThreadPoolExecutor

import pytest

from vultus.errors import DeleteConflict, EntityNotExist, QuotaExceeded, ResourceInUse
from vultus.ram.keys import Keys


@pytest.fixture
def keys(catalog, cipher):
    catalog.account.ensure()
    return Keys(catalog, cipher)


def test_keys_are_listed_in_the_order_they_were_made(keys):
    made = [keys.create() for _ in range(3)]
    assert [key.key_id for key in keys.list()] == [key.key_id for key in made]
    assert {key.status for key in keys.list()} == {"Active"}


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
    assert [key.key_id for key in keys.list()] == [kept.key_id]


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
    with pytest.raises(EntityNotExist, match="access key LTAInobody") as refused:
        act(keys, "LTAInobody")
    assert refused.value.code == "EntityNotExist.User.AccessKey"


def test_a_secret_is_stored_so_that_only_the_master_key_opens_it(keys, catalog, cipher):
    made = keys.create()
    stored = catalog.keys.get(made.key_id).secret
    assert made.secret not in stored
    assert cipher.open(made.key_id, stored) == made.secret


def test_a_key_does_not_show_its_secret_by_chance(keys):
    key = keys.create()
    assert key.secret not in f"{key} {key!r}"


@pytest.fixture
def anna(catalog):
    return catalog.users.create("anna")


def test_a_user_has_two_keys_at_most_and_may_lose_all(keys, catalog, cipher, anna):
    of_anna = Keys(catalog, cipher, anna)
    made = [of_anna.create(), of_anna.create()]
    with pytest.raises(QuotaExceeded) as refused:
        of_anna.create()
    assert refused.value.code == "LimitExceeded.User.AccessKey"
    for key in made:
        of_anna.deactivate(key.key_id)
        of_anna.delete(key.key_id)
    assert of_anna.list() == []


def test_nobody_reaches_into_the_keys_of_somebody_else(keys, catalog, cipher, anna):
    root, hers = keys.create(), Keys(catalog, cipher, anna).create()
    for mine, other in ((keys, hers), (Keys(catalog, cipher, anna), root)):
        for act in (Keys.get, Keys.activate, Keys.deactivate, Keys.delete):
            with pytest.raises(EntityNotExist):
                act(mine, other.key_id)


def test_a_user_who_is_gone_gets_no_key(keys, catalog, cipher, anna):
    catalog.users.delete("anna")
    with pytest.raises(EntityNotExist):
        Keys(catalog, cipher, anna).create()


def test_a_user_has_two_keys_at_most_even_if_many_are_made_at_once(keys, catalog, cipher, anna):
    def create(_):
        try:
            return Keys(catalog, cipher, anna).create()
        except QuotaExceeded:
            return None

    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(create, range(12)))
    assert len([key for key in made if key]) == len(Keys(catalog, cipher, anna).list()) == 2


def test_a_user_goes_or_gets_a_key_but_not_both(keys, catalog, cipher):
    def create(user):
        try:
            return bool(Keys(catalog, cipher, user).create())
        except EntityNotExist:
            return False

    def delete(user):
        try:
            catalog.users.delete(user.name)
        except DeleteConflict:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        for number in range(20):
            user = catalog.users.create(f"user-{number}")
            created, deleted = threads.submit(create, user), threads.submit(delete, user)
            assert created.result() != deleted.result()
            assert len(catalog.keys.list(user.id)) == created.result()
