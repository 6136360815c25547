from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from sqlalchemy import func, select

from vultus.catalog import Catalog, schema
from vultus.catalog.buckets import SWEEP_EVERY
from vultus.catalog.database import Database
from vultus.model.moment import SECOND

NOW = 1_800_000_000 * SECOND
TENTH = SECOND // 10


def drawn(catalog, count, now, name="project/p"):
    """How many of so many draughts found something, of ten a second."""
    return sum(catalog.buckets.draw(name, now, TENTH, SECOND) == 0 for _ in range(count))


def test_a_bucket_holds_so_much_and_is_filled_evenly(catalog):
    assert drawn(catalog, 15, NOW) == 10
    assert drawn(catalog, 15, NOW + 3 * TENTH) == 3
    assert drawn(catalog, 15, NOW + 60 * SECOND) == 10
    assert drawn(catalog, 15, NOW, "project/other") == 10


def test_whoever_waits_as_long_as_told_finds_something(catalog):
    assert drawn(catalog, 10, NOW) == 10
    wait = catalog.buckets.draw("project/p", NOW, TENTH, SECOND)
    assert 0 < wait <= TENTH
    assert catalog.buckets.draw("project/p", NOW + wait, TENTH, SECOND) == 0


def test_machines_share_a_bucket(catalog, catalog_url):
    with closing(Catalog(catalog_url)) as other, ThreadPoolExecutor(4) as threads:
        taken = threads.map(lambda each: drawn(each, 8, NOW), [catalog, other, catalog, other])
        assert sum(taken) == 10


def test_a_clock_that_is_set_back_shuts_nobody_out(catalog):
    assert drawn(catalog, 15, NOW) == 10
    assert drawn(catalog, 15, NOW - 3600 * SECOND) == 10


def test_full_buckets_are_forgotten(catalog, catalog_url):
    for number in range(SWEEP_EVERY - 1):
        catalog.buckets.draw(f"project/{number % 20}", NOW, TENTH, SECOND)
    catalog.buckets.draw("project/new", NOW + 2 * SECOND, TENTH, SECOND)
    with closing(Database(catalog_url)) as database, database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.buckets)) == 1
