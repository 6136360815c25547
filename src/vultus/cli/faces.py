"""``vultus faces``: the faces of a dataset or of a person, with the ids that decisions name."""

from typing import Annotated

import msgspec
import typer
from rich.table import Column, Table

from vultus.cli.console import err, out
from vultus.cli.decide import desk
from vultus.cli.ids import pages
from vultus.cli.options import AsJSON, Dataset, Project


def faces(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help="Only those of this person; id, or its beginning.")] = "",
    project: Project = "",
    dataset: Dataset = "",
    as_json: AsJSON = False,
) -> None:
    """List faces: where each is, whose it is, and what it lacks for founding a person."""
    with desk(context, project, dataset) as at:
        person = at.person(id_) if id_ else ""
        rows = pages(at.session, "ExplainFigures", "figures", at.project, at.dataset)
        found = [each for each in rows if not person or each.figure_cluster_id == person]
    if as_json:
        out.print_json(msgspec.json.encode(found).decode())
        return
    if not found:
        err.print("There are no faces yet. Index photos first: [bold]vultus index DIR[/].")
        return
    table = Table(Column("Face", no_wrap=True), "Photo", "Person", "Lacks", header_style="bold")
    for each in found:
        owner = each.figure_cluster_id.removeprefix("figure-cluster-id-")
        table.add_row(each.figure_id, each.uri.rpartition("/")[2], owner, "; ".join(each.reasons))
    out.print(table)
