import json

import msgspec
import pytest
from msgspec import UNSET

from tests.synthetic import face
from vultus.model import FigureCluster

WHERE = {"ProjectName": "family", "DatasetName": "photos"}


@pytest.fixture
def database(catalog_url):
    return catalog_url


def batch(desk, *ids: str) -> list[FigureCluster]:
    return desk.call("BatchGetFigureCluster", **WHERE, ObjectIds=json.dumps(ids)).figure_clusters


def ids(answer) -> list[str]:
    return [cluster.object_id for cluster in answer.figure_clusters]


def query(desk, **parameters):
    return desk.call("QueryFigureClusters", **WHERE, **parameters)


def every_page(desk, **parameters) -> list[str]:
    found, token = [], ""
    while True:
        page = query(desk, NextToken=token, **parameters)
        found += ids(page)
        if page.next_token is UNSET:
            return found
        token = page.next_token


def test_clusters_come_in_order_of_first_mention_once_each(desk, album):
    anna, bert, carl = (album.person(name) for name in ("anna", "bert", "carl"))
    found = batch(desk, carl, anna, carl, bert, anna)
    assert [cluster.object_id for cluster in found] == [carl, anna, bert]


def test_unknown_ids_are_left_out(desk, album):
    anna = album.person("anna")
    assert [cluster.object_id for cluster in batch(desk, "Cluster-nobody", anna, "")] == [anna]
    assert batch(desk, "Cluster-nobody") == []


def test_one_to_a_hundred_ids_are_answered(desk, album):
    batch(desk, *(f"Cluster-{number}" for number in range(100)))
    many = json.dumps([f"Cluster-{number}" for number in range(101)])
    said = ("InvalidArgument", "ObjectIds must be a list of 1 to 100 texts; it holds 101.")
    assert desk.refusal("BatchGetFigureCluster", **WHERE, ObjectIds=many) == said
    assert desk.refusal("BatchGetFigureCluster", **WHERE, ObjectIds="[]")[0] == "InvalidArgument"


def test_a_call_without_ids_misses_them(desk, album):
    said = ("MissingObjectIds", "ObjectIds is mandatory for this action.")
    assert desk.refusal("BatchGetFigureCluster", **WHERE) == said


def test_a_cluster_says_who_and_how_many(desk, album):
    anna = album.person("anna", photos=4, gender="female", age=30)
    (cluster,) = batch(desk, anna)
    assert cluster.object_type == "figure-cluster"
    assert (cluster.project_name, cluster.dataset_name) == ("family", "photos")
    assert cluster.owner_id == desk.catalog.account.get()
    assert (cluster.face_count, cluster.image_count, cluster.video_count) == (4, 4, 0)
    assert (cluster.gender, cluster.average_age, cluster.min_age, cluster.max_age) == ("female", 30.0, 30.0, 30.0)
    assert cluster.meta_lock_version == 0


def test_the_cover_is_a_whole_file_whose_first_figure_is_the_cover_face(desk, album):
    album.add("oss://album/group.jpg", [face(left=10, side=80), face(left=300, side=200)])
    loaded = desk.catalog.figures.load(album.dataset.id, "synthetic")
    large = album.group([int(loaded.id[1])])
    answer = desk.call("BatchGetFigureCluster", **WHERE, ObjectIds=json.dumps([large]))
    cover = msgspec.json.decode(msgspec.json.encode(answer), type=type(answer)).figure_clusters[0].cover
    assert cover.uri == "oss://album/group.jpg"
    assert [figure.boundary.width for figure in cover.figures] == [200, 80]
    assert [figure.figure_cluster_id for figure in cover.figures] == [large, "figure-cluster-id-unavailable"]


def test_one_cluster_is_answered_by_its_id(desk, album):
    anna = album.person("anna")
    assert desk.call("GetFigureCluster", **WHERE, ObjectId=anna).figure_cluster.object_id == anna
    said = ("ResourceNotFound", "The specified resource figure cluster is not found.")
    assert desk.refusal("GetFigureCluster", **WHERE, ObjectId="Cluster-nobody") == said


def test_clusters_of_another_dataset_are_not_seen(desk, album):
    anna = album.person("anna")
    desk.call("CreateDataset", ProjectName="family", DatasetName="other")
    elsewhere = {"ProjectName": "family", "DatasetName": "other"}
    assert desk.call("BatchGetFigureCluster", **elsewhere, ObjectIds=json.dumps([anna])).figure_clusters == []
    assert desk.refusal("GetFigureCluster", **elsewhere, ObjectId=anna)[0] == "ResourceNotFound"
    assert ids(desk.call("QueryFigureClusters", **elsewhere)) == []


@pytest.mark.parametrize("action", ["BatchGetFigureCluster", "GetFigureCluster", "QueryFigureClusters"])
def test_the_project_is_missed_before_the_dataset(desk, album, action):
    more = {"ObjectIds": '["a"]', "ObjectId": "a"}
    missing = desk.refusal(action, ProjectName="nobody", DatasetName="photos", **more)
    assert missing == ("ResourceNotFound", "The specified resource project is not found.")
    missing = desk.refusal(action, ProjectName="family", DatasetName="nothing", **more)
    assert missing == ("ResourceNotFound", "The specified resource dataset is not found.")


def test_a_query_lists_by_id_until_told_otherwise(desk, album):
    people = [album.person(f"p{number}", photos=1) for number in range(5)]
    assert ids(query(desk)) == sorted(people)
    assert ids(query(desk, Order="desc")) == sorted(people, reverse=True)


SORTS = {
    "ImageCount": "image_count",
    "VideoCount": "video_count",
    "ProjectName": "project_name",
    "DatasetName": "dataset_name",
    "CreateTime": "create_time",
    "UpdateTime": "update_time",
    "Gender": "gender",
    "FaceCount": "face_count",
    "GroupName": "name",
}


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_every_sort_orders_its_field_and_pages_without_gaps_or_repeats(desk, album, order):
    said = [{"gender": "female"}, {"gender": "male"}, {}]
    people = {album.person(f"p{number}", photos=number % 3 + 1, **said[number % 3]) for number in range(7)}
    for number, person in enumerate(sorted(people)):
        name = f"n{number % 4}"
        desk.catalog.clusters.update(album.dataset, FigureCluster(object_id=person, name=name))
    for sort, field in SORTS.items():
        found = every_page(desk, Sort=sort, Order=order, MaxResults="2")
        assert sorted(found) == sorted(people), sort
        values = [getattr(cluster, field) or "" for cluster in batch(desk, *found)]
        assert values == sorted(values, reverse=order == "desc"), sort


def test_pages_stay_in_step_while_people_come_and_go(desk, album):
    people = [album.person(f"p{number}", photos=1) for number in range(6)]
    first = query(desk, Sort="CreateTime", MaxResults="3")
    album.person("late", photos=1)
    desk.call("DeleteFileMeta", **WHERE, URI="oss://album/p0-0.jpg")
    second = query(desk, Sort="CreateTime", MaxResults="3", NextToken=first.next_token)
    assert ids(first) + ids(second) == people


def test_the_last_page_has_no_token(desk, album):
    for number in range(2):
        album.person(f"p{number}", photos=1)
    assert query(desk, MaxResults="2").next_token is UNSET
    assert query(desk, MaxResults="1").next_token is not UNSET


def test_the_total_is_counted_only_when_asked_for(desk, album):
    for number in range(3):
        album.person(f"p{number}", photos=1)
    assert query(desk, MaxResults="1").total_count is UNSET
    assert query(desk, MaxResults="1", WithTotalCount="True").total_count == 3


def test_a_query_selects_by_custom_label(desk, album):
    anna, bert = album.person("anna"), album.person("bert")
    desk.catalog.clusters.update(album.dataset, FigureCluster(object_id=anna, custom_labels={"Family": "a=b"}))
    desk.catalog.clusters.update(album.dataset, FigureCluster(object_id=bert, custom_labels={"Family": "no"}))
    assert ids(query(desk, CustomLabels="family=A=B", WithTotalCount="true")) == [anna]
    assert query(desk, CustomLabels="family=A=B", WithTotalCount="true").total_count == 1
    assert ids(query(desk, CustomLabels="Family=%")) == []


def test_a_query_selects_by_times_and_both_ends_belong_to_the_range(desk, album):
    anna, bert = album.person("anna"), album.person("bert")
    created = {cluster.object_id: cluster.create_time for cluster in batch(desk, anna, bert)}

    def between(start: str | None, end: str | None, which: str = "CreateTimeRange") -> list[str]:
        return ids(query(desk, Sort="CreateTime", **{which: json.dumps({"Start": start, "End": end})}))

    assert between(created[anna], created[anna]) == [anna]
    assert between(created[anna], created[bert]) == [anna, bert]
    assert between(None, created[anna]) == [anna]
    assert between("2999-01-01T00:00:00+08:00", None) == []
    desk.catalog.clusters.update(album.dataset, FigureCluster(object_id=anna, name="Anna"))
    assert between(batch(desk, anna)[0].update_time, None, "UpdateTimeRange") == [anna]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("MaxResults", "101"),
        ("MaxResults", "-1"),
        ("Sort", "Name"),
        ("Order", "up"),
        ("CustomLabels", "no sign"),
        ("CustomLabels", "=value"),
        ("CreateTimeRange", '{"Start":"yesterday"}'),
        ("UpdateTimeRange", '{"Start":"2024-01-02T00:00:00Z","End":"2024-01-01T00:00:00Z"}'),
        ("NextToken", "nonsense"),
        ("NextToken", "é"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(desk, album, parameter, value):
    code, message = desk.refusal("QueryFigureClusters", **WHERE, **{parameter: value})
    assert code == "InvalidArgument"
    assert parameter in message


def test_a_token_belongs_to_its_order(desk, album):
    for number in range(3):
        album.person(f"p{number}", photos=1)
    token = query(desk, Sort="FaceCount", MaxResults="1").next_token
    for order in ({"Sort": "GroupName"}, {"Sort": "FaceCount", "Order": "desc"}, {}):
        code, message = desk.refusal("QueryFigureClusters", **WHERE, NextToken=token, **order)
        assert code == "InvalidArgument"
        assert "NextToken" in message


def test_zero_results_means_a_hundred(desk, album):
    for number in range(3):
        album.person(f"p{number}", photos=1)
    assert len(query(desk, MaxResults="0").figure_clusters) == 3
