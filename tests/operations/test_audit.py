"""The audit over the door."""

from sqlalchemy import update

from vultus.catalog import schema

WHERE = {"ProjectName": "family", "DatasetName": "photos"}


def test_what_is_wrong_is_told_and_repaired_once(desk, album):
    anna = album.person("anna")
    assert desk.call("AuditDataset", "vultus", **WHERE).faults == []
    with desk.catalog._database.writing() as connection:
        connection.execute(update(schema.clusters).values(face_count=9))
    [fault] = desk.call("AuditDataset", "vultus", **WHERE).faults
    assert fault.ids == [anna]
    assert desk.call("RepairDataset", "vultus", **WHERE).faults == [fault]
    assert desk.call("AuditDataset", "vultus", **WHERE).faults == []
    assert desk.call("GetFigureCluster", **WHERE, ObjectId=anna).figure_cluster.face_count == 3
    [decision] = desk.call("ListDecisions", "vultus", **WHERE).decisions
    assert (decision.kind, decision.about["names"]) == ("repair", [anna])
    code, _ = desk.refusal("UndoDecision", "vultus", **WHERE, DecisionId=decision.decision_id)
    assert code == "Conflict.Decision"
