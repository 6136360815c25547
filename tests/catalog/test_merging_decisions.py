"""A merge keeps what people said, and can be taken back."""

import msgspec
import pytest

from tests.catalog.conftest import MODEL, face
from tests.catalog.home import Home
from vultus.errors import CannotUndo, InvalidArgument, ResourceNotFound
from vultus.model import Figure, File


@pytest.fixture
def home(catalog, album):
    return Home(catalog, album)


def test_merging_keeps_what_the_target_says_and_takes_the_rest_from_the_largest(home):
    target, small, large = home.person("t"), home.person("s"), home.person("l1", "l2")
    home.name(small, "Small", custom_id="1")
    home.name(large, "Large", custom_labels={"of": "large"})
    version = home.get(target).meta_lock_version
    home.catalog.clusters.merge(home.dataset, target, [small, large])
    merged = home.get(target)
    assert (merged.name, merged.custom_id, merged.custom_labels) == ("Large", "1", {"of": "large"})
    assert (merged.face_count, merged.meta_lock_version) == (4, version + 1)
    assert not home.exists(small)
    assert not home.exists(large)
    assert home.catalog.clusters.total(home.dataset, custom_label=("of", "large")) == 1


def test_undoing_a_merge_brings_sources_back_with_all_they_said_and_keeps_later_work(home):
    anna, other = home.person("a1", "a2"), home.person("b1", "b2")
    cover = File(figures=[Figure(figure_id=home.figure("b2"))])
    home.name(other, "Also Anna", custom_labels={"k": 1}, cover=cover)
    source = home.get(other)
    home.catalog.clusters.merge(home.dataset, anna, [other])
    merge = home.last()
    home.name(anna, "Anna")
    home.album.add("c", face())
    home.catalog.figures.move(home.dataset, home.figures("c", "b1"), anna)
    home.undo(merge)
    again = home.get(other)
    assert (again.object_id, again.name, again.custom_labels) == (other, "Also Anna", {"k": 1})
    assert (again.create_time, again.face_count) == (source.create_time, 1)
    assert msgspec.json.decode(again.cover, type=File).filename == "b2"
    assert home.get(anna).name == "Anna"
    assert {home.where(name) for name in ("a1", "a2", "b1", "c")} == {anna}


def test_a_name_that_was_lent_and_then_given_stays_when_the_merge_is_undone(home):
    anna, other = home.person("a"), home.person("b")
    home.name(other, "Anna")
    home.catalog.clusters.merge(home.dataset, anna, [other])
    merge = home.last()
    home.name(anna, "Anna")
    home.undo(merge)
    assert [home.get(each).name for each in (anna, other)] == ["Anna", "Anna"]


def test_merges_are_undone_in_reverse_order_only(home):
    a, b, c = home.person("a"), home.person("b"), home.person("c")
    home.catalog.clusters.merge(home.dataset, b, [a])
    first = home.last()
    home.catalog.clusters.merge(home.dataset, c, [b])
    second = home.last()
    with pytest.raises(CannotUndo, match=f"Decision {second} came later"):
        home.undo(first)
    home.undo(second)
    home.undo(first)
    assert [home.where(name) for name in "abc"] == [a, b, c]


def test_a_cluster_is_not_merged_into_itself_nor_with_one_that_is_not_there(home):
    a = home.person("a")
    with pytest.raises(InvalidArgument, match="itself"):
        home.catalog.clusters.merge(home.dataset, a, [a])
    with pytest.raises(ResourceNotFound, match="Cluster-0"):
        home.catalog.clusters.merge(home.dataset, a, ["Cluster-0"])


def test_a_face_that_is_not_the_source_is_not_the_target_of_a_merge_either(home):
    a, b = home.person("a1", "a2"), home.person("b1")
    home.catalog.figures.reject(home.dataset, home.figures("a1"), a)
    home.catalog.clusters.merge(home.dataset, b, [a])
    faces = home.catalog.figures.load(home.dataset.id, MODEL)
    [lone] = faces.id[faces.cluster == -1].tolist()
    [target] = set(faces.cluster[faces.cluster != -1].tolist())
    assert home.catalog.clusters.rejections(home.dataset.id) == {(lone, target)}


def test_who_merges_people_takes_back_having_told_them_apart(home):
    a, b = home.person("a1"), home.person("b1")
    home.catalog.clusters.distinguish(home.dataset, b, a)
    assert len(home.catalog.clusters.distinctions(home.dataset.id)) == 1
    home.catalog.clusters.merge(home.dataset, a, [b])
    assert home.catalog.clusters.distinctions(home.dataset.id) == set()
    home.undo()
    assert len(home.catalog.clusters.distinctions(home.dataset.id)) == 1


def test_a_face_does_not_return_by_a_merge_to_whom_it_was_said_not_to_be(home):
    anna, other = home.person("a1", "a2"), home.person("b1", "b2")
    home.catalog.figures.reject(home.dataset, home.figures("b1"), anna)
    home.catalog.figures.move(home.dataset, home.figures("b1"), anna)
    move = home.last()
    home.catalog.clusters.merge(home.dataset, anna, [other])
    before = home.state()
    with pytest.raises(CannotUndo, match="whom it was said not to be"):
        home.undo(move)
    assert home.state() == before
    home.undo()
    home.undo(move)
    assert (home.where("b1"), home.where("a1")) == (other, anna)
