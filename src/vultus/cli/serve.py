"""``vultus serve``: the API, with workers beside it."""

import signal
from contextlib import suppress
from typing import Annotated

import typer

from vultus.api.app import create_app
from vultus.api.server import Server
from vultus.cli.console import err
from vultus.cli.session import open_session
from vultus.cli.work import ensure_models
from vultus.config import Settings
from vultus.jobs.pool import Pool


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on; the settings' when left out.")] = "",
    port: Annotated[int, typer.Option(help="Port; 0 for any that is free, the settings' when left out.")] = -1,
    workers: Annotated[
        int | None, typer.Option(help="Worker processes; 0 for one a core, -1 for none; the settings' when left out.")
    ] = None,
) -> None:
    """Serve the API and work off what is asked of it, until Ctrl-C."""
    settings: Settings = context.obj
    settings.server.host = host or settings.server.host
    settings.server.port = port if port >= 0 else settings.server.port
    settings.jobs.workers = settings.jobs.workers if workers is None else workers
    with open_session(settings) as session:
        app = create_app(session.service)
        server = Server(app, settings.server)
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # both end the server, then the workers, in order
        if settings.jobs.workers < 0:
            err.print(f"Serving on http://{server.endpoint}, without workers. Ctrl-C ends it.")
            _run(server)
        else:
            ensure_models(session)
            with Pool(settings, session.service.catalog) as pool:
                err.print(f"Serving on http://{server.endpoint}, with {pool.size} workers. Ctrl-C ends it.")
                _run(server)
    err.print("Stopped.")


def _run(server: Server) -> None:
    """Serve until Ctrl-C, which uvicorn hands on when it has stopped."""
    with suppress(KeyboardInterrupt):
        server.run()
