"""``vultus models``: the model files, where they come from, and whether they are as they should be."""

from typing import Annotated, Any

import msgspec
import typer
from rich.filesize import decimal
from rich.text import Text

from vultus.cli.console import WIDE, err, out, plain
from vultus.cli.listing import Listing, stacked, whole
from vultus.cli.options import AsJSON, Dataset, Project, chosen
from vultus.cli.pull import pull_with_progress
from vultus.cli.run import follow_task
from vultus.cli.session import open_session
from vultus.cli.work import keep
from vultus.vision.models.model import ModelFile
from vultus.vision.models.store import ModelStore

app = typer.Typer(help="The model files that faces are found and compared with.", no_args_is_help=True)
Ids = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="Models or files; by default those that are used.")
]


class Row(msgspec.Struct, rename="pascal"):
    """A model file as ``vultus models list --json`` prints it."""

    id: str
    models: list[str]
    file: str
    bytes: int
    sha256: str
    licence: str
    origin: str
    sources: list[str]
    used: bool
    present: bool


@app.command("list")
def list_models(context: typer.Context, as_json: AsJSON = False) -> None:
    """List the model files that are known, and whether they are here."""
    store = ModelStore(context.obj)
    used = {entry.id for entry in store.entries}
    rows = [_row(store, entry, entry.id in used) for entry in store.models.files]
    if as_json:
        out.print_json(msgspec.json.encode(rows).decode())
        return
    out.print(_table(rows))


@app.command("pull")
def pull(context: typer.Context, ids: Ids = None) -> None:
    """Fetch the files that are missing; what is here and good stays."""
    store = ModelStore(context.obj)
    pull_with_progress(store, ids)
    err.print(f"The models are in {plain(str(store.folder))}.", markup=False, highlight=False, soft_wrap=True)


@app.command("verify")
def verify(context: typer.Context, ids: Ids = None) -> None:
    """Read every file again and compare its SHA-256; exit with 1 when one is missing or damaged."""
    verdicts = ModelStore(context.obj).verify(ids)
    for verdict in verdicts:
        out.print(f"{verdict.state:<8} {verdict.file.file}", markup=False, highlight=False)
    if any(verdict.state != "good" for verdict in verdicts):
        raise typer.Exit(1)


@app.command("use")
def use(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Id of a model, as pair-192 or mobilefacenet-192.")],
    skip_missing: Annotated[
        bool, typer.Option("--skip-missing", help="Change also when files cannot be read; their faces stay.")
    ] = False,
    project: Project = "",
    dataset: Dataset = "",
    as_json: AsJSON = False,
) -> None:
    """Have a dataset compare its faces with another model; people, names and decisions stay.

    Every file is read again, while the dataset goes on working with the model that it has. Ctrl-C leaves off: run the
    command again to go on, or let the workers of vultus serve. New datasets have the model of the settings.
    """
    where = chosen(context.obj, project, dataset)
    named: dict[str, Any] = {"ProjectName": where[0], "DatasetName": where[1]}
    with open_session(context.obj) as session:
        session.call("GetDataset", **named)
        asked = session.call("UseEmbeddingModel", "vultus", Model=model, SkipMissing=skip_missing, **named)
        pull_with_progress(ModelStore(context.obj), [model])
        task = follow_task(session, {"ProjectName": where[0], "TaskId": asked.task_id}, keep)
    if as_json:
        out.print_json(msgspec.json.encode(task).decode())
        return
    out.print(plain(f"{where[1]} compares its faces with {model}."), markup=False, highlight=False)
    out.print("Next: [bold]vultus cluster[/] looks again at faces that belong to nobody.")


def _table(rows: list[Row]) -> Listing:
    """The files, a row each; in a narrow terminal models are below their file, and its source below its licence."""
    wide = out.width >= WIDE
    heads = ("Model", "Size", "Here", "Licence", "Source") if wide else ("Size", "Here", "Licence, source")
    table = Listing(whole("File" if wide else "File, model"), *heads)
    for row in rows:
        models, size, sources = ", ".join(row.models), decimal(row.bytes), ", ".join(row.sources)
        here = "yes" if row.present else "no" if row.used else "not used"
        if wide:
            table.add(row.file, models, size, here, row.licence, sources)
        else:
            below = (Text(each, "dim") for each in row.models)
            table.add(stacked(row.file, *below), size, here, stacked(row.licence, Text(sources, "dim")))
    return table


def _row(store: ModelStore, entry: ModelFile, used: bool) -> Row:
    return Row(
        id=entry.id,
        models=[model.id for model in store.models.every if entry.id in store.models.file_ids(model.id)],
        file=entry.file,
        bytes=entry.bytes,
        sha256=entry.sha256,
        licence=entry.licence,
        origin=entry.origin,
        sources=[str(source) for source in entry.sources],
        used=used,
        present=store.present(entry.id),
    )
