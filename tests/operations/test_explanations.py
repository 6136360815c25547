import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from tests.synthetic import face
from vultus.catalog.overview import FigureFacts
from vultus.config import People
from vultus.operations.explanations import shortcomings
from vultus.people.gate import founding

WHERE = {"ProjectName": "family", "DatasetName": "photos"}


@pytest.fixture
def database(catalog_url):
    return catalog_url


def explain(desk, **parameters):
    return desk.call("ExplainFigures", "vultus", **WHERE, **parameters)


def test_what_a_face_lacks_is_told_one_by_one(desk, album):
    album.add("oss://album/a.jpg", [face(side=62, quality=0.71, yaw=-41.25)])
    (told,) = explain(desk).figures
    assert told.reasons == [
        "side 62 px, must be more than 75",
        "yaw -41.2°, must be less than 30° either way",
        "quality 0.710, must be more than 0.8",
    ]
    assert (told.uri, told.side, told.face_quality) == ("oss://album/a.jpg", 62, 0.71)
    assert (told.head_pose.pitch, told.head_pose.roll, told.head_pose.yaw) == (1.0, -2.0, -41.25)


def test_a_face_that_may_found_a_person_lacks_nothing(desk, album):
    album.add("oss://album/a.jpg", [face()])
    assert explain(desk).figures[0].reasons == []


def test_whose_a_face_is_comes_along(desk, album):
    anna = album.person("anna", photos=1)
    album.add("oss://album/b.jpg", [face()])
    assert [each.figure_cluster_id for each in explain(desk).figures] == [anna, "figure-cluster-id-unavailable"]
    seen = [int(row) for row in desk.catalog.figures.load(album.dataset.id, "synthetic").id]
    desk.catalog.clusters.apply(album.dataset.id, [], [], seen)
    assert [each.figure_cluster_id for each in explain(desk).figures] == [anna, "figure-cluster-id-independent"]


def test_the_faces_of_one_file_or_of_all_come_in_pages(desk, album):
    album.add("oss://album/a.jpg", [face(left=10), face(left=200), face(left=400)])
    album.add("oss://album/b.jpg", [face()])
    first = explain(desk, MaxResults="2")
    second = explain(desk, MaxResults="2", NextToken=first.next_token)
    assert len({each.figure_id for each in [*first.figures, *second.figures]}) == 4
    assert second.next_token is UNSET
    assert [each.uri for each in explain(desk, URI="oss://album/b.jpg").figures] == ["oss://album/b.jpg"]
    assert explain(desk, URI="oss://album/none.jpg").figures == []


def test_the_limits_are_those_of_the_settings(desk, album, settings):
    settings.people.founding_side = 200
    album.add("oss://album/a.jpg", [face(side=120)])
    assert explain(desk).figures[0].reasons == ["side 120 px, must be more than 200"]


@pytest.mark.parametrize("uri", ["file:///a", "oss://album"])
def test_a_uri_that_is_none_is_refused(desk, album, uri):
    assert desk.refusal("ExplainFigures", "vultus", **WHERE, URI=uri)[0] == "InvalidArgument"


angles = st.floats(-180, 180, width=32) | st.sampled_from([-30.0, 30.0])


@given(
    st.integers(1, 200) | st.just(75),
    st.tuples(angles, angles, angles),
    st.floats(0, 1, width=32).filter(lambda value: value != np.float32(0.8)),
)
def test_a_face_lacks_something_exactly_when_the_gate_is_closed_to_it(side, pose, quality):
    facts = FigureFacts(1, "f", "oss://b/k", side, quality, *pose, False, None)
    may_found = founding(np.array([side], np.float32), np.array([pose]), np.array([quality]), People())[0]
    assert (shortcomings(facts, People()) == []) == bool(may_found)
