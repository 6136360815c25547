import re

import pytest

from vultus.catalog import identifier

UUID4 = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


@pytest.mark.parametrize(
    ("make", "form"),
    [
        (identifier.new_owner_id, "[1-9][0-9]{15}"),
        (identifier.new_figure_id, UUID4),
        (identifier.new_cluster_id, f"Cluster-{UUID4}"),
        (lambda: identifier.new_task_id("FaceClustering"), f"FaceClustering-{UUID4}"),
        (identifier.new_event_id, "[0-9A-F]{3}-[0-9A-Za-z]{23}"),
        (identifier.new_key_id, "[0-9A-Za-z]{24}"),
        (identifier.new_secret, "[0-9A-Za-z]{30}"),
    ],
)
def test_ids_have_the_forms_that_imm_gives_them_and_none_comes_twice(make, form):
    ids = [make() for _ in range(50)]
    assert all(re.fullmatch(form, each) for each in ids)
    assert len(set(ids)) == 50


def test_the_id_of_a_file_follows_from_where_it_is():
    one = identifier.file_object_id("1", "project", "dataset", "oss://bucket/ä.jpg")
    assert re.fullmatch("[0-9a-f]{64}", one)
    assert one == identifier.file_object_id("1", "project", "dataset", "oss://bucket/ä.jpg")
    assert one != identifier.file_object_id("1", "project", "dataset", "oss://bucket/b.jpg")
    assert one != identifier.file_object_id("1", "project", "other", "oss://bucket/ä.jpg")
