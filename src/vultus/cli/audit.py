"""``vultus audit``: whether what is known of faces and people is true."""

from typing import Annotated

import msgspec
import typer

from vultus.cli.console import out, plain
from vultus.cli.decide import desk
from vultus.cli.options import AsJSON, Dataset, Project

SHOWN = 5  # ids of a fault


def audit(
    context: typer.Context,
    fix: Annotated[bool, typer.Option("--fix", help="Repair what is wrong.")] = False,
    project: Project = "",
    dataset: Dataset = "",
    as_json: AsJSON = False,
) -> None:
    """Check counts, covers, embeddings and decisions; exit with 1 when something is wrong and not repaired."""
    with desk(context, project, dataset) as at:
        faults = at.call("RepairDataset" if fix else "AuditDataset").faults
    if as_json:
        out.print_json(msgspec.json.encode(faults).decode())
    elif not faults:
        out.print("All is as it should be.")
    for each in [] if as_json else faults:
        more = f" and {len(each.ids) - SHOWN} more" if len(each.ids) > SHOWN else ""
        told = f"{'Repaired' if fix else 'Broken'}: {each.rule} {', '.join(each.ids[:SHOWN])}{more}"
        out.print(plain(told), markup=False, soft_wrap=True)
    if faults and not fix:
        raise typer.Exit(1)
