"""The doctor sees what is wrong."""


def checks(ended):
    return {check["name"]: (check["well"], check["seen"]) for check in ended.json}


def test_a_sound_installation_is_well(vultus):
    vultus("models", "pull")
    ended = vultus("doctor", "--json")
    assert ended.code == 0
    assert all(well for well, _ in checks(ended).values())


def test_missing_models_are_named_with_the_way_out(vultus):
    ended = vultus("doctor", "--json")
    assert ended.code == 1
    well, seen = checks(ended)["models"]
    assert not well
    assert "vultus models pull" in seen


def test_a_bucket_that_cannot_be_read_is_named(vultus, home, tmp_path):
    gone = tmp_path / "gone"
    (tmp_path / "vultus.toml").write_text(
        f'[buckets.archive]\nprojects = ["*"]\n[buckets.archive.options]\nroot = "{gone}"\n'
    )
    well, seen = checks(vultus("doctor", "--json"))["bucket archive"]
    assert not well
    assert "gone" in seen
