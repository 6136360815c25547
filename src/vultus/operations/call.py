"""One call of an operation: who calls, from where, and what the operation works with."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from vultus.catalog import Catalog
from vultus.catalog.datasets import DatasetRow
from vultus.catalog.projects import ProjectRow
from vultus.config import Settings
from vultus.jobs.viewers import Viewers
from vultus.model import moment
from vultus.ram.cipher import Cipher
from vultus.ram.gate import Gate
from vultus.ram.master_keys import MasterKeys
from vultus.ram.principal import Principal
from vultus.ram.session_tokens import SessionTokens
from vultus.ram.trail import Trail
from vultus.storage.storage import Storage

Source = Literal["api", "console", "cli"]


class _NamesProject(Protocol):
    project_name: str


class _NamesDataset(Protocol):
    project_name: str
    dataset_name: str


@dataclass(frozen=True, slots=True)
class Service:
    """What every operation works with.

    Attributes:
        settings: what the operator has set.
        catalog: the database.
        storage: the buckets.
        trail: where calls leave a trail.
        gate: what server processes have to know of each other's requests.
        cipher: encrypts the secrets of access keys.
        tokens: of sessions.
        viewers: look at pictures for callers who wait.
    """

    settings: Settings
    catalog: Catalog
    storage: Storage
    trail: Trail = field(init=False)
    gate: Gate = field(init=False)
    cipher: Cipher = field(init=False)
    tokens: SessionTokens = field(init=False)
    viewers: Viewers = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "trail", Trail(self.settings.home))
        object.__setattr__(self, "gate", Gate(self.settings, self.catalog))
        master_keys = MasterKeys(self.settings.home, self.settings.master_key)
        object.__setattr__(self, "cipher", Cipher(master_keys))
        object.__setattr__(self, "tokens", SessionTokens(master_keys))
        object.__setattr__(self, "viewers", Viewers(self.settings))


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an operation.

    Attributes:
        service: what it works with.
        principal: who calls.
        request_id: names the call.
        source: the way in.
        source_address: of the caller; empty where there is no network in between.
        secure: whether nobody on the way can read it: over TLS, or within this machine's command line.
    """

    service: Service
    principal: Principal
    request_id: str
    source: Source
    source_address: str = ""
    secure: bool = False

    @property
    def catalog(self) -> Catalog:
        """The database."""
        return self.service.catalog

    @property
    def storage(self) -> Storage:
        """The buckets."""
        return self.service.storage

    @property
    def settings(self) -> Settings:
        """What the operator has set."""
        return self.service.settings

    @property
    def context(self) -> dict[str, str | bool | float]:
        """What the conditions of policies look at."""
        context: dict[str, str | bool | float] = {
            # Of whole seconds, so that writing it is remembered for one.
            "acs:CurrentTime": moment.to_wire(moment.now() // moment.SECOND * moment.SECOND),
            "acs:SecureTransport": self.secure,
            "acs:PrincipalARN": self.principal.arn,
        }
        if self.source_address:
            context["acs:SourceIp"] = self.source_address
        return context

    def project(self, request: _NamesProject) -> ProjectRow:
        """Return the project that a request names, or raise ResourceNotFound."""
        return self.catalog.projects.get(request.project_name)

    def dataset(self, request: _NamesDataset) -> DatasetRow:
        """Return the dataset that a request names, or raise ResourceNotFound."""
        return self.catalog.datasets.find(request.project_name, request.dataset_name)
