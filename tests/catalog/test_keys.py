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


def test_secrets_are_handed_out_and_replaced_by_key_id(catalog):
    for key_id, secret in (("LTAIa", "new:1"), ("LTAIb", "old:2"), ("LTAIc", "old:3")):
        catalog.keys.add(key_id, secret)
    assert catalog.keys.secrets() == {"LTAIa": "new:1", "LTAIb": "old:2", "LTAIc": "old:3"}
    assert catalog.keys.secrets(apart_from="new:") == {"LTAIb": "old:2", "LTAIc": "old:3"}
    catalog.keys.replace_secrets({"LTAIb": "new:2", "LTAIc": "new:3"})
    assert catalog.keys.secrets(apart_from="new:") == {}


def test_when_keys_were_used_never_goes_back(catalog):
    for key_id in ("LTAIa", "LTAIb"):
        catalog.keys.add(key_id, "sealed")
    for key_id, moment in (("LTAIa", 2), ("LTAIgone", 9), ("LTAIa", 1), ("LTAIb", 1)):
        catalog.keys.use(key_id, moment)
    assert [key.last_used_time for key in catalog.keys.list()] == [2, 1]


def test_the_keys_of_a_user_keep_to_the_name_that_the_user_has_now(catalog):
    user = catalog.users.create("anna")
    catalog.keys.add("LTAIa", "sealed", user.id)
    catalog.users.update("anna", "bert")
    found = catalog.keys.get("LTAIa")
    assert (found.user, found.user_row, found.user_id) == ("bert", user.id, user.user_id)
