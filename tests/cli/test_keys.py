"""Access keys from the command line."""

import stat


def test_the_first_start_shows_the_root_key_once_and_keeps_it_for_its_owner(vultus, home):
    first = vultus("keys", "list")
    assert "AccessKeySecret" in first.err
    assert "AccessKeySecret" not in vultus("keys", "list").err
    assert stat.S_IMODE((home / "root-key.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_keys_are_created_listed_switched_off_and_deleted(vultus):
    made = vultus("keys", "create", "--json").json
    assert len(made["AccessKeySecret"]) == 30
    vultus("keys", "disable", made["AccessKeyId"])
    status = {key["AccessKeyId"]: key["Status"] for key in vultus("keys", "list", "--json").json}
    assert status[made["AccessKeyId"]] == "Inactive"
    assert vultus("keys", "delete", made["AccessKeyId"]).code == 0
    assert made["AccessKeyId"] not in vultus("keys", "list").out


def test_the_last_key_cannot_be_lost(vultus):
    [key] = vultus("keys", "list", "--json").json
    ended = vultus("keys", "delete", key["AccessKeyId"])
    assert ended.code == 1
    assert "last active key" in ended.err
