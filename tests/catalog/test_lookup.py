from importlib import import_module
from pkgutil import iter_modules

import pytest
from sqlalchemy import bindparam, select

import vultus.catalog
from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.catalog.lookup import Lookup

_projects = schema.projects.c
NAMES = Lookup(
    lambda one_of: select(_projects.name).where(one_of(_projects.name, "names"), _projects.description == "here")
)
IDS = Lookup(lambda one_of: select(_projects.id, _projects.name).where(one_of(_projects.id, "ids")))
PLACE = Lookup(
    lambda _: select(_projects.id).where(_projects.name == bindparam("name"), _projects.id > bindparam("after"))
)


@pytest.fixture
def snapshot(catalog, catalog_url):
    for name in ("a", "b", "ä'\"\\", "elsewhere"):
        catalog.projects.create(name, description="" if name == "elsewhere" else "here")
    database = Database(catalog_url)
    with database.snapshot() as snapshot:
        yield snapshot
    database.close()


def test_a_list_may_be_of_any_length(snapshot):
    assert NAMES.rows(snapshot, names=[]) == []
    assert NAMES.rows(snapshot, names=["b"]) == [("b",)]
    assert NAMES.rows(snapshot, names=["ä'\"\\", "elsewhere"]) == [("ä'\"\\",)]
    many = [f"none-{number}" for number in range(50_000)]
    assert sorted(NAMES.rows(snapshot, names=["a", *many, "b"])) == [("a",), ("b",)]


def test_numbers_are_found_as_numbers(snapshot, catalog):
    ids = [project.id for project in catalog.projects.page()]
    assert {row for row, _ in IDS.rows(snapshot, ids=[*ids, 2**62])} == set(ids)


def test_plain_parameters_stand_beside_one_another(snapshot, catalog):
    [(found,)] = PLACE.rows(snapshot, name="a", after=0)
    assert found == catalog.projects.get("a").id
    assert PLACE.rows(snapshot, name="a", after=found) == []


def test_a_lookup_joins_the_transaction_that_is_open(catalog, dataset):
    with catalog.transaction():
        catalog.datasets.create(dataset.project_id, "new")
        assert catalog.datasets.find("project", "new").name == "new"


def test_no_request_reads_a_whole_table_or_dataset(sqlite_catalog, sqlite_url):
    names = {found.name for found in iter_modules(vultus.catalog.__path__)}
    names.remove("figures")  # a clustering run reads its dataset whole
    modules = [import_module(f"vultus.catalog.{name}") for name in sorted(names)]
    lookups = {id(each): each for module in modules for each in vars(module).values() if isinstance(each, Lookup)}
    assert len(lookups) > 4
    database = Database(sqlite_url)
    with database.snapshot() as snapshot:
        for lookup in lookups.values():
            nothing = ["[]"] * lookup.on_sqlite.count("?")
            plan = [step for *_, step in snapshot.driver.execute(f"EXPLAIN QUERY PLAN {lookup.on_sqlite}", nothing)]
            whole = [step for step in plan if step.startswith("SCAN") and "VIRTUAL TABLE" not in step]
            assert whole == [step for step in plan if "(dataset_id=?)" in step] == []
    database.close()
