import errno
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec import UNSET

from vultus.errors import PermissionDenied, ServiceUnavailable, VultusError
from vultus.model.moment import FIRST, LAST, to_wire
from vultus.storage.details import ObjectDetails
from vultus.storage.folder import UNNOTICED, Folder
from vultus.storage.object import ObjectMissing, ObjectTooLarge


@pytest.fixture
def folder(root: Path) -> Folder:
    return Folder(root)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret.txt"
    file.write_text("secret")
    return file


def keys(folder: Folder, prefix: str = "") -> list[str]:
    return [key for key, _ in folder.list(prefix)]


def test_a_file_is_told_and_read(folder, root):
    (root / "a").mkdir()
    (root / "a" / "x.jpg").write_bytes(b"12345")
    os.utime(root / "a" / "x.jpg", ns=(1, 1_600_000_000_123_456_789))
    facts = folder.stat("a/x.jpg")
    assert (facts.size, facts.modified) == (5, 1_600_000_000_123_456_789)
    assert facts.etag is UNSET
    assert facts.content_type is UNSET
    assert folder.read("a/x.jpg", 5) == b"12345"


def test_when_a_file_was_made_and_last_read_is_told(folder, root):
    before = time.time_ns() - 50_000_000  # the clock of the file system ticks a hundred times a second or so
    (root / "x.jpg").write_bytes(b"12345")
    os.utime(root / "x.jpg", ns=(1_500_000_000_000_000_001, 1_600_000_000_000_000_000))
    told = folder.details("x.jpg")
    assert told.accessed == 1_500_000_000_000_000_001
    assert told.created is UNSET or before <= told.created <= time.time_ns()
    assert msgspec.structs.replace(told, accessed=UNSET, created=UNSET) == ObjectDetails()


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="there is no file system that keeps any time")
@pytest.mark.parametrize(("seconds", "told"), [(10**13, LAST), (-(10**13), FIRST)])
def test_a_time_that_nobody_can_write_is_the_nearest_one(seconds, told):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as root:
        file = Path(root) / "x.jpg"
        file.touch()
        os.utime(file, (seconds, seconds))
        assert file.stat().st_mtime == seconds
        folder = Folder(Path(root))
        assert (folder.stat("x.jpg").modified, folder.details("x.jpg").accessed) == (told, told)
        assert to_wire(told)


def test_to_read_ones_own_file_leaves_no_trace(folder, root):
    (root / "x.jpg").write_bytes(b"12345")
    os.utime(root / "x.jpg", ns=(1_500_000_000_000_000_000, 1_600_000_000_000_000_000))
    folder.read("x.jpg", 5)
    assert folder.details("x.jpg").accessed == 1_500_000_000_000_000_000


def test_a_file_that_vultus_may_read_but_does_not_own_is_read(folder, root, monkeypatch):
    (root / "x.jpg").write_bytes(b"12345")
    really_open = os.open

    def deny_unnoticed(path: str, flags: int, **options: int) -> int:
        if UNNOTICED and flags & UNNOTICED:
            raise PermissionError(errno.EPERM, "Operation not permitted")
        return really_open(path, flags, **options)

    monkeypatch.setattr(os, "open", deny_unnoticed)
    assert folder.read("x.jpg", 5) == b"12345"


def test_details_of_what_is_no_file_are_missing(folder, root, secret):
    (root / "link.txt").symlink_to(secret)
    for key in ("none.jpg", "link.txt", "../secret.txt"):
        with pytest.raises(ObjectMissing):
            folder.details(key)


@pytest.mark.parametrize(
    "name", [" lead.jpg", "trail.jpg ", "été.jpg", "#q?&.jpg", "%41.jpg", "-x", "a\\b.jpg", "照片.jpg"]
)
def test_any_name_is_read_as_it_is(folder, root, name):
    (root / name).write_bytes(name.encode())
    assert keys(folder) == [name]
    assert folder.read(name, 100) == name.encode()


@pytest.mark.parametrize("key", ["nope.jpg", "a", "a/x.jpg/y", "x" * 300])
def test_what_is_no_file_is_missing(folder, root, key):
    (root / "a").mkdir()
    (root / "a" / "x.jpg").write_bytes(b"1")
    for look in (folder.stat, lambda key: folder.read(key, 10)):
        with pytest.raises(ObjectMissing, match=r"^File does not exist\.$"):
            look(key)


@pytest.mark.parametrize(
    "key", ["link.txt", "out/secret.txt", "up/secret.txt", "../secret.txt", "chain", "loop", "dangling"]
)
def test_no_link_leads_out_of_the_root(folder, root, secret, key):
    (root / "link.txt").symlink_to(secret)
    (root / "out").symlink_to(secret.parent)
    (root / "up").symlink_to("..")
    (root / "chain").symlink_to("link.txt")
    (root / "loop").symlink_to("loop")
    (root / "dangling").symlink_to("nowhere")
    for look in (folder.stat, lambda key: folder.read(key, 10)):
        with pytest.raises(ObjectMissing):
            look(key)
    assert keys(folder) == []


def test_a_folder_whose_name_begins_alike_is_outside(folder, root):
    beside = root.with_name(root.name + "-private")
    beside.mkdir()
    (beside / "x.jpg").write_bytes(b"1")
    (root / "link.jpg").symlink_to(beside / "x.jpg")
    with pytest.raises(ObjectMissing):
        folder.stat("link.jpg")


def test_a_link_within_the_root_is_followed(folder, root):
    (root / "album").mkdir()
    (root / "album" / "x.jpg").write_bytes(b"1")
    (root / "best.jpg").symlink_to("album/x.jpg")
    (root / "same").symlink_to("album")
    assert folder.read("best.jpg", 10) == b"1"
    assert folder.read("same/x.jpg", 10) == b"1"
    assert keys(folder) == ["album/x.jpg", "best.jpg"]


def test_a_root_that_is_a_link_itself_is_used(root, tmp_path):
    (root / "x.jpg").write_bytes(b"1")
    (tmp_path / "alias").symlink_to(root)
    folder = Folder(tmp_path / "alias")
    assert keys(folder) == ["x.jpg"]
    assert folder.read("x.jpg", 10) == b"1"


def test_a_link_put_there_after_the_check_leads_nowhere(folder, root, secret, monkeypatch):
    (root / "a").mkdir()
    (root / "a" / "secret.txt").write_bytes(b"ours")
    resolve = os.path.realpath

    def resolve_then_swap(path: str, **options: bool) -> str:
        resolved = resolve(path, **options)
        if resolved.endswith("secret.txt") and not (root / "a").is_symlink():
            (root / "a").rename(root / "b")
            (root / "a").symlink_to(secret.parent)
        return resolved

    monkeypatch.setattr(os.path, "realpath", resolve_then_swap)
    with pytest.raises(ObjectMissing):
        folder.read("a/secret.txt", 10)


def test_a_pipe_is_no_file_and_nobody_waits_for_it(folder, root):
    os.mkfifo(root / "pipe.jpg")
    with pytest.raises(ObjectMissing):
        folder.read("pipe.jpg", 10)
    assert keys(folder) == []


def test_the_limit_holds(folder, root):
    (root / "x.jpg").write_bytes(b"123456")
    assert folder.read("x.jpg", 6) == b"123456"
    with pytest.raises(ObjectTooLarge, match="more than 5 bytes"):
        folder.read("x.jpg", 5)


def test_the_limit_holds_for_a_file_that_says_it_is_empty(root):
    endless = Folder(Path("/proc/self"))
    with pytest.raises(ObjectTooLarge):
        endless.read("maps", 5)


def test_the_version_changes_with_the_file(folder, root):
    file = root / "x.jpg"
    file.write_bytes(b"1")
    versions = {folder.stat("x.jpg").version}
    file.write_bytes(b"12")
    versions.add(folder.stat("x.jpg").version)
    os.utime(file, ns=(5, 5))
    versions.add(folder.stat("x.jpg").version)
    other = root / "y.jpg"
    other.write_bytes(b"34")
    os.utime(other, ns=(5, 5))
    other.replace(file)
    versions.add(folder.stat("x.jpg").version)
    assert len(versions) == 4
    assert folder.stat("x.jpg").version == next(iter(folder.list("")))[1].version


def test_a_listing_is_sorted_by_key_and_leaves_hidden_files_out(folder, root):
    for name in ("b.jpg", "a/z.jpg", "a/b/c.jpg", "a.jpg", "a-1.jpg", "a/.hidden", ".git/x", "a0", "Z.jpg", "é.jpg"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"1")
    listed = keys(folder)
    assert listed == sorted(listed)
    assert listed == ["Z.jpg", "a-1.jpg", "a.jpg", "a/b/c.jpg", "a/z.jpg", "a0", "b.jpg", "é.jpg"]


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("a", ["a.jpg", "a/b/c.jpg", "a/d.jpg", "ab/e.jpg"]),
        ("a/", ["a/b/c.jpg", "a/d.jpg"]),
        ("a/b/c", ["a/b/c.jpg"]),
        ("../", []),
        ("x", []),
    ],
)
def test_a_prefix_is_the_beginning_of_the_key(folder, root, prefix, found):
    for name in ("a/b/c.jpg", "a/d.jpg", "a.jpg", "ab/e.jpg", "c.jpg"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"1")
    assert keys(folder, prefix) == found


def test_names_that_no_uri_can_hold_are_left_out_and_told(folder, root, caplog):
    Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9.jpg")).write_bytes(b"1")
    (root / "new\nline.jpg").write_bytes(b"1")
    (root / "x.jpg").write_bytes(b"1")
    assert keys(folder) == ["x.jpg"]
    assert len(caplog.records) == 2


def test_a_deep_tree_is_listed(folder, root):
    deep = "d/" * 300 + "x.jpg"
    (root / deep).parent.mkdir(parents=True)
    (root / deep).write_bytes(b"1")
    assert keys(folder) == [deep]


def test_a_missing_root_is_told_and_not_made(tmp_path):
    folder = Folder(tmp_path / "unmounted")
    for look in (lambda: folder.stat("x.jpg"), lambda: folder.read("x.jpg", 1), lambda: list(folder.list(""))):
        with pytest.raises(ServiceUnavailable, match="is not there"):
            look()
    assert not (tmp_path / "unmounted").exists()


@pytest.fixture
def nobody() -> Iterator[None]:
    """Whoever may read nothing that is not theirs: the superuser gives up being so for a while."""
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(65534)
    yield
    if superuser:
        os.seteuid(0)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody may look into."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_what_may_not_be_read_is_told(public, request):
    (public / "closed").mkdir(0o000)
    (public / "x.jpg").write_bytes(b"1")
    (public / "x.jpg").chmod(0o000)
    request.getfixturevalue("nobody")
    with pytest.raises(PermissionDenied):
        Folder(public).read("x.jpg", 1)
    with pytest.raises(PermissionDenied):
        Folder(public).stat("closed/y.jpg")
    with pytest.raises(PermissionDenied):
        list(Folder(public / "closed").list(""))
    with pytest.raises(PermissionDenied):
        Folder(public / "closed" / "below").stat("y.jpg")


def test_a_folder_that_may_not_be_listed_is_left_out_and_told(public, request, caplog):
    (public / "closed").mkdir(0o000)
    (public / "x.jpg").write_bytes(b"1")
    request.getfixturevalue("nobody")
    assert keys(Folder(public)) == ["x.jpg"]
    assert len(caplog.records) == 1


def test_no_descriptor_is_left_open(folder, root):
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "b" / "x.jpg").write_bytes(b"1")
    before = len(os.listdir("/proc/self/fd"))
    for key in ("a/b/x.jpg", "a/b/y.jpg", "a/b", "a/b/x.jpg/z"):
        for limit in (0, 10):
            try:
                folder.read(key, limit)
            except VultusError:
                continue
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_file_is_opened_anywhere_in_it_and_not_past_its_limit(folder, root):
    (root / "film.mp4").write_bytes(bytes(range(100)))
    with folder.open("film.mp4", 100) as file:
        file.seek(90)
        assert file.read() == bytes(range(90, 100))
        file.seek(0)
        assert file.read(2) == b"\0\1"
    with pytest.raises(ObjectTooLarge), folder.open("film.mp4", 99):
        raise AssertionError
    with pytest.raises(ObjectMissing), folder.open("none.mp4", 99):
        raise AssertionError


def test_what_goes_wrong_with_an_open_file_is_told_as_it_is(folder, root):
    (root / "film.mp4").write_bytes(b"1")
    with pytest.raises(ConnectionResetError), folder.open("film.mp4", 99):
        raise ConnectionResetError


def test_the_head_of_a_file_is_read_whatever_its_size(folder, root):
    (root / "film.mp4").write_bytes(b"12345")
    assert folder.head("film.mp4", 2) == b"12"
    assert folder.head("film.mp4", 9) == b"12345"
