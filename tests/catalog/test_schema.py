"""Rules that the database itself keeps, whatever the code does."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from vultus.catalog import schema
from vultus.catalog.database import Database


@pytest.fixture
def database(catalog_url):
    database = Database(catalog_url)
    yield database
    database.close()


def job(**values):
    plain = {"kind": "index", "payload": "{}", "priority": 0, "attempts": 0, "run_after": 0, "reason": ""}
    return {**plain, "create_time": 0, "update_time": 0, **values}


@pytest.mark.parametrize(
    "rows",
    [
        [job(state="queued", key="a"), job(state="queued", key="a")],
        [job(state="running", lane="a"), job(state="running", lane="a")],
        [job(state="queued", file_id=1)],
    ],
    ids=["two of one key wait", "two of one lane run", "about no file"],
)
def test_jobs_that_must_not_be_are_refused(database, rows):
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(insert(schema.jobs), rows)


def test_jobs_that_may_be_are_taken(database):
    rows = [job(state=state, key="a", lane="a") for state in ("queued", "running", "done", "done", "failed", "failed")]
    with database.writing() as connection:
        connection.execute(insert(schema.jobs), rows)


def test_there_is_one_account(database):
    row = {"owner_id": "1", "create_time": 0}
    with database.writing() as connection:
        connection.execute(insert(schema.account), {"id": 1, **row})
    for number in (1, 2):
        with pytest.raises(IntegrityError), database.writing() as connection:
            connection.execute(insert(schema.account), {"id": number, **row})
