"""The doctor sees what is wrong."""


def checks(ended):
    return {check["name"]: (check["well"], check["seen"]) for check in ended.json}


def test_a_sound_installation_is_well(vultus):
    vultus("models", "pull")
    ended = vultus("doctor", "--json")
    assert ended.code == 0
    assert all(well for well, _ in checks(ended).values())


def test_variables_that_set_nothing_are_named_with_what_was_meant_and_are_no_fault(vultus, monkeypatch):
    for name in ("CLIENTS", "HOME"):  # what the tests themselves are told
        monkeypatch.delenv(f"VULTUS_TEST_{name}", raising=False)
    assert checks(vultus("doctor", "--json"))["environment"] == (True, "all that begins with VULTUS_ is a setting")
    for name, value in {"SERVR_PORT": "8080", "UNHEARD_OF": "1", "PORT": "tcp://10.0.0.1:80"}.items():
        monkeypatch.setenv(f"VULTUS_{name}", value)
    assert checks(vultus("doctor", "--json"))["environment"] == (
        True,
        "VULTUS_SERVR_PORT sets nothing, VULTUS_SERVER_PORT would; VULTUS_UNHEARD_OF sets nothing; "
        "of Kubernetes, and set nothing: VULTUS_PORT",
    )
    assert "look" in vultus("doctor").out.splitlines()[0]


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


def test_templates_of_ones_own_are_looked_at(vultus, tmp_path):
    (tmp_path / "vultus.toml").write_text('[templates]\nwords = ["txets"]\nwhen = ["dates"]\n')
    seen = checks(vultus("doctor", "--json"))
    assert seen["template words"] == (
        False,
        "The template words names the step txets, which there is not; did you mean texts?",
    )
    assert seen["template when"][0]
    assert "dates" in seen["template when"][1]
