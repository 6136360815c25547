"""FigureClusterConfidence follows what is known of a face."""

import numpy as np

from vultus.people.confidence import attachment_confidence


def rows_of(*angles):
    turned = np.radians(angles)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def test_a_face_without_a_cluster_has_none():
    assert attachment_confidence(rows_of(0, 10), np.array([-1, -1])).tolist() == [0, 0]


def test_a_face_alone_is_certainly_itself():
    assert attachment_confidence(rows_of(0, 90), np.array([0, 1])).tolist() == [1, 1]


def test_a_face_far_from_the_others_is_less_certain():
    confidence = attachment_confidence(rows_of(0, 5, 60), np.array([3, 3, 3]))
    assert confidence[2] < confidence[0]
    assert ((confidence > 0) & (confidence < 1)).all()


def test_a_face_near_another_cluster_is_less_certain():
    alone = attachment_confidence(rows_of(0, 40, 80, -120, -120), np.array([0, 0, 0, 1, 1]))
    beside = attachment_confidence(rows_of(0, 40, 80, 120, 120), np.array([0, 0, 0, 1, 1]))
    assert beside[2] < alone[2]


def test_clusters_planned_but_not_written_have_confidence_too():
    assert (attachment_confidence(rows_of(0, 5, 10), np.array([-2, -2, -2])) > 0.5).all()
