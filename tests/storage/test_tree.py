"""A file has one URI, whichever folder above it is named."""

import os
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from vultus.config import Bucket, Settings
from vultus.storage.storage import Storage
from vultus.storage.tree import Tree, tree_of
from vultus.storage.uri import ObjectPrefix, ObjectURI

FOLDERS = ("", "a", "a/b", "a/b/c", "a/bc", "d")
some_folders = st.lists(st.sampled_from(FOLDERS), min_size=1, max_size=8)


def test_a_file_belongs_to_the_innermost_bucket():
    roots = {"all": Path("/p"), "year": Path("/p/2024"), "trip": Path("/p/2024/rome"), "else": Path("/q")}
    tree = tree_of(Path("/p"), roots)
    assert tree == Tree(ObjectPrefix("all", ""), (), {"2024/": "year", "2024/rome/": "trip"})
    keys = ("x.jpg", "2024.jpg", "2024/x.jpg", "2024/rome/x.jpg", "2024/romeo/x.jpg")
    assert [str(next(tree.names(ObjectURI("all", key)))) for key in keys] == [
        "oss://all/x.jpg",
        "oss://all/2024.jpg",
        "oss://year/x.jpg",
        "oss://trip/x.jpg",
        "oss://year/romeo/x.jpg",
    ]
    assert tree_of(Path("/p/2024/rome/forum"), roots) == Tree(ObjectPrefix("trip", "forum/"), ("all", "year"))
    assert tree_of(Path("/r"), roots) is None


@given(some_folders, some_folders)
def test_a_file_has_the_same_uri_whichever_folder_is_named_and_whenever(set_up, named):
    """Some folders are buckets of the settings, and others are named, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(os.path.realpath(folder)) / "top"
        for each in FOLDERS:
            (top / each).mkdir(parents=True, exist_ok=True)
            (top / each / "x.jpg").write_bytes(b"1")
        buckets = {
            f"set-{n}": Bucket(projects=["p"], options={"root": str(top / each)}) for n, each in enumerate(set_up)
        }
        storage = Storage(Settings(home=Path(folder) / "home", buckets=buckets))
        known: dict[str, str] = {}
        for each in (*named, *named):
            tree = storage.map_folder(top / each, "p")
            for uri in storage.files(tree):
                assert storage.head(uri, 1) == b"1"
                file = str(storage._roots("p")[uri.bucket] / uri.key)
                assert known.setdefault(file, str(uri)) == str(uri)
        assert set(known) == {
            str(top / each / "x.jpg")
            for each in FOLDERS
            if any((top / each).is_relative_to(top / other) for other in named)
        }
