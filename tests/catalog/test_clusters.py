import msgspec
import pytest
from msgspec import UNSET

from tests.catalog.conftest import face
from vultus.catalog import PageKey
from vultus.errors import InvalidArgument, LockVersionConflict, ResourceNotFound
from vultus.model import Figure, FigureCluster, File


@pytest.fixture
def change(catalog, album):
    def change(object_id, **said):
        catalog.clusters.update(album.dataset, FigureCluster(object_id=object_id, **said))
        return catalog.clusters.get(album.dataset, object_id)

    return change


def cover(cluster):
    return msgspec.json.decode(cluster.cover, type=File)


def test_a_cluster_says_all_that_is_known_of_it(catalog, album):
    album.add("a", face(age=20, gender="female"), face(300, quality=0.99, age=40, gender="female"))
    album.add("b", face(age=60, gender="male"), media_type="video")
    cluster = catalog.clusters.get(album.dataset, album.found("a", "b"))
    assert cluster.object_id.startswith("Cluster-")
    assert (cluster.object_type, cluster.owner_id) == ("figure-cluster", catalog.account.get())
    assert (cluster.project_name, cluster.dataset_name) == ("project", "dataset")
    assert (cluster.face_count, cluster.image_count, cluster.video_count) == (3, 1, 1)
    assert (cluster.gender, cluster.min_age, cluster.max_age) == ("female", 20, 60)
    assert cluster.average_age == pytest.approx((20 * 0.9 + 40 * 0.99 + 60 * 0.9) / 2.79, abs=0.01)
    assert cluster.meta_lock_version == 0
    assert cluster.create_time == cluster.update_time
    assert cluster.name is cluster.custom_id is cluster.custom_labels is UNSET


def test_the_cover_is_the_file_of_the_best_face_which_comes_first_in_it(catalog, album):
    album.add("a", face(0), face(300, quality=0.99))
    album.add("b", face(0, quality=0.95))
    cluster = catalog.clusters.get(album.dataset, album.found("a", "b"))
    assert cover(cluster).filename == "a"
    assert [figure.boundary.left for figure in cover(cluster).figures] == [300, 0]
    assert {figure.figure_cluster_id for figure in cover(cluster).figures} == {cluster.object_id}


def test_two_clusters_may_have_one_file_for_a_cover_each_with_its_own_face_first(catalog, album):
    album.add("a", face(0), face(300))
    [left, right] = album.faces_of("a")
    catalog.clusters.apply(album.dataset.id, [], [[(left, 0.9)], [(right, 0.9)]], [])
    covers = [cover(cluster) for cluster in catalog.clusters.query(album.dataset, "CreateTime").clusters]
    assert [[figure.boundary.left for figure in each.figures] for each in covers] == [[0, 300], [300, 0]]


def test_the_cover_changes_when_its_file_is_deleted(catalog, album):
    album.add("a", face(quality=0.99))
    album.add("b", face(quality=0.9))
    object_id = album.found("a", "b")
    album.delete("a")
    assert cover(catalog.clusters.get(album.dataset, object_id)).filename == "b"


def test_clusters_come_in_order_of_first_mention_and_unknown_ones_are_left_out(catalog, album):
    for name in "abc":
        album.add(name, face())
    a, b, c = album.found("a"), album.found("b"), album.found("c")
    found = catalog.clusters.get_many(album.dataset, [c, "Cluster-0", a, c, b, a])
    assert [cluster.object_id for cluster in found] == [c, a, b]
    assert catalog.clusters.get_many(album.dataset, []) == []
    with pytest.raises(ResourceNotFound):
        catalog.clusters.get(album.dataset, "Cluster-0")


def test_a_cluster_is_known_only_in_its_own_dataset(catalog, album):
    album.add("a", face())
    object_id = album.found("a")
    other = catalog.datasets.create(album.dataset.project_id, "other")
    assert catalog.clusters.get_many(other, [object_id]) == []
    with pytest.raises(ResourceNotFound):
        catalog.clusters.update(other, FigureCluster(object_id=object_id, name="Anna"))


def test_an_answer_is_ready_to_go_out(catalog, album):
    album.add("a", face())
    [cluster] = catalog.clusters.get_many(album.dataset, [album.found("a")])
    sent = msgspec.json.decode(msgspec.json.encode(cluster), type=FigureCluster)
    assert sent.cover.filename == "a"
    assert msgspec.structs.replace(sent, cover=UNSET) == msgspec.structs.replace(cluster, cover=UNSET)


def test_what_people_say_is_kept_and_an_empty_value_takes_it_back(album, change):
    album.add("a", face())
    object_id = album.found("a")
    said = change(object_id, name="Anna", custom_id="7", custom_labels={"k": "v"})
    assert (said.name, said.custom_id, said.custom_labels) == ("Anna", "7", {"k": "v"})
    other = change(object_id, custom_labels={"n": 1})
    assert (other.name, other.custom_labels) == ("Anna", {"n": 1})
    cleared = change(object_id, name="", custom_id="", custom_labels={})
    assert cleared.name is cleared.custom_id is cleared.custom_labels is UNSET
    assert cleared.meta_lock_version == 3


def test_a_change_made_to_another_version_is_refused(album, change, catalog):
    album.add("a", face())
    object_id = album.found("a")
    assert change(object_id, name="Anna", meta_lock_version=0).meta_lock_version == 1
    with pytest.raises(LockVersionConflict, match="is 1, not 0"):
        change(object_id, name="Ben", meta_lock_version=0)
    assert catalog.clusters.get(album.dataset, object_id).name == "Anna"
    assert change(object_id, name="Ben").name == "Ben"


def test_a_chosen_cover_stays_while_its_face_is_there(catalog, album, change, decode):
    album.add("a", face(quality=0.99))
    album.add("b", face(quality=0.85))
    object_id = album.found("a", "b")
    [document] = decode(catalog.files.get_many(album.dataset, [album.uri("b")]))
    chosen = change(object_id, cover=File(figures=[Figure(figure_id=document.figures[0].figure_id)]))
    assert cover(chosen).filename == "b"
    album.add("c", face(quality=1.0))
    album.write(album.files["b"], face(3, quality=0.82))
    assert cover(catalog.clusters.get(album.dataset, object_id)).filename == "b"
    album.delete("b")
    assert cover(catalog.clusters.get(album.dataset, object_id)).filename == "a"


def test_a_face_of_another_cluster_is_no_cover(catalog, album, change, decode):
    album.add("a", face())
    album.add("b", face())
    object_id = album.found("a")
    [document] = decode(catalog.files.get_many(album.dataset, [album.uri("b")]))
    with pytest.raises(ResourceNotFound, match="figure"):
        change(object_id, cover=File(figures=[Figure(figure_id=document.figures[0].figure_id)]))
    assert change(object_id, cover=File()).meta_lock_version == 1


SORTS = {
    "": lambda cluster: cluster.object_id,
    "ImageCount": lambda cluster: cluster.image_count,
    "VideoCount": lambda cluster: cluster.video_count,
    "ProjectName": lambda cluster: cluster.project_name,
    "DatasetName": lambda cluster: cluster.dataset_name,
    "CreateTime": lambda cluster: cluster.create_time,
    "UpdateTime": lambda cluster: cluster.update_time,
    "Gender": lambda cluster: cluster.gender or "",
    "FaceCount": lambda cluster: cluster.face_count,
    "GroupName": lambda cluster: cluster.name or "",
}


@pytest.fixture
def people(catalog, album, change):
    """Ten clusters that differ in everything, with ties in everything."""
    for number in range(10):
        names = [f"{number}-{copy}" for copy in range(1 + number % 3)]
        for name in names:
            gender = {"gender": "male" if number % 4 else "female"} if number % 2 else {}
            album.add(name, face(**gender), media_type="video" if number % 5 == 0 else "image")
        said = {"name": ("Ä", "a", "B")[number % 3]} if number > 2 else {}
        change(album.found(*names), **said)
    return catalog.clusters.query(album.dataset).clusters


def pages(catalog, dataset, limit=3, **filters):
    shown, after = [], None
    while True:
        page = catalog.clusters.query(dataset, limit=limit, after=after, **filters)
        shown.append([cluster.object_id for cluster in page.clusters])
        if page.next is None:
            return shown
        after = msgspec.json.decode(msgspec.json.encode(page.next), type=PageKey)


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_show_every_cluster_once_in_order(catalog, album, people, sort, order):
    shown = pages(catalog, album.dataset, sort=sort, order=order)
    assert [len(page) for page in shown] == [3, 3, 3, 1]
    by_id = {cluster.object_id: cluster for cluster in people}
    keys = [SORTS[sort](by_id[object_id]) for page in shown for object_id in page]
    assert keys == sorted(keys, reverse=order == "desc")
    assert {object_id for page in shown for object_id in page} == by_id.keys()


def test_a_page_that_is_just_full_is_the_last(catalog, album, people):
    assert [len(page) for page in pages(catalog, album.dataset, limit=5)] == [5, 5]


def test_pages_stay_in_step_while_clusters_come_and_go(catalog, album, people):
    page = catalog.clusters.query(album.dataset, "CreateTime", limit=4)
    before = [cluster.object_id for cluster in catalog.clusters.query(album.dataset, "CreateTime").clusters]
    album.delete("0-0")
    album.add("new", face())
    new = album.found("new")
    rest = catalog.clusters.query(album.dataset, "CreateTime", after=page.next)
    assert [cluster.object_id for cluster in rest.clusters] == [*before[4:], new]


def test_clusters_are_found_by_a_label_in_any_case(catalog, album, people, change):
    first, second = people[0].object_id, people[1].object_id
    change(first, custom_labels={"Member": "Über", "n": 1})
    change(second, custom_labels={"member": "über%"})
    for label, expected in ((("MEMBER", "ÜBER"), [first]), (("n", "1"), [first]), (("member", "üb"), [])):
        found = catalog.clusters.query(album.dataset, custom_label=label)
        assert [cluster.object_id for cluster in found.clusters] == expected
        assert catalog.clusters.total(album.dataset, custom_label=label) == len(expected)
    change(first, custom_labels={})
    assert catalog.clusters.total(album.dataset, custom_label=("n", "1")) == 0


def test_clusters_are_found_by_their_times_both_ends_included(catalog, album, people):
    from vultus.model import moment

    ordered = catalog.clusters.query(album.dataset, "CreateTime").clusters
    third, fifth = (moment.from_wire(ordered[index].create_time) for index in (2, 4))
    expected = [cluster.object_id for cluster in ordered[2:5]]
    found = catalog.clusters.query(album.dataset, "CreateTime", create_range=(third, fifth))
    assert [cluster.object_id for cluster in found.clusters] == expected
    assert catalog.clusters.total(album.dataset, create_range=(third, fifth)) == 3
    assert catalog.clusters.total(album.dataset, create_range=(third + 1, None)) == 7
    assert catalog.clusters.total(album.dataset, update_range=(-(10**30), 10**30)) == 10
    assert catalog.clusters.total(album.dataset, update_range=(None, third)) < 10


def test_a_sort_that_does_not_exist_and_a_token_of_another_sort_are_refused(catalog, album):
    with pytest.raises(InvalidArgument, match=r"'Name'.*GroupName"):
        catalog.clusters.query(album.dataset, "Name")
    with pytest.raises(InvalidArgument, match="NextToken"):
        catalog.clusters.query(album.dataset, "FaceCount", after=PageKey("Cluster-0", 1))
    with pytest.raises(InvalidArgument, match="NextToken"):
        catalog.clusters.query(album.dataset, after=PageKey(3, 1))


def test_a_token_beyond_all_numbers_ends_the_list(catalog, album, people):
    page = catalog.clusters.query(album.dataset, "FaceCount", after=PageKey(10**40, 10**40))
    assert (page.clusters, page.next) == ([], None)
