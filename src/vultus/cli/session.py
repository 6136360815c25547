"""A command's way to the operations: the same dispatch that the API goes through."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from vultus.catalog import Catalog
from vultus.cli.console import err, plain
from vultus.cli.missing import PLACES, NoSuchPlace
from vultus.config import ConfigError, Settings
from vultus.errors import PermissionDenied, ResourceNotFound
from vultus.operations.call import Call, Service
from vultus.operations.dispatch import dispatch
from vultus.operations.operation import VERSIONS, Product
from vultus.ram.account import Account, ensure_account
from vultus.ram.acting import user_named
from vultus.ram.principal import Principal
from vultus.storage.storage import Storage


@dataclass(frozen=True, slots=True)
class Session:
    """Calls operations, as the root of the account unless the settings name a user."""

    service: Service
    account: Account
    principal: Principal

    @property
    def settings(self) -> Settings:
        """What the operator has set."""
        return self.service.settings

    def call(self, action: str, product: Product = "imm", **parameters: Any) -> Any:
        """Carry out an operation; parameters carry their wire names."""
        call = Call(
            service=self.service,
            principal=self.principal,
            request_id=str(uuid.uuid4()).upper(),
            source="cli",
            secure=True,
        )
        try:
            return dispatch(call, VERSIONS[product], action, parameters)
        except ResourceNotFound as error:
            if error.resource not in PLACES:
                raise
            names = parameters.get("ProjectName", ""), parameters.get("DatasetName", "")
            raise NoSuchPlace(error.resource, *names) from None

    def ensure_dataset(self, project: str, dataset: str) -> None:
        """Create project and dataset when they do not exist."""
        try:
            self.call("GetDataset", ProjectName=project, DatasetName=dataset)
        except ResourceNotFound:
            self.ensure_project(project)
            self.call("CreateDataset", ProjectName=project, DatasetName=dataset)

    def ensure_project(self, project: str) -> None:
        """Create a project when it does not exist."""
        try:
            self.call("GetProject", ProjectName=project)
        except ResourceNotFound:
            self.call("CreateProject", ProjectName=project)


def show_key(account: Account) -> None:
    """Print the root key, this once."""
    assert account.new_key is not None
    err.print(f"Account [bold]{account.owner_id}[/] is ready. Its root access key, shown this once:")
    err.print(f"  AccessKeyId      {account.new_key.key_id}", highlight=False)
    err.print(f"  AccessKeySecret  {account.new_key.secret}", highlight=False)
    kept = f"It is kept in {plain(str(account.key_file))}, which only you can read.\n"
    err.print(kept, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def open_session(settings: Settings, show_account: Callable[[Account], None] = show_key) -> Iterator[Session]:
    """Open the catalog of the settings, creating it and its account on first use.

    Args:
        settings: what the operator has set.
        show_account: called with an account that was just made.
    """
    make_home(settings)
    catalog = Catalog(settings.database_url, settings.people)
    try:
        catalog.migrate()
        account = ensure_account(catalog, settings.home, settings.master_key)
        if account.new_key is not None:
            show_account(account)
        principal = user_named(catalog, settings.user) if settings.user else Principal(account.owner_id)
        service = Service(settings, catalog, Storage(settings))
        try:
            session = Session(service, account, principal)
            try:
                yield session
            except NoSuchPlace as error:
                error.look_around(session.call)
                raise
        finally:
            service.viewers.close()
    finally:
        catalog.close()


def root_only(settings: Settings) -> None:
    """See to it that a command that asks no operation is not called on behalf of a user.

    Raises:
        PermissionDenied: the settings name a user.
    """
    if settings.user:
        raise PermissionDenied(f"Only the root of the account may do this, not {settings.user}.")


def make_home(settings: Settings) -> None:
    """Make the folder that everything is kept in, for its owner only.

    Raises:
        ConfigError: it cannot be made, or not be written to.
    """
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"The home of Vultus, {settings.home}, cannot be made: {error.strerror}.") from None
    if not os.access(settings.home, os.W_OK | os.X_OK):
        raise ConfigError(f"The home of Vultus, {settings.home}, cannot be written to.")
