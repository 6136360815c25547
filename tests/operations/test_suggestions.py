import numpy as np
import pytest
from msgspec import UNSET

from vultus.people.curve import FarCurve

WHERE = {"ProjectName": "family", "DatasetName": "photos"}
MODEL = "mobilefacenet-192"
STRANGERS = np.linalg.qr(np.random.default_rng(2).normal(size=(192, 60)))[0].T


@pytest.fixture
def database(catalog_url):
    return catalog_url


def person(album, number, *, like=None, likeness=0.6, photos=4):
    """A person with one face in each of some photos; alike another by some spans of the curve, or a stranger."""
    centre = STRANGERS[number]
    album.catalog.datasets.settle_model(album.dataset.id, MODEL)
    if like is not None:
        cosine = FarCurve.of(MODEL).similarity_at(likeness)
        centre = cosine * STRANGERS[like] + np.sqrt(1 - cosine**2) * centre
    noise = 0.02 * np.random.default_rng(number).normal(size=(photos, 192))
    faces = centre + noise
    return album.grouped(f"p{number}", faces / np.linalg.norm(faces, axis=1, keepdims=True), MODEL)


@pytest.fixture
def pair(album):
    """Two people who are alike, among strangers."""
    for stranger in range(40, 46):
        person(album, stranger)
    return person(album, 0), person(album, 1, like=0)


def listed(desk, **parameters):
    return desk.call("ListFigureClusterSuggestions", "vultus", **WHERE, **parameters)


def pairs(desk, **parameters):
    found = listed(desk, **parameters).suggestions
    return [{str(cluster.object_id) for cluster in each.figure_clusters} for each in found]


def test_two_who_are_alike_are_suggested_with_their_evidence(desk, album, pair):
    desk.call("UpdateFigureCluster", **WHERE, FigureCluster={"ObjectId": pair[0], "Name": "Anna"})
    [suggestion] = listed(desk).suggestions
    assert {each.object_id for each in suggestion.figure_clusters} == set(pair)
    assert {each.name for each in suggestion.figure_clusters} == {"Anna", UNSET}
    assert all(each.cover is not UNSET for each in suggestion.figure_clusters)
    assert 0.5 < suggestion.confidence < 1
    evidence = suggestion.evidence
    assert evidence.mean_likeness <= evidence.closest_likeness
    assert 0 <= evidence.close_figures <= 16
    assert evidence.files_of_both == 0
    closest = desk.call("ExplainFigures", "vultus", **WHERE).figures
    owners = {face.figure_cluster_id for face in closest if face.figure_id in evidence.closest_figure_ids}
    assert owners == set(pair)


def test_yes_merges_them_and_undoing_it_suggests_them_again(desk, pair):
    first, second = pair
    desk.call("MergeFigureClusters", "vultus", **WHERE, To=first, Froms=[second])
    assert pairs(desk) == []
    decision = desk.call("ListDecisions", "vultus", **WHERE).decisions[0]
    desk.call("UndoDecision", "vultus", **WHERE, DecisionId=decision.decision_id)
    assert pairs(desk) == [set(pair)]


def test_no_is_remembered_until_it_is_undone(desk, pair):
    desk.call("DistinguishFigureClusters", "vultus", **WHERE, ObjectIds=list(pair))
    assert pairs(desk) == []
    decision = desk.call("ListDecisions", "vultus", **WHERE).decisions[0]
    desk.call("UndoDecision", "vultus", **WHERE, DecisionId=decision.decision_id)
    assert pairs(desk) == [set(pair)]


def test_a_no_outlives_a_merge_with_somebody_else(desk, album, pair):
    first, second = pair
    desk.call("DistinguishFigureClusters", "vultus", **WHERE, ObjectIds=[first, second])
    twin = person(album, 2, like=1, likeness=0.9)
    desk.call("MergeFigureClusters", "vultus", **WHERE, To=twin, Froms=[second])
    assert {first, twin} not in pairs(desk)


def test_who_has_a_face_that_is_not_the_other_is_not_suggested(desk, album, pair):
    first, second = pair
    faces = desk.call("ExplainFigures", "vultus", **WHERE).figures
    face = next(each.figure_id for each in faces if each.figure_cluster_id == first)
    desk.call("RejectFigures", "vultus", **WHERE, FigureIds=[face], FigureClusterId=first)
    assert pairs(desk) == [set(pair)]
    desk.call("MoveFigures", "vultus", **WHERE, FigureIds=[face], FigureClusterId=second)
    assert pairs(desk) == []


def test_who_is_ignored_is_not_suggested(desk, pair):
    desk.call("IgnoreFigureCluster", "vultus", **WHERE, ObjectId=pair[1])
    assert pairs(desk) == []
    desk.call("IgnoreFigureCluster", "vultus", **WHERE, ObjectId=pair[1], Ignored=False)
    assert pairs(desk) == [set(pair)]


def test_pages_go_on_where_they_ended_though_somebody_answers_meanwhile(desk, album):
    alike = [{person(album, 2 * n), person(album, 2 * n + 1, like=2 * n, likeness=0.5 + 0.05 * n)} for n in range(5)]
    every = pairs(desk)
    assert sorted(map(sorted, every)) == sorted(map(sorted, alike))
    first = listed(desk, MaxResults="2")
    assert [{str(each.object_id) for each in one.figure_clusters} for one in first.suggestions] == every[:2]
    desk.call("DistinguishFigureClusters", "vultus", **WHERE, ObjectIds=sorted(every[1]))
    second = listed(desk, MaxResults="2", NextToken=first.next_token)
    assert [{str(each.object_id) for each in one.figure_clusters} for one in second.suggestions] == every[2:4]
    last = listed(desk, MaxResults="2", NextToken=second.next_token)
    assert [{str(each.object_id) for each in one.figure_clusters} for one in last.suggestions] == every[4:]
    assert last.next_token is UNSET


def test_an_empty_dataset_has_nothing_to_suggest(desk, album):
    assert pairs(desk) == []


def test_what_cannot_be_used_is_refused_by_name(desk, album):
    for parameter, value in (("MaxResults", "101"), ("NextToken", "nonsense")):
        code, message = desk.refusal("ListFigureClusterSuggestions", "vultus", **WHERE, **{parameter: value})
        assert (code, parameter in message) == ("InvalidArgument", True)
