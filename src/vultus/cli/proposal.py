"""What a full run would change, for people to read before they let it."""

from collections.abc import Iterator

import msgspec
from rich.table import Column

from vultus.cli.console import err, out
from vultus.cli.listing import Listing
from vultus.cli.people import SHORT
from vultus.cli.run import run_task
from vultus.cli.session import Session
from vultus.operations.full_clustering import GetFigureClusteringProposalResponse, ProposedPerson

SHOWN = 50  # changes told one by one

Change = tuple[str, str, int]  # what, whom, how many faces


def show_proposal(session: Session, project: str, dataset: str, *, as_json: bool) -> None:
    """Find out what a full run would change, and print it."""
    task = run_task(session, "CreateFigureClusteringProposalTask", "vultus", project, dataset)
    asked = {"ProjectName": project, "DatasetName": dataset, "TaskId": task.task_id}
    proposal: GetFigureClusteringProposalResponse = session.call("GetFigureClusteringProposal", "vultus", **asked)
    if as_json:
        out.print_json(msgspec.json.encode(proposal).decode())
        return
    changes = list(_changes(proposal))
    if not changes:
        out.print("A full run would change nothing.")
        return
    out.print(_table(changes[:SHOWN]))
    if len(changes) > SHOWN:
        out.print(f"... and {len(changes) - SHOWN} changes more; --json tells all.", highlight=False)
    err.print(
        f"Of {proposal.figures:,} faces, {sum(proposal.skipped.values()):,} would belong to nobody. Nothing was "
        "changed; [bold]vultus cluster --full[/] does it.",
        highlight=False,
    )


def _changes(proposal: GetFigureClusteringProposalResponse) -> Iterator[Change]:
    """Those that concern people who are there come first."""
    for join in sorted(proposal.join, key=lambda each: -each.figures):
        yield "join", f"{_person(join.from_)} becomes part of {_person(join.to)}", join.figures
    for split in sorted(proposal.split, key=lambda each: -each.figures):
        rest = split.figures - split.placed_figures
        where = f"{split.placed_figures:,} to other people, {rest:,} to nobody"
        yield "split", f"faces leave {_person(split.figure_cluster)}: {where}", split.figures
    for taken in sorted(proposal.attach, key=lambda each: -each.figures):
        yield "attach", f"{_person(taken.figure_cluster)} takes in faces of nobody", taken.figures
    for figures in proposal.create:
        yield "create", "a new person", figures


def _table(changes: list[Change]) -> Listing:
    table = Listing("Change", "What would happen", Column("Faces", justify="right"))
    for kind, what, figures in changes:
        table.add(kind, what, f"{figures:,}")
    return table


def _person(person: ProposedPerson) -> str:
    id_ = person.object_id[:SHORT]
    return f"{person.name} ({id_})" if person.name else id_
