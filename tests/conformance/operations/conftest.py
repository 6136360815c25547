"""A shop: a client of the official SDK, with a project of its own."""

from itertools import count

import pytest

from tests.conformance.running import Running
from tests.conformance.shop import Shop
from tests.synthetic import SyntheticAlbum

_numbers = count()


@pytest.fixture(params=["V3", "V1"])
def shop(request: pytest.FixtureRequest, server: Running) -> Shop:
    """A client, and the name of a project that does not exist yet."""
    return Shop.open(server, f"project-{next(_numbers)}", v1=request.param == "V1")


@pytest.fixture
def album(shop: Shop) -> SyntheticAlbum:
    """The dataset ``photos`` of the shop's project."""
    return shop.album()
