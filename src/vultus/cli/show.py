"""``vultus show``: one person, whole."""

from typing import Annotated

import msgspec
import typer

from vultus.cli.console import out
from vultus.cli.ids import person_id
from vultus.cli.listing import Facts
from vultus.cli.options import AsJSON, Dataset, Project, chosen
from vultus.cli.session import open_session
from vultus.config import Settings
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
            ObjectIds=[person_id(session, id_, *where)],
        )
    if as_json:
        out.print_json(msgspec.json.encode(answer).decode())
    else:
        for person in answer.figure_clusters:
            out.print(person_table(person))


def person_table(person: FigureCluster) -> Facts:
    """Return what is known of a person, a row each."""
    fields = msgspec.json.decode(msgspec.json.encode(person))
    cover = msgspec.convert(fields.pop("Cover", {}), File)
    table = Facts()
    for name, value in fields.items():
        table.add(name, str(value))
    if cover.uri:
        table.add("Cover", f"{cover.uri} ({cover.image_width} x {cover.image_height})")
        face = cover.figures[0].boundary if cover.figures else None
        if face:
            table.add("Cover face", f"{face.width} x {face.height} pixels at left {face.left}, top {face.top}")
    return table
