"""A shop: a client of the official SDK, with a project of its own."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.conformance.clients import hang_up
from tests.conformance.running import Running, serve, settings_in
from tests.conformance.shop import Shop
from tests.synthetic import SyntheticAlbum
from vultus.config import Bucket

_numbers = count()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with one bucket, which every project may use."""
    home = tmp_path_factory.mktemp("server")
    settings = settings_in(home)
    settings.buckets = {"album": Bucket(projects=["*"], options={"root": str(home)})}
    with serve(settings) as running:
        yield running
        hang_up()


@pytest.fixture(params=["V3", "V1"])
def shop(request: pytest.FixtureRequest, server: Running) -> Shop:
    """A client, and the name of a project that does not exist yet."""
    return Shop.open(server, f"project-{next(_numbers)}", v1=request.param == "V1")


@pytest.fixture
def album(shop: Shop) -> SyntheticAlbum:
    """The dataset ``photos`` of the shop's project."""
    return shop.album()
