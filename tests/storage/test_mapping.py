import multiprocessing
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.config import Bucket, ConfigError, load_settings
from vultus.errors import InvalidArgument
from vultus.storage.mapping import MappingFile, bucket_name
from vultus.storage.uri import ObjectURI


@pytest.fixture
def mapping(tmp_path: Path) -> MappingFile:
    return MappingFile(tmp_path / "home" / "folders.toml")


def test_a_folder_keeps_its_bucket(mapping):
    name = mapping.add(Path("/data/Summer 2024"), "default")
    assert name.startswith("summer-2024-")
    assert mapping.add(Path("/data/Summer 2024"), "default") == name
    assert MappingFile(mapping.path).buckets() == {
        name: Bucket(projects=["default"], options={"root": "/data/Summer 2024"})
    }


def test_folders_of_one_name_have_two_buckets(mapping):
    assert mapping.add(Path("/a/photos"), "default") != mapping.add(Path("/b/photos"), "default")
    assert len(mapping.buckets()) == 2


def test_a_second_project_joins_the_first(mapping):
    name = mapping.add(Path("/a/photos"), "one")
    mapping.add(Path("/a/photos"), "two")
    assert mapping.buckets()[name].projects == ["one", "two"]


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_folder_has_a_bucket_that_a_uri_can_name(name):
    bucket = bucket_name(Path("/data") / name)
    assert ObjectURI.parse(f"oss://{bucket}/x").bucket == bucket


def test_a_name_that_cannot_be_written_down_is_refused():
    with pytest.raises(InvalidArgument):
        bucket_name(Path("/data/caf\udce9"))


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60))
def test_what_is_written_is_read_again(tmp_path_factory, text):
    mapping = MappingFile(tmp_path_factory.mktemp("home") / "folders.toml")
    name = mapping.add(Path(f"/data/{text}"), text)
    found = mapping.buckets()[name]
    assert (found.options["root"], found.projects) == (str(Path(f"/data/{text}")), [text])


def test_the_file_is_for_its_owner_and_in_the_shape_of_the_settings(mapping, tmp_path):
    mapping.add(tmp_path, "default")
    assert mapping.path.stat().st_mode & 0o777 == 0o600
    assert mapping.path.parent.stat().st_mode & 0o777 == 0o700
    assert load_settings(mapping.path, environment={}).buckets == mapping.buckets()
    assert sorted(path.name for path in mapping.path.parent.iterdir()) == ["folders.lock", "folders.toml"]


def test_a_change_by_another_is_seen(mapping):
    other = MappingFile(mapping.path)
    assert other.buckets() == {}
    first = mapping.add(Path("/a"), "default")
    assert other.buckets().keys() == {first}
    second = mapping.add(Path("/b"), "default")
    assert other.buckets().keys() == {first, second}


def map_ten(path: Path, start: int) -> None:
    for number in range(start, start + 10):
        MappingFile(path).add(Path(f"/data/{number}"), "default")


def test_processes_that_map_at_once_lose_nothing(mapping):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=map_ten, args=(mapping.path, start)) for start in (0, 10)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert len(mapping.buckets()) == 20


@pytest.mark.parametrize("text", ["not toml", "[buckets.a]\nnonsense = 1\n", "[buckets.a]\nprojects = 3\n", "\xff"])
def test_a_broken_file_is_told_and_not_overwritten(mapping, text):
    mapping.path.parent.mkdir()
    mapping.path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"folders\.toml cannot be read"):
        mapping.buckets()
    with pytest.raises(ConfigError):
        mapping.add(Path("/a"), "default")
    assert mapping.path.read_bytes() == text.encode("latin-1")


def test_the_file_stays_readable_toml(mapping):
    mapping.add(Path('/a/"quo\\ted"\n'), "default")
    assert len(tomllib.loads(mapping.path.read_text("utf-8"))["buckets"]) == 1
