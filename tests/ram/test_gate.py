"""Servers that share a catalog share what they know of requests."""

from contextlib import closing

import pytest

from vultus.catalog import Catalog
from vultus.config import Settings
from vultus.errors import ServiceUnavailable
from vultus.ram.gate import Gate

NOW = 1_800_000_000.0


def test_two_servers_of_one_home_share_nonces_and_buckets(sqlite_catalog, tmp_path):
    settings = Settings(home=tmp_path)
    with closing(Gate(settings, sqlite_catalog)) as one, closing(Gate(settings, sqlite_catalog)) as other:
        assert one.nonces.claim("key", "a", NOW, 900)
        assert not other.nonces.claim("key", "a", NOW, 900)
        assert one.buckets.take("project/p", 1, NOW) == 0
        assert other.buckets.take("project/p", 1, NOW) > 0
    assert (tmp_path / "gate.db").is_file()


def test_two_machines_with_one_postgresql_share_them_too(postgresql, tmp_path):
    homes = [tmp_path / "one", tmp_path / "other"]
    for home in homes:
        home.mkdir()
    with closing(Catalog(postgresql)) as mine, closing(Catalog(postgresql)) as theirs:
        one, other = (Gate(Settings(home=home), each) for home, each in zip(homes, (mine, theirs), strict=True))
        assert one.nonces.claim("key", "of two machines", NOW, 900)
        assert not other.nonces.claim("key", "of two machines", NOW, 900)
        assert one.buckets.take("project/of two machines", 1, NOW) == 0
        assert other.buckets.take("project/of two machines", 1, NOW) > 0
    assert [list(home.iterdir()) for home in homes] == [[], []]


def test_a_server_that_cannot_keep_them_does_not_start(sqlite_catalog, tmp_path):
    with pytest.raises(ServiceUnavailable, match=r"gate\.db cannot be opened"):
        Gate(Settings(home=tmp_path / "absent"), sqlite_catalog).open()
