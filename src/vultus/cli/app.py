"""``vultus``: the commands, and how they end.

Exit codes: 0 done; 1 it could not be done; 2 wrong usage; 3 done, but some files failed; 130 broken off by Ctrl-C.
"""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from vultus.cli import (
    audit,
    cluster,
    compare,
    datasets,
    decide,
    demo,
    doctor,
    faces,
    index,
    journal,
    keys,
    models,
    people,
    serve,
    show,
    suggest,
    tasks,
    trail,
)
from vultus.cli.console import err, out, plain
from vultus.cli.ram import app as ram
from vultus.config import load_settings
from vultus.errors import VultusError

app = typer.Typer(
    help="Vultus: who is in your photos, through the API of Alibaba Cloud IMM.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("index")(index.index)
app.command("cluster")(cluster.cluster)
app.command("people")(people.people)
app.command("datasets")(datasets.datasets)
app.command("show")(show.show)
app.command("faces")(faces.faces)
app.command("compare")(compare.compare)
app.command("name")(decide.name)
app.command("merge")(decide.merge)
app.command("distinct")(decide.distinct)
app.command("suggest")(suggest.suggest)
app.command("move")(decide.move)
app.command("not")(decide.not_)
app.command("ignore")(decide.ignore)
app.command("split")(decide.split)
app.command("journal")(journal.journal)
app.command("undo")(journal.undo)
app.command("audit")(audit.audit)
app.command("trail")(trail.trail)
app.command("tasks")(tasks.tasks)
app.command("cancel")(tasks.cancel)
app.command("serve")(serve.serve)
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
app.add_typer(keys.app, name="keys")
app.add_typer(ram.app, name="ram")
app.add_typer(models.app, name="models")


def _show_version(asked: bool) -> None:
    if asked:
        out.print(f"vultus {version('vultus')}", highlight=False)
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option(help="Settings file (else VULTUS_CONFIG, ./vultus.toml).")] = None,
    home: Annotated[Path | None, typer.Option(help="Folder for database, models and keys (else VULTUS_HOME).")] = None,
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version, and no more.")
    ] = False,
    user: Annotated[
        str, typer.Option("--as", metavar="USER", help="RAM user to act as, with what its policies allow.")
    ] = "",
) -> None:
    """Read the options that every command has."""
    overrides: dict[str, Any] = {} if home is None else {"home": str(home)}
    if user:
        overrides["user"] = user
    context.obj = load_settings(config, overrides)


def main() -> None:
    """Run the command that the arguments name."""
    try:
        app(standalone_mode=True)
    except VultusError as error:
        err.print(Text.assemble(("Error:", "red"), f" {plain(error.message)}"), soft_wrap=True)
        sys.exit(1)
