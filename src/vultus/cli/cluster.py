"""``vultus cluster``: faces into people."""

from dataclasses import dataclass, field
from typing import Annotated

import msgspec
import typer

from vultus.cli.console import counted, err, out, plain
from vultus.cli.options import AsJSON, Dataset, Project, chosen
from vultus.cli.people import list_people, people_table
from vultus.cli.proposal import show_proposal
from vultus.cli.run import run_task
from vultus.cli.session import Session, open_session
from vultus.config import Settings
from vultus.operations.progress import RunReport, TaskProgress

LONELY = "good enough, but too few others are like it"


def cluster(
    context: typer.Context,
    full: Annotated[bool, typer.Option("--full", help="Look at all faces anew, not only at the new ones.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --full: print what would change, and change nothing.")
    ] = False,
    project: Project = "",
    dataset: Dataset = "",
    as_json: AsJSON = False,
) -> None:
    """Group the faces of a dataset into people. Who has been found stays; new faces join or found.

    Ctrl-C cancels the run: nothing is changed then. A full run may join and divide people whom nobody has named,
    merged or otherwise formed.
    """
    if dry_run and not full:
        raise typer.BadParameter("A dry run is of a full run: add --full.", param_hint="--dry-run")
    settings: Settings = context.obj
    where = chosen(settings, project, dataset)
    with open_session(settings) as session:
        if dry_run:
            show_proposal(session, *where, as_json=as_json)
            return
        task = run_clustering(session, *where, full=full)
        found = list_people(session, *where)
        hints = Hints() if found else explain(session, *where)
    if as_json:
        out.print_json(msgspec.json.encode(found).decode())
    elif found:
        out.print(people_table(found))
    if isinstance(task.report, RunReport):
        err.print(report_text(task.report), highlight=False, soft_wrap=True)
    if as_json:
        return
    if found:
        out.print("Next: [bold]vultus show ID[/], or [bold]vultus serve[/] for the API.")
    else:
        tell_why_nobody(hints, settings)


def run_clustering(session: Session, project: str, dataset: str, *, full: bool = False) -> TaskProgress:
    """Run a clustering task to its end and return it.

    Raises:
        TaskFailed: the task ended badly.
    """
    if full:
        return run_task(session, "CreateFullFigureClusteringTask", "vultus", project, dataset)
    return run_task(session, "CreateFigureClusteringTask", "imm", project, dataset)


def report_text(report: RunReport) -> str:
    """Return what a run did, and why it left faces alone, in words."""
    did = [
        (report.attached_figures, "joined people who were there"),
        (report.placed_figures, f"founded {counted(report.created_figure_clusters, 'new person', 'new people')}"),
        (report.released_figures, "left the people they were with"),
    ]
    said = [f"{number:,} {what}" for number, what in did if number]
    if report.joined_figure_clusters:
        said.append(f"{counted(report.joined_figure_clusters, 'person', 'people')} became part of another")
    faces = counted(report.figures, "face", "faces")
    told = f"Looked at {faces}: {', '.join(said) or 'nothing has changed'}."
    if report.alone_figures:
        most_first = sorted(report.skipped.items(), key=lambda each: (-each[1], each[0]))
        why = ", ".join(f"{number:,} {reason}" for reason, number in most_first)
        told += f" Of nobody: {counted(report.alone_figures, 'face', 'faces')} ({why})."
    return told


@dataclass(frozen=True, slots=True)
class Hints:
    """Why faces found nobody."""

    first: list[tuple[str, str]] = field(default_factory=list)  # of the first faces, where each is and why
    faces: int = 0  # all there are


def explain(session: Session, project: str, dataset: str, limit: int = 12) -> Hints:
    """Return, for the first faces of a dataset, where they are and why they found nobody."""
    where = {"ProjectName": project, "DatasetName": dataset}
    figures = session.call("ExplainFigures", "vultus", **where, MaxResults=limit).figures
    first = [(each.uri.rpartition("/")[2], "; ".join(each.reasons) or LONELY) for each in figures]
    return Hints(first, session.call("GetProgress", "vultus", **where).figures)


def tell_why_nobody(hints: Hints, settings: Settings) -> None:
    """Say what each face lacks for founding a person."""
    if not hints.first:
        err.print("There are no faces yet. Index photos first: [bold]vultus index DIR[/].")
        return
    need = settings.people
    err.print(
        f"Nobody was found: a person takes {need.founding_faces} faces that are alike, larger than "
        f"{need.founding_side} pixels, turned less than {need.founding_angle:.0f} degrees and of a quality over "
        f"{need.founding_quality}. The faces here:",
        highlight=False,
    )
    for name, reason in hints.first:
        err.print(plain(f"  {name}: {reason}"), markup=False, highlight=False)
    if hints.faces > len(hints.first):
        err.print(f"  ... and {hints.faces - len(hints.first):,} more: [bold]vultus faces[/]", highlight=False)
