"""The audit finds what should not be, whatever brought it about, and repairs it."""

import numpy as np
import pytest
from sqlalchemy import insert, update

from tests.catalog.conftest import MODEL, face
from vultus.catalog import schema

FIGURES, CLUSTERS = schema.figures, schema.clusters


@pytest.fixture
def people(catalog, album):
    """Two people of three photos each, and a lone face; nothing is wrong."""
    for name in ("a1", "a2", "a3", "b1", "b2", "b3", "lone"):
        album.add(name, face())
    return album.found("a1", "a2", "a3"), album.found("b1", "b2", "b3")


@pytest.fixture
def tamper(catalog):
    """Change a row behind the back of all rules."""

    def tamper(table, row, **values):
        with catalog._database.writing() as connection:
            connection.execute(update(table).where(table.c.id == row).values(values))

    return tamper


def rules(findings):
    return [finding.rule for finding in findings]


def row_of(catalog, album, object_id):
    return catalog.clusters.row(album.dataset, object_id)


def cover_of_a_deleted_file(catalog, album, people, tamper):
    tamper(CLUSTERS, row_of(catalog, album, people[0]), cover_figure=10**9)


def cover_of_somebody_else(catalog, album, people, tamper):
    tamper(CLUSTERS, row_of(catalog, album, people[0]), cover_figure=album.faces_of("b1")[0], cover_pinned=True)


def wrong_counts(catalog, album, people, tamper):
    tamper(CLUSTERS, row_of(catalog, album, people[0]), face_count=7, image_count=6, video_count=5)


def wrong_ages(catalog, album, people, tamper):
    tamper(CLUSTERS, row_of(catalog, album, people[0]), gender="male", average_age=3.0)


def nobody(catalog, album, people, tamper):
    for figure in album.faces_of("a1", "a2", "a3"):
        tamper(FIGURES, figure, fragment_id=None)


def ignored_but_counted(catalog, album, people, tamper):
    tamper(FIGURES, album.faces_of("a1")[0], state="ignored")


def rejected_but_there(catalog, album, people, tamper):
    pair = {"figure_id": album.faces_of("a1")[0], "cluster_id": row_of(catalog, album, people[0])}
    with catalog._database.writing() as connection:
        connection.execute(insert(schema.rejections), {"dataset_id": album.dataset.id, **pair})


def of_another_dataset(catalog, album, people, tamper):
    other = catalog.datasets.create(album.dataset.project_id, "other")
    fragment = {"dataset_id": other.id, "cluster_id": row_of(catalog, album, people[0]), "create_time": 0}
    with catalog._database.writing() as connection:
        row = connection.scalar(insert(schema.fragments).returning(schema.fragments.c.id), fragment)
    tamper(FIGURES, album.faces_of("a1")[0], fragment_id=row)


DAMAGE = {
    cover_of_a_deleted_file: ["What a person says"],
    cover_of_somebody_else: ["What a person says"],
    wrong_counts: ["What a person says"],
    wrong_ages: ["What a person says"],
    nobody: ["What a person says"],
    ignored_but_counted: ["A face that is left alone", "What a person says"],
    rejected_but_there: ["A face is with nobody"],
    of_another_dataset: ["A face and its person"],
}


def test_nothing_is_wrong_with_what_the_catalog_did_itself(catalog, album, people):
    assert catalog.audit.check(album.dataset.id) == []
    assert catalog.audit.repair(album.dataset.id, "root") == []
    assert catalog.decisions.list(album.dataset.id) == []


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_damage_is_found_repaired_and_written_to_the_journal(catalog, album, people, tamper, damage):
    damage(catalog, album, people, tamper)
    found = catalog.audit.check(album.dataset.id)
    assert all(rule.startswith(start) for rule, start in zip(rules(found), DAMAGE[damage], strict=True))
    assert all(finding.names for finding in found)
    assert catalog.audit.check(album.dataset.id) == found, "looking changes nothing"
    assert catalog.audit.repair(album.dataset.id, "anna") == found
    assert catalog.audit.check(album.dataset.id) == []
    journal = catalog.decisions.list(album.dataset.id)
    assert [(row.kind, row.actor, row.about["rule"]) for row in journal] == [
        ("repair", "anna", rule) for rule in rules(found)
    ]


@pytest.mark.parametrize("embedding", [b"", np.ones(3, "<f2").tobytes()])
def test_a_face_without_its_embedding_has_its_file_indexed_again(catalog, album, people, tamper, embedding):
    [figure] = album.faces_of("lone")
    tamper(FIGURES, figure, embedding=embedding)
    [found] = catalog.audit.repair(album.dataset.id, "root")
    assert (found.rule, found.figures) == ("Every face has an embedding of its model's length.", [figure])
    assert catalog.files.counts(album.dataset.id).pending == 1
    assert catalog.files.row(album.files["lone"]).version == ""
    album.write(album.files["lone"], face())
    assert catalog.audit.check(album.dataset.id) == []


def test_faces_of_another_model_have_their_files_indexed_again(catalog, album, people, tamper):
    [figure] = album.faces_of("lone")
    tamper(FIGURES, figure, model="older")
    [found] = catalog.audit.repair(album.dataset.id, "root")
    assert (found.rule, found.figures) == ("The faces of a dataset are of one model.", [figure])
    assert catalog.files.counts(album.dataset.id).pending == 1
    album.write(album.files["lone"], face())
    assert catalog.audit.check(album.dataset.id) == []
    assert len(catalog.figures.load(album.dataset.id, MODEL)) == 7


def test_the_model_of_the_dataset_is_the_right_one_however_few_faces_have_it(catalog, album, people, tamper):
    [figure] = album.faces_of("lone")
    tamper(FIGURES, figure, model="newer")
    catalog.datasets.settle_model(album.dataset.id, "newer")
    [found] = catalog.audit.check(album.dataset.id)
    assert figure not in found.figures
    assert len(found.figures) == 6


def test_an_audit_is_of_one_dataset(catalog, album, people, tamper):
    other = catalog.datasets.create(album.dataset.project_id, "other")
    wrong_counts(catalog, album, people, tamper)
    assert catalog.audit.check(other.id) == []
