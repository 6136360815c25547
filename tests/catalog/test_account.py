def test_there_is_no_account_before_the_first_start(catalog):
    assert catalog.account.get() is None


def test_the_account_is_chosen_once(catalog):
    owner_id = catalog.account.ensure()
    assert len(owner_id) == 16
    assert owner_id.isdecimal()
    assert catalog.account.ensure() == catalog.account.get() == owner_id
    assert catalog.projects.create("project").owner_id == owner_id
