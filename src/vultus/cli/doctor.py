"""``vultus doctor``: is everything in place?"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
import typer
from rich.table import Column, Table
from rich.text import Text

from vultus.catalog import Catalog
from vultus.cli.console import out, plain
from vultus.cli.options import AsJSON
from vultus.cli.session import make_home
from vultus.config import IdleVariable, Settings, idle_variables
from vultus.errors import VultusError
from vultus.index.template import steps_of
from vultus.storage.storage import Storage
from vultus.vision.models.store import ModelStore

FREE = 2**30  # bytes; less free space than this is worth a word


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, whether it is well, and what was seen."""

    name: str
    well: bool
    seen: str
    doubtful: bool = False  # well, but perhaps not what was meant


def doctor(context: typer.Context, as_json: AsJSON = False) -> None:
    """Check settings, templates, database, models, buckets and space; exit with 1 when something is wrong."""
    settings: Settings = context.obj
    checks = list(examine(settings))
    if as_json:
        out.print_json(msgspec.json.encode([msgspec.to_builtins(each) for each in checks]).decode())
    else:
        table = Table(Column(), Column(overflow="fold"), Column(overflow="fold"), show_header=False, box=None)
        for check in checks:
            table.add_row(_verdict(check), Text(plain(check.name), "bold"), Text(plain(check.seen)))
        out.print(table)
    if not all(check.well for check in checks):
        raise typer.Exit(1)


def _verdict(check: Check) -> Text:
    if not check.well:
        return Text("wrong", "red")
    return Text("look", "yellow") if check.doubtful else Text("ok", "green")


def examine(settings: Settings) -> Iterator[Check]:
    """Look at everything that Vultus stands on."""
    yield _environment(idle_variables(os.environ))
    for name in settings.templates:
        yield _check(f"template {name}", lambda name=name: _template(settings, name))  # type: ignore[misc]
    yield _check("home", lambda: _home(settings))
    yield _check("database", lambda: _database(settings))
    yield _check("models", lambda: _models(settings))
    storage = Storage(settings)
    for bucket in storage.buckets():
        yield _check(f"bucket {bucket}", lambda bucket=bucket: _bucket(storage, bucket))  # type: ignore[misc]


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except VultusError as error:
        return Check(name, False, error.message)
    except OSError as error:
        return Check(name, False, error.strerror or str(error))


def _environment(idle: list[IdleVariable]) -> Check:
    """Variables that set nothing: mistyped ones, somebody else's, or those of a service that is called so."""
    told = [
        f"{each.name} sets nothing" + (f", {each.meant} would" if each.meant else "") for each in idle if not each.link
    ]
    links = [each.name for each in idle if each.link]
    seen = told + ([f"of Kubernetes, and set nothing: {', '.join(links)}"] if links else [])
    return Check("environment", True, "; ".join(seen) or "all that begins with VULTUS_ is a setting", bool(told))


def _template(settings: Settings, name: str) -> str:
    steps = steps_of(name, {name: settings.templates[name]})
    return f"takes {', '.join(step.name for step in steps) or 'no step'}"


def _home(settings: Settings) -> str:
    make_home(settings)
    free = shutil.disk_usage(settings.home).free
    if free < FREE:
        raise VultusError(f"{settings.home} has only {free // 2**20} MB left.")
    return f"{settings.home}, {free // 2**30} GB free"


def _database(settings: Settings) -> str:
    catalog = Catalog(settings.database_url, settings.people)
    try:
        catalog.migrate()
        jobs = catalog.jobs.counts()
    finally:
        catalog.close()
    return f"{jobs.queued} jobs wait, {jobs.running} run, {jobs.failed} were given up"


def _models(settings: Settings) -> str:
    store = ModelStore(settings)
    missing = [entry.id for entry in store.entries if not store.present(entry.id)]
    if missing:
        raise VultusError(f"not here yet: {', '.join(missing)}; vultus models pull fetches them")
    return f"{len(store.entries)} files, verified"


def _bucket(storage: Storage, bucket: str) -> str:
    first = next(iter(storage.list(bucket)), None)
    return "empty" if first is None else f"readable, begins with {first[0].key}"
