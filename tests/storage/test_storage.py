import shutil
import threading
from pathlib import Path

import pytest

from vultus.config import Bucket, ConfigError, Settings
from vultus.errors import InvalidArgument, PermissionDenied, ServiceUnavailable
from vultus.storage.mapping import MappingFile
from vultus.storage.object import ObjectMissing
from vultus.storage.storage import Storage
from vultus.storage.tree import Tree
from vultus.storage.uri import ObjectPrefix, ObjectURI


def uri(key: str, bucket: str = "photos") -> ObjectURI:
    return ObjectURI(bucket, key)


def test_an_object_is_read_by_its_uri(storage, root):
    (root / "x.jpg").write_bytes(b"123")
    assert storage.stat(uri("x.jpg")).size == 3
    assert storage.read(uri("x.jpg"), 3) == b"123"
    assert list(storage.list("photos")) == [(uri("x.jpg"), storage.stat(uri("x.jpg")))]


def test_a_bucket_is_open_to_the_projects_it_names_and_no_other(storage):
    storage.authorise(uri("x.jpg"), "family")
    with pytest.raises(PermissionDenied, match="photos is not open to the project work"):
        storage.authorise(uri("x.jpg"), "work")
    with pytest.raises(PermissionDenied):
        storage.authorise(uri("x.jpg"), "")


def test_a_bucket_may_be_open_to_all(settings):
    settings.buckets["photos"].projects = ["*"]
    Storage(settings).authorise(uri("x.jpg"), "work")


def test_a_bucket_that_names_no_project_is_open_to_none(settings):
    settings.buckets["photos"].projects = []
    with pytest.raises(PermissionDenied):
        Storage(settings).authorise(uri("x.jpg"), "family")


def test_an_unknown_bucket_is_told(storage):
    for look in (
        lambda: storage.authorise(uri("x", "nope"), "family"),
        lambda: storage.stat(uri("x", "nope")),
        lambda: storage.read(uri("x", "nope"), 1),
        lambda: list(storage.list("nope")),
    ):
        with pytest.raises(InvalidArgument, match=r"^There is no bucket nope configured here\.$"):
            look()


def test_an_object_outside_the_root_does_not_exist(storage, root, tmp_path):
    (tmp_path / "secret").write_bytes(b"1")
    (root / "link").symlink_to(tmp_path / "secret")
    for key in ("link", "../secret"):
        with pytest.raises(ObjectMissing):
            storage.read(uri(key), 10)


def test_a_mapped_folder_is_a_bucket_for_its_project_alone(storage, tmp_path):
    album = tmp_path / "album"
    album.mkdir()
    (album / "x.jpg").write_bytes(b"1")
    name = storage.map_folder(album, "default").place.bucket
    assert storage.map_folder(album, "default") == Tree(ObjectPrefix(name, ""))
    assert [str(found) for found, _ in storage.list(name)] == [f"oss://{name}/x.jpg"]
    storage.authorise(uri("x.jpg", name), "default")
    with pytest.raises(PermissionDenied):
        storage.authorise(uri("x.jpg", name), "family")


def test_a_folder_that_is_only_looked_at_is_remembered_by_nobody(storage, settings, tmp_path):
    album = tmp_path / "album"
    album.mkdir()
    (album / "x.jpg").write_bytes(b"1")
    tree = storage.view_folder(album, "default")
    [found] = storage.files(tree)
    assert storage.read(found, 1) == b"1"
    assert not settings.folders_file.exists()
    with pytest.raises(InvalidArgument, match="There is no bucket"):
        Storage(settings).stat(found)
    assert storage.map_folder(album, "default") == storage.view_folder(album, "default") == tree
    assert Storage(settings).stat(found).size == 1


def test_an_object_is_gone_once_its_name_is_and_something_else_is_left(storage, root):
    trip = root / "2024" / "rome"
    trip.mkdir(parents=True)
    for place in (trip / "x.jpg", trip / "y.jpg", root / "z.jpg"):
        place.write_bytes(b"1")
    assert not storage.is_gone(uri("2024/rome/x.jpg"))
    (trip / "x.jpg").unlink()
    assert storage.is_gone(uri("2024/rome/x.jpg"))
    (trip / "x.jpg").symlink_to("/nowhere/x.jpg")
    assert not storage.is_gone(uri("2024/rome/x.jpg")), "what the link leads to may come back"
    shutil.rmtree(trip)
    for key in ("2024/rome/x.jpg", "2024/x.jpg"):
        with pytest.raises(ServiceUnavailable, match="2024 is empty; perhaps its disk is not mounted"):
            storage.is_gone(uri(key))
    shutil.rmtree(root / "2024")
    assert storage.is_gone(uri("2024/rome/x.jpg"))
    shutil.rmtree(root)
    with pytest.raises(ServiceUnavailable, match="is not there"):
        storage.is_gone(uri("z.jpg"))


def test_all_buckets_are_named_in_order(storage, tmp_path):
    album = storage.map_folder(tmp_path, "default").place.bucket
    assert storage.buckets() == sorted(["photos", album])


def test_a_running_server_sees_what_is_mapped_later(storage, settings, tmp_path):
    with pytest.raises(InvalidArgument):
        storage.stat(uri("x.jpg", "album"))
    (tmp_path / "x.jpg").write_bytes(b"1")
    other = Storage(settings)
    name = other.map_folder(tmp_path, "default").place.bucket
    assert storage.read(uri("x.jpg", name), 1) == b"1"
    other.map_folder(tmp_path, "work")
    storage.authorise(uri("x.jpg", name), "work")


def test_every_way_to_a_folder_is_one_bucket(storage, tmp_path, monkeypatch):
    album = tmp_path / "album"
    album.mkdir()
    (tmp_path / "alias").symlink_to(album)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    ways = (album, Path("album"), tmp_path / "alias", tmp_path / "album" / ".." / "album", Path("~/album"))
    assert len({storage.map_folder(way, "default").place for way in ways}) == 1


def test_a_folder_of_the_settings_keeps_its_name(storage, settings, root):
    assert storage.map_folder(root, "family").place == ObjectPrefix("photos", "")
    assert not settings.folders_file.exists()
    assert storage.map_folder(root, "work").place.bucket != "photos"


def test_a_folder_within_a_bucket_is_a_part_of_it_and_no_bucket_of_its_own(storage, settings, root, tmp_path):
    inner = root / "2024" / "summer"
    inner.mkdir(parents=True)
    (tmp_path / "alias").symlink_to(inner)
    for way in (inner, tmp_path / "alias"):
        assert storage.map_folder(way, "family") == Tree(ObjectPrefix("photos", "2024/summer/"))
    assert not settings.folders_file.exists()


def test_a_folder_above_one_that_is_a_bucket_leaves_its_files_their_uris(storage, tmp_path):
    inner = tmp_path / "all" / "2024"
    inner.mkdir(parents=True)
    for place in (inner, inner.parent):
        (place / "x.jpg").write_bytes(b"1")
    first = storage.map_folder(inner, "default")
    tree = storage.map_folder(inner.parent, "default")
    found = {str(each) for each in storage.files(tree)}
    assert found == {f"oss://{tree.place.bucket}/x.jpg", f"oss://{first.place.bucket}/x.jpg"}
    assert storage.map_folder(inner, "default") == Tree(first.place, (tree.place.bucket,))


def test_a_link_belongs_to_the_innermost_bucket_that_holds_what_it_leads_to(storage, tmp_path):
    outer = tmp_path / "all"
    year, trip = outer / "2024", outer / "2024" / "rome"
    trip.mkdir(parents=True)
    for place in (outer, year, trip):
        (place / "x.jpg").write_bytes(b"1")
    for name, place in (("all", outer), ("year", year), ("trip", trip)):
        (trip / f"{name}.jpg").symlink_to(place / "x.jpg")
    inner, middle, all_ = (storage.map_folder(place, "default") for place in (trip, year, outer))
    links = {name: f"oss://{tree.place.bucket}/" for name, tree in (("all", all_), ("year", middle), ("trip", inner))}
    for tree in (all_, middle):
        found = list(storage.files(tree))
        assert [storage.read(each, 1) for each in found] == [b"1"] * len(found)
        uris = {str(each) for each in found}
        assert {f"{links['year']}rome/year.jpg", f"{links['trip']}trip.jpg"} <= uris
        assert (f"{links['all']}2024/rome/all.jpg" in uris) == (tree is all_)


def test_of_two_buckets_of_one_folder_the_settings_name_the_one_that_is_taken(settings, root):
    settings.buckets["album"] = Bucket(projects=["*"], options={"root": f"{root}/../{root.name}/"})
    tree = Storage(settings).map_folder(root, "family")
    assert tree == Tree(ObjectPrefix("photos", ""), ("album",))


def test_no_folder_is_opened_to_a_project_because_one_within_it_is_indexed(storage, tmp_path):
    inner = tmp_path / "all" / "2024"
    inner.mkdir(parents=True)
    outer = storage.map_folder(inner.parent, "default").place.bucket
    other = storage.map_folder(inner, "work").place.bucket
    assert other != outer
    with pytest.raises(PermissionDenied):
        storage.authorise_bucket(outer, "work")
    with pytest.raises(PermissionDenied):
        storage.authorise_bucket(other, "default")
    assert storage.map_folder(inner, "default").place == ObjectPrefix(outer, "2024/")


@pytest.mark.parametrize("name", [".hidden", "a\nb"])
def test_a_folder_that_the_bucket_above_does_not_list_is_a_bucket_of_its_own(storage, root, name):
    (root / name).mkdir()
    (root / name / "x.jpg").write_bytes(b"1")
    place = storage.map_folder(root / name, "family").place
    assert (place.bucket == "photos", place.prefix) == (False, "")
    assert [found.key for found, _ in storage.list(place.bucket)] == ["x.jpg"]
    assert storage.map_folder(root, "family") == Tree(ObjectPrefix("photos", ""))


def test_only_a_folder_can_be_mapped(storage, tmp_path):
    (tmp_path / "x.jpg").write_bytes(b"1")
    (tmp_path / "circle").symlink_to("circle")
    for path in (tmp_path / "x.jpg", tmp_path / "nowhere", tmp_path / "circle", Path("~nobody knows/photos")):
        with pytest.raises(InvalidArgument, match=r"^There is no folder .*\.$"):
            storage.map_folder(path, "default")


def test_the_settings_win_over_the_mapped_folders(settings, tmp_path):
    name = Storage(settings).map_folder(tmp_path, "default").place.bucket
    settings.buckets[name] = Bucket(projects=["family"], options={"root": str(tmp_path)})
    with pytest.raises(PermissionDenied):
        Storage(settings).authorise(uri("x", name), "default")


def test_a_bucket_that_was_given_to_another_folder_is_not_taken_for_the_first(settings, tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    name = Storage(settings).map_folder(old, "default").place.bucket
    settings.buckets[name] = Bucket(projects=["default"], options={"root": str(new)})
    assert Storage(settings).map_folder(new, "default").place.bucket == name
    with pytest.raises(ConfigError, match=f"would be the bucket {name}, which is another one"):
        Storage(settings).map_folder(old, "default")


def test_a_folder_that_is_mapped_at_the_same_time_is_seen(settings, tmp_path, monkeypatch):
    inner = tmp_path / "all" / "2024"
    inner.mkdir(parents=True)
    storage, add = Storage(settings), MappingFile.add

    def add_late(file: MappingFile, folder: Path, project: str) -> str:
        monkeypatch.setattr(MappingFile, "add", add)
        Storage(settings).map_folder(inner, project)
        return add(file, folder, project)

    monkeypatch.setattr(MappingFile, "add", add_late)
    tree = storage.map_folder(inner.parent, "default")
    assert tree.parts == {"2024/": Storage(settings).map_folder(inner, "default").place.bucket}


@pytest.mark.parametrize("lost", ["~nobody knows/photos", "circle"])
def test_a_bucket_whose_folder_leads_nowhere_harms_no_other(settings, tmp_path, lost):
    (tmp_path / "circle").symlink_to("circle")
    settings.buckets["lost"] = Bucket(projects=["*"], options={"root": lost.replace("circle", f"{tmp_path}/circle")})
    storage = Storage(settings)
    assert storage.map_folder(tmp_path, "default").place.prefix == ""
    with pytest.raises(ServiceUnavailable, match="is not there"):
        storage.stat(uri("x.jpg", "lost"))


@pytest.mark.parametrize(
    ("bucket", "message"),
    [
        (Bucket(service="ftp", options={"endpoint": "x"}), "known are fs, s3 and oss"),
        (Bucket(service="memory"), "known are fs, s3 and oss"),
        (Bucket(), "takes the option root"),
        (Bucket(options={"root": ""}), "takes the option root"),
        (Bucket(options={"root": "/data", "endpoint": "x"}), "takes the option root"),
        (Bucket(service="oss", options={"bucket": "b"}), "endpoint is empty"),
        (Bucket(service="s3", options={"bucket": "b", "acess_key_id": "k"}), "does not know: acess_key_id"),
    ],
)
def test_a_bucket_that_cannot_be_used_says_why(tmp_path, bucket, message):
    storage = Storage(Settings(home=tmp_path, buckets={"b": bucket}))
    with pytest.raises(ConfigError, match=message) as refused:
        storage.stat(uri("x.jpg", "b"))
    assert "\n" not in refused.value.message


def test_many_threads_read_at_once(storage, root):
    for number in range(50):
        (root / f"{number}.jpg").write_bytes(str(number).encode())
    wrong: list[int] = []

    def read_all() -> None:
        wrong.extend(n for n in range(50) if storage.read(uri(f"{n}.jpg"), 9) != str(n).encode())

    threads = [threading.Thread(target=read_all) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
