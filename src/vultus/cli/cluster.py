"""``vultus cluster``: faces into people."""

import msgspec
import typer

from vultus.cli.console import err, out
from vultus.cli.options import AsJSON, Dataset, Project, chosen
from vultus.cli.people import list_people, people_table
from vultus.cli.session import Session, open_session
from vultus.cli.work import follow, working
from vultus.config import Settings
from vultus.errors import VultusError
from vultus.model import FigureCluster

TASK_TYPE = "FaceClustering"
LONELY = "good enough, but too few others are like it"


class TaskFailed(VultusError):
    """A task that ended badly; the message is its own."""


def cluster(context: typer.Context, project: Project = "", dataset: Dataset = "", as_json: AsJSON = False) -> None:
    """Group the faces of a dataset into people. Who has been found stays; new faces join or found."""
    settings: Settings = context.obj
    where = chosen(settings, project, dataset)
    with open_session(settings) as session:
        found = cluster_dataset(session, *where)
        hints = [] if found else explain(session, *where)
    if as_json:
        out.print_json(msgspec.json.encode(found).decode())
    elif found:
        out.print(people_table(found))
        out.print("Next: [bold]vultus show ID[/], or [bold]vultus serve[/] for the API.")
    else:
        tell_why_nobody(hints, settings)


def cluster_dataset(session: Session, project: str, dataset: str) -> list[FigureCluster]:
    """Run a clustering task to its end and return the people.

    Raises:
        TaskFailed: the task ended badly.
    """
    session.call("GetDataset", ProjectName=project, DatasetName=dataset)
    task = session.call("CreateFigureClusteringTask", ProjectName=project, DatasetName=dataset).task_id

    def percent() -> int:
        state = session.call("GetTask", ProjectName=project, TaskId=task, TaskType=TASK_TYPE)
        if state.status == "Failed":
            raise TaskFailed(state.message)
        return 100 if state.status == "Succeeded" else min(state.progress or 0, 99)

    with working(session):
        follow("Grouping", "%", 100, percent)
    return list_people(session, project, dataset)


def explain(session: Session, project: str, dataset: str, limit: int = 12) -> list[tuple[str, str]]:
    """Return, for the first faces, where they are and why they found nobody."""
    answer = session.call("ExplainFigures", "vultus", ProjectName=project, DatasetName=dataset, MaxResults=limit)
    return [(each.uri.rpartition("/")[2], "; ".join(each.reasons) or LONELY) for each in answer.figures]


def tell_why_nobody(hints: list[tuple[str, str]], settings: Settings) -> None:
    """Say what each face lacks for founding a person."""
    if not hints:
        err.print("There are no faces yet. Index photos first: [bold]vultus index DIR[/].")
        return
    need = settings.people
    err.print(
        f"Nobody was found: a person takes {need.founding_faces} faces that are alike, larger than "
        f"{need.founding_side} pixels, turned less than {need.founding_angle:.0f} degrees and of a quality over "
        f"{need.founding_quality}. The faces here:",
        highlight=False,
    )
    for name, reason in hints:
        err.print(f"  {name}: {reason}", markup=False, highlight=False)
