"""``vultus show``: one person, whole."""

from typing import Annotated

import msgspec
import typer
from rich.table import Table

from vultus.cli.console import out
from vultus.cli.options import AsJSON, Dataset, Project, chosen
from vultus.cli.people import list_people
from vultus.cli.session import Session, open_session
from vultus.config import Settings
from vultus.errors import InvalidArgument, ResourceNotFound
from vultus.model import FigureCluster, File


def show(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help="Id of a person, or its beginning.")],
    project: Project = "",
    dataset: Dataset = "",
    as_json: AsJSON = False,
) -> None:
    """Show a person as BatchGetFigureCluster answers it."""
    settings: Settings = context.obj
    where = chosen(settings, project, dataset)
    with open_session(settings) as session:
        answer = session.call(
            "BatchGetFigureCluster",
            ProjectName=where[0],
            DatasetName=where[1],
            ObjectIds=[_whole_id(session, id_, *where)],
        )
    if as_json:
        out.print_json(msgspec.json.encode(answer).decode())
    else:
        for person in answer.figure_clusters:
            out.print(person_table(person))


def _whole_id(session: Session, beginning: str, project: str, dataset: str) -> str:
    """The one id that begins so, with or without the word ``Cluster-``."""
    ids = [str(person.object_id) for person in list_people(session, project, dataset)]
    fitting = [each for each in ids if each.startswith((beginning, f"Cluster-{beginning}"))]
    if len(fitting) > 1:
        raise InvalidArgument(f"{len(fitting)} people have an id that begins with {beginning}; give more of it.")
    if not fitting:
        raise ResourceNotFound(f"figure cluster {beginning}")
    return fitting[0]


def person_table(person: FigureCluster) -> Table:
    """Return what is known of a person, a row each."""
    fields = msgspec.to_builtins(person)
    cover = msgspec.json.decode(msgspec.json.encode(person.cover), type=File) if person.cover else File()
    fields.pop("Cover", None)
    table = Table(show_header=False, box=None)
    for name, value in fields.items():
        table.add_row(f"[bold]{name}[/]", str(value))
    if cover.uri:
        table.add_row("[bold]Cover[/]", f"{cover.uri} ({cover.image_width} x {cover.image_height})")
        face = cover.figures[0].boundary if cover.figures else None
        if face:
            table.add_row(
                "[bold]Cover face[/]", f"{face.width} x {face.height} pixels at left {face.left}, top {face.top}"
            )
    return table
