"""Operations called in this process, on a catalog and a bucket of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.operations.office import Office
from tests.synthetic import SyntheticAlbum
from vultus.catalog import Catalog
from vultus.config import Bucket, Settings
from vultus.errors import VultusError
from vultus.operations.call import Call, Service, Source
from vultus.operations.dispatch import dispatch
from vultus.operations.operation import VERSIONS, Product
from vultus.ram.principal import Principal
from vultus.ram.trail import Entry, read_day
from vultus.storage.storage import Storage

REQUEST_ID = "0A1B2C3D-0000-4000-8000-0123456789AB"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where operations are called."""

    service: Service

    @property
    def catalog(self) -> Catalog:
        return self.service.catalog

    @property
    def owner(self) -> str:
        """The account."""
        return self.catalog.account.ensure()

    def call(self, action: str, product: Product = "imm", **parameters: Any) -> Any:
        """Carry out an operation; parameters carry their wire names."""
        return self.call_as(Principal(self.owner), action, product, **parameters)

    def call_as(
        self,
        principal: Principal,
        action: str,
        product: Product = "imm",
        *,
        source: Source = "api",
        source_address: str = "",
        secure: bool = False,
        **parameters: Any,
    ) -> Any:
        """Carry out an operation for somebody."""
        call = Call(self.service, principal, REQUEST_ID, source, source_address, secure)
        return dispatch(call, VERSIONS[product], action, parameters)

    def trail(self) -> list[Entry]:
        """What was done so far."""
        return [entry for day in self.service.trail.days() for entry in read_day(day)]

    def refusal(self, action: str, product: Product = "imm", **parameters: Any) -> tuple[str, str]:
        """Code and message of the error that a call ends with."""
        with pytest.raises(VultusError) as refused:
            self.call(action, product, **parameters)
        return refused.value.code, refused.value.message


@pytest.fixture
def database(sqlite_url: str) -> str:
    """The address of an empty catalog; modules whose operations ask much of the database take either engine."""
    return sqlite_url


@pytest.fixture
def settings(tmp_path: Path, database: str) -> Settings:
    """An empty catalog, and two buckets: one for the project ``family``, one for another project."""
    for name in ("album", "secret"):
        (tmp_path / name).mkdir()
    return Settings(
        home=tmp_path / "home",
        database=database,
        buckets={
            "album": Bucket(projects=["family"], options={"root": str(tmp_path / "album")}),
            "secret": Bucket(projects=["other"], options={"root": str(tmp_path / "secret")}),
        },
    )


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    """An empty service."""
    catalog = Catalog(settings.database_url)
    yield Desk(Service(settings, catalog, Storage(settings)))
    catalog.close()


@pytest.fixture
def office(desk: Desk) -> Office:
    """An account without users."""
    desk.service.cipher.settle(desk.catalog)
    return Office(desk)


@pytest.fixture
def album(desk: Desk) -> SyntheticAlbum:
    """The dataset ``photos`` of the project ``family``."""
    return SyntheticAlbum.make(desk.catalog)
