import pytest

from vultus.errors import EntityNotExist


def test_a_key_is_found_by_its_public_half(catalog):
    key = catalog.keys.add("LTAIa", "sealed", catalog.users.create("anna").id)
    assert catalog.keys.get(key.key_id) == key
    assert (key.user, key.status) == ("anna", "Active")
    assert catalog.keys.get("VULT") is None


def test_a_key_does_not_show_its_secret_by_chance(catalog):
    key = catalog.keys.add("LTAIa", "sealed")
    assert key.secret not in f"{key} {key!r}"


def test_keys_are_listed_by_user_in_the_order_they_were_made(catalog):
    anna = catalog.users.create("anna").id
    first, other, second = (
        catalog.keys.add(f"LTAI{number}", "sealed", user) for number, user in enumerate([anna, None, anna])
    )
    assert catalog.keys.list(anna) == [first, second]
    assert catalog.keys.list() == [other]


def test_a_key_is_switched_off_and_deleted(catalog):
    key = catalog.keys.add("LTAIa", "sealed")
    catalog.keys.set_status(key.key_id, "Inactive")
    assert catalog.keys.get(key.key_id).status == "Inactive"
    catalog.keys.delete(key.key_id)
    assert catalog.keys.get(key.key_id) is None


def test_an_unknown_key_is_not_found(catalog):
    with pytest.raises(EntityNotExist):
        catalog.keys.delete("VULT")
    with pytest.raises(EntityNotExist):
        catalog.keys.set_status("VULT", "Inactive")
