"""Settings come from four places, the nearer ones win, and what cannot be used is named."""

from pathlib import Path

import pytest

from vultus.config import ConfigError, idle_variables, load_settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def load(overrides=None, file=None, **environment):
    return load_settings(file, overrides, {"VULTUS_HOME": "home", **environment})


def test_the_defaults_hold_when_nothing_is_said():
    settings = load()
    assert settings.server.port == 8668
    assert settings.home == Path("home").absolute()
    assert settings.database_url == f"sqlite:///{settings.home}/vultus.db"


def test_the_command_line_wins_over_the_environment_and_that_over_the_file():
    Path("vultus.toml").write_text('project = "file"\ndataset = "file"\n[server]\nport = 1\nhost = "file"\n')
    settings = load({"project": "line", "server": {"port": 3}}, VULTUS_SERVER_PORT="2", VULTUS_PROJECT="environment")
    assert (settings.project, settings.dataset) == ("line", "file")
    assert (settings.server.port, settings.server.host) == (3, "file")


def test_variables_are_read_as_the_type_of_their_setting():
    settings = load(VULTUS_JOBS_LEASE="12.5", VULTUS_JOBS_WORKERS="3", VULTUS_UNHEARD_OF="1")
    assert (settings.jobs.lease, settings.jobs.workers) == (12.5, 3)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("VULTUS_SERVR_PORT", "VULTUS_SERVER_PORT"),
        ("VULTUS_JOB_WORKERS", "VULTUS_JOBS_WORKERS"),
        ("VULTUS_DATABSE", "VULTUS_DATABASE"),
        ("VULTUS_WORKERS", "VULTUS_JOBS_WORKERS"),
        ("VULTUS_UNHEARD_OF", ""),
        ("VULTUS_BUCKETS", ""),
        ("VULTUS_SERVER", ""),
    ],
)
def test_a_variable_of_no_section_is_passed_over_and_the_closest_setting_is_known(name, meant):
    assert load(**{name: "4"}) == load()
    [idle] = idle_variables({name: "4", "VULTUS_SERVER_PORT": "1", "VULTUS_CONFIG": "x", "HOME": "/"})
    assert (idle.name, idle.meant, idle.link) == (name, meant, False)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("VULTUS_JOBS_WORKRS", " Did you mean VULTUS_JOBS_WORKERS?"), ("VULTUS_MEDIA_WIT", "")],
)
def test_a_variable_of_a_section_that_has_no_such_setting_is_refused(name, hint):
    with pytest.raises(ConfigError) as refused:
        load(**{name: "4"})
    section, setting = name.lower().split("_")[1:]
    assert refused.value.message == f"The variable {name} sets nothing: {section} has no setting {setting}.{hint}"


@pytest.mark.parametrize("service", ["VULTUS", "VULTUS_SERVER", "VULTUS_API"])
def test_what_kubernetes_sets_for_a_service_of_our_name_sets_nothing_of_ours(service):
    address = "tcp://10.0.0.1:8668"
    links = {
        "SERVICE_HOST": "10.0.0.1",
        "SERVICE_PORT": "8668",
        "SERVICE_PORT_HTTP": "8668",
        "PORT": address,
        "PORT_8668_TCP": address,
        "PORT_8668_TCP_PROTO": "tcp",
        "PORT_8668_TCP_PORT": "8668",
        "PORT_8668_TCP_ADDR": "10.0.0.1",
    }
    environment = {f"{service}_{name}": value for name, value in links.items()}
    assert load(**environment) == load()
    assert {each.name for each in idle_variables(environment) if each.link} == set(environment)


def test_every_setting_has_its_variable_but_for_those_that_only_a_file_can_hold():
    assert load(VULTUS_INSIGHTS_LANGUAGES="en,de").insights.languages == ("en", "de")
    assert load(VULTUS_SERVER_METRICS_PORT="0").server.metrics_port == 0
    assert idle_variables({"VULTUS_RAM_PROJECT_COVERS_DATASETS": "true", "VULTUS_MASTER_KEY": ""}) == []


@pytest.mark.parametrize(("text", "trusted"), [("10.0.0.0/8,::1", ["10.0.0.0/8", "::1"]), ("", [])])
def test_a_variable_may_hold_a_list(text, trusted):
    assert load(VULTUS_SERVER_TRUSTED_PROXIES=text).server.trusted_proxies == trusted


@pytest.mark.parametrize(("text", "told"), [("age,gender", ("age", "gender")), ("", ())])
def test_a_variable_may_hold_the_attributes(text, told):
    assert load(VULTUS_FACES_ATTRIBUTES=text).faces.attributes == told


def test_an_attribute_that_nobody_can_tell_is_refused():
    with pytest.raises(ConfigError, match=r"faces\.attributes"):
        load(VULTUS_FACES_ATTRIBUTES="age,wit")


def test_buckets_are_read_from_the_file():
    Path("vultus.toml").write_text('[buckets.b]\nservice = "s3"\nprojects = ["p"]\n[buckets.b.options]\nregion = "r"\n')
    bucket = load().buckets["b"]
    assert (bucket.service, bucket.projects, bucket.options) == ("s3", ["p"], {"region": "r"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[server]\nport = 'many'\n", "server.port"),
        ("[server]\nprot = 1\n", "prot"),
        ("no toml", "vultus.toml cannot be read"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(text, words):
    Path("vultus.toml").write_text(text)
    with pytest.raises(ConfigError, match=words):
        load()


def test_a_file_that_is_named_must_be_there():
    with pytest.raises(ConfigError, match=r"no settings file missing\.toml"):
        load(VULTUS_CONFIG="missing.toml")


def test_the_file_in_the_home_that_the_command_line_names_is_read(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "vultus.toml").write_text("[server]\nport = 7777\n")
    assert load({"home": str(tmp_path / "own")}).server.port == 7777


def test_a_home_that_nobody_knows_is_told(tmp_path):
    with pytest.raises(ConfigError, match="set VULTUS_HOME"):
        load_settings(environment={}, overrides={"home": "~nobody knows/vultus"})


@pytest.mark.parametrize("name", ["Nowhere/Particular", "", "../etc/passwd", "America"])
def test_a_time_zone_that_there_is_not_is_refused(name):
    assert load_settings(environment={"VULTUS_MEDIA_TIMEZONE": "Asia/Shanghai"}).media.timezone == "Asia/Shanghai"
    with pytest.raises(ConfigError, match="not the IANA name of a time zone"):
        load_settings(environment={}, overrides={"media": {"timezone": name}})


@pytest.mark.parametrize("name", ["MAX_MEMORY", "SECONDS", "VIDEO_SECONDS"])
def test_a_file_may_take_something(tmp_path, name):
    with pytest.raises(ConfigError, match=rf"at `media\.{name.lower()}`"):
        load_settings(environment={"VULTUS_HOME": str(tmp_path), f"VULTUS_MEDIA_{name}": "-1"})


def test_a_value_that_cannot_be_used_is_named_as_the_file_names_it(tmp_path):
    with pytest.raises(ConfigError, match=r"at `server\.port`"):
        load_settings(environment={"VULTUS_HOME": str(tmp_path), "VULTUS_SERVER_PORT": "many"})
