"""A real server on a free port of this machine, with a fresh catalog."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vultus.api import Server, create_app
from vultus.catalog import Catalog
from vultus.config import Limits, Settings
from vultus.config import Server as ServerSettings
from vultus.operations.call import Service
from vultus.ram.account import Account, ensure_account
from vultus.ram.keys import Keys, NewKey
from vultus.storage.storage import Storage


@dataclass(frozen=True)
class Running:
    """A server that answers.

    Attributes:
        endpoint: host and port.
        service: what its operations work with.
        account: the account that its first start made.
        key: the root key.
    """

    endpoint: str
    service: Service
    account: Account
    key: NewKey


@contextmanager
def serve(settings: Settings, known: NewKey | None = None) -> Iterator[Running]:
    """Serve the API in a thread for as long as the context is open.

    Args:
        settings: of the server; it takes any free port.
        known: the root key, when an earlier start made it.
    """
    settings.server = ServerSettings(port=0, max_body=settings.server.max_body)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    catalog = Catalog(settings.database_url, settings.people)
    catalog.migrate()
    account = ensure_account(catalog, settings.home, settings.master_key)
    service = Service(settings, catalog, Storage(settings))
    key = known or account.new_key or Keys(catalog, service.cipher).create()
    try:
        with Server(create_app(service), settings.server).running() as endpoint:
            yield Running(endpoint, service, account, key)
    finally:
        catalog.close()


def settings_in(home: Path) -> Settings:
    """Settings whose everything is in one folder, with no limit to how often a project is asked."""
    return Settings(home=home / "home", limits=Limits(project_queries_per_second=0))
