from collections.abc import Iterator

import pytest

from tests.conformance.clients import hang_up
from tests.conformance.running import Running, serve, settings_in
from vultus.config import Bucket


@pytest.fixture
def own_server(tmp_path) -> Iterator[Running]:
    """A server of this test's own, on SQLite."""
    with serve(settings_in(tmp_path)) as running:
        yield running
        hang_up()


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Running]:
    """A server for all tests of a module, which make what they need under names of their own.

    It has one bucket, which every project may use.
    """
    home = tmp_path_factory.mktemp("server")
    settings = settings_in(home)
    settings.buckets = {"album": Bucket(projects=["*"], options={"root": str(home)})}
    with serve(settings) as running:
        yield running
        hang_up()
