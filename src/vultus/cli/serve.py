"""``vultus serve``: the API, with workers beside it."""

import logging
import os
from contextlib import ExitStack
from functools import partial
from typing import Annotated

import typer

from vultus.api.app import create_app
from vultus.api.logs import configure_logging
from vultus.api.monitor import Monitor
from vultus.api.observer import Observer
from vultus.api.server import Server
from vultus.api.signals import Signals
from vultus.api.supervisor import Supervisor
from vultus.cli.console import err, plain
from vultus.cli.session import Session, open_session, show_key
from vultus.cli.work import ensure_models
from vultus.config import Settings, changed
from vultus.jobs.pool import Pool
from vultus.ram.account import Account

log = logging.getLogger(__name__)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on; the settings' when left out.")] = "",
    port: Annotated[int, typer.Option(help="Port; 0 for any that is free, the settings' when left out.")] = -1,
    processes: Annotated[int, typer.Option(help="Processes that answer; the settings' when left out.")] = 0,
    workers: Annotated[
        int | None, typer.Option(help="Worker processes; 0 for one a core, -1 for none; the settings' when left out.")
    ] = None,
    tls_cert: Annotated[str, typer.Option(help="PEM file with a certificate: serve HTTPS.")] = "",
    tls_key: Annotated[str, typer.Option(help="PEM file with its key.")] = "",
    metrics_port: Annotated[
        int | None, typer.Option(help="Port of /metrics, /healthz, /readyz; -1 for none, the settings' when left out.")
    ] = None,
    access_log: Annotated[
        bool | None, typer.Option("--access-log/--no-access-log", help="Log a line for each request.")
    ] = None,
    log_format: Annotated[str, typer.Option(help="Log as text or json; the settings' when left out.")] = "",
) -> None:
    """Serve the API and work off what is asked of it, until Ctrl-C; a second Ctrl-C ends it at once."""
    settings: Settings = context.obj
    given = {"host": host, "processes": processes, "tls_cert": tls_cert, "tls_key": tls_key, "log_format": log_format}
    asked: dict[str, object] = {name: value for name, value in given.items() if value}
    asked |= {"port": port} if port >= 0 else {}
    asked |= {} if metrics_port is None else {"metrics_port": metrics_port}
    asked |= {} if access_log is None else {"access_log": access_log}
    settings.server = changed(settings.server, asked)
    settings.jobs.workers = settings.jobs.workers if workers is None else workers
    configure_logging(settings.server)
    with open_session(settings, show_key if err.is_terminal else partial(_tell_of_account, settings)) as session:
        _serve(session)


def _serve(session: Session) -> None:
    settings, catalog = session.settings, session.service.catalog
    serving = _make_server(session)
    pool = None
    if settings.jobs.workers >= 0:
        ensure_models(session)
        pool = Pool(settings, catalog)

    def pids() -> dict[str, list[int]]:
        by_role = {"server": [os.getpid()]}
        if isinstance(serving, Supervisor):
            by_role = {"main": [os.getpid()], "server": serving.pids}
        return by_role | ({} if pool is None else {"worker": pool.pids})

    with Signals() as signals, ExitStack() as around:
        signals.on_end(serving.stop)
        signals.on_hangup(serving.reload)
        watched = ""
        if settings.server.metrics_port >= 0:
            monitor = around.enter_context(Monitor(settings.server, serving, catalog, pids))
            watched = f", metrics on http://{monitor.endpoint}"
        if pool is not None:
            around.enter_context(pool)
        _say(
            settings,
            f"Serving on {_url(settings, serving.endpoint)}, {_crew(settings, pool)}{watched}. Ctrl-C ends it.",
        )
        serving.run()
    _say(settings, "Stopped.")


def _make_server(session: Session) -> Server | Supervisor:
    settings = session.settings
    session.service.gate.open()
    if settings.server.processes > 1:
        return Supervisor(settings)
    observer = Observer(settings.server.access_log)
    return Server(create_app(session.service, observer), settings.server, observer)


def _tell_of_account(settings: Settings, account: Account) -> None:
    """Tell of a new account where what is told goes into a log: without the secret of its key."""
    _say(settings, f"Account {account.owner_id} is ready; its root access key is in {account.key_file}.")


def _url(settings: Settings, endpoint: str) -> str:
    return f"https://{endpoint}" if settings.server.tls_cert else f"http://{endpoint}"


def _crew(settings: Settings, pool: Pool | None) -> str:
    with_processes = f"with {settings.server.processes} processes and " if settings.server.processes > 1 else ""
    if pool is None:
        return f"{with_processes}without workers"
    return f"{with_processes or 'with '}{pool.size} workers"


def _say(settings: Settings, text: str) -> None:
    """Tell the operator; among lines of JSON, by one."""
    if settings.server.log_format == "json":
        log.info(text)
    else:
        err.print(plain(text), markup=False, soft_wrap=True)
