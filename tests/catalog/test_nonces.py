from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest
from sqlalchemy import func, select, text

from vultus.catalog import Catalog, schema
from vultus.catalog.database import Database
from vultus.catalog.nonces import APART, SWEEP_EVERY
from vultus.errors import ServiceUnavailable

NOW = 1_800_000_000.0
WINDOW = 900.0


def digest(number: int) -> bytes:
    return number.to_bytes(16)


def test_a_nonce_is_taken_once_until_it_expires(catalog):
    assert catalog.nonces.claim(digest(1), NOW, NOW + WINDOW)
    assert not catalog.nonces.claim(digest(1), NOW + WINDOW - 1, NOW + 2 * WINDOW)
    assert catalog.nonces.claim(digest(2), NOW, NOW + WINDOW)
    assert catalog.nonces.claim(digest(1), NOW + WINDOW, NOW + 2 * WINDOW)


def test_another_machine_knows_it_too(catalog, catalog_url):
    with closing(Catalog(catalog_url)) as other:
        assert catalog.nonces.claim(digest(1), NOW, NOW + WINDOW)
        assert not other.nonces.claim(digest(1), NOW, NOW + WINDOW)


def test_of_several_threads_one_takes_a_nonce(catalog):
    with ThreadPoolExecutor(8) as threads:
        taken = threads.map(lambda number: catalog.nonces.claim(digest(number % 20), NOW, NOW + WINDOW), range(160))
    assert sum(taken) == 20


def test_a_transaction_that_is_rolled_back_gives_no_nonce_back(postgresql):
    with closing(Catalog(postgresql)) as catalog:
        with suppress(ZeroDivisionError), catalog.transaction():
            assert catalog.nonces.claim(digest(99), NOW, NOW + WINDOW)
            raise ZeroDivisionError
        assert not catalog.nonces.claim(digest(99), NOW, NOW + WINDOW)


def test_what_is_expired_by_every_clock_is_forgotten(catalog, catalog_url):
    for number in range(SWEEP_EVERY - 1):
        catalog.nonces.claim(digest(number), NOW, NOW + number)
    catalog.nonces.claim(digest(SWEEP_EVERY), NOW + APART + 30, NOW + APART + 30 + WINDOW)
    with closing(Database(catalog_url)) as database, database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.nonces)) == SWEEP_EVERY - 31


def test_nobody_can_tell_when_the_database_is_gone():
    with closing(Catalog("postgresql+psycopg://nobody@127.0.0.1:1/none")) as gone, pytest.raises(ServiceUnavailable):
        gone.nonces.claim(digest(1), NOW, NOW + WINDOW)


def test_postgresql_writes_neither_nonces_nor_buckets_to_its_log(postgresql):
    with closing(Database(postgresql)) as database, database.reading() as connection:
        kept = "SELECT relname, relpersistence FROM pg_class WHERE relname IN ('nonces', 'buckets', 'projects')"
        assert dict(connection.execute(text(kept)).all()) == {"nonces": "u", "buckets": "u", "projects": "p"}
