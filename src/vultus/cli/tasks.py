"""``vultus tasks`` and ``vultus cancel``: what runs, how far it is, and an end to it."""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
import typer

from vultus.cli.cluster import report_text
from vultus.cli.console import WIDE, err, out, plain
from vultus.cli.listing import Listing, stacked, whole
from vultus.cli.options import AsJSON, Project, chosen
from vultus.cli.run import PHASES
from vultus.cli.session import Session, open_session
from vultus.config import Settings
from vultus.errors import InvalidArgument, ResourceNotFound
from vultus.model import TaskInfo
from vultus.operations.progress import RunReport, TaskProgress

TELLING = 13  # characters of a task's id, after the name of its operation, that tell it from others


def tasks(
    context: typer.Context,
    last: Annotated[int, typer.Option("--last", "-n", min=1, max=100, help="How many, the latest first.")] = 20,
    project: Project = "",
    as_json: AsJSON = False,
) -> None:
    """List the tasks of a project: what runs and how far it is, and what has ended. They are kept for seven days."""
    settings: Settings = context.obj
    name, _ = chosen(settings, project, "")
    with open_session(settings) as session:
        listed = session.call("ListTasks", ProjectName=name, Sort="StartTime", Order="desc", MaxResults=last).tasks
        found = [_progress(session, name, str(task.task_id)) for task in listed]
    if as_json:
        out.print_json(msgspec.json.encode(found).decode())
    elif not found:
        err.print("Nothing was asked for yet.")
    else:
        out.print(_table(found))


def cancel(
    context: typer.Context,
    id_: Annotated[
        str, typer.Argument(metavar="TASK", help="Id of a task, or its beginning; the one that runs when left out.")
    ] = "",
    project: Project = "",
) -> None:
    """Cancel a task that runs: the work that nobody else waits for is broken off, and nothing of it is kept."""
    settings: Settings = context.obj
    name, _ = chosen(settings, project, "")
    with open_session(settings) as session:
        task_id = _running(session, name, id_)
        session.call("CancelTask", "vultus", ProjectName=name, TaskId=task_id)
    out.print(f"Cancelled: {plain(task_id)}", markup=False, highlight=False, soft_wrap=True)


def _running(session: Session, project: str, beginning: str) -> str:
    """The one task that runs, of those whose id begins so."""
    found = [str(task.task_id) for task in _all_running(session, project)]
    # Ids begin with the name of the operation; what follows tells them apart.
    found = [each for each in found if each.startswith(beginning) or each.partition("-")[2].startswith(beginning)]
    if len(found) > 1:
        raise InvalidArgument(f"{len(found)} tasks run whose id begins with {beginning!r}; give more of it.")
    if not found:
        raise ResourceNotFound(f"running task {beginning}".rstrip())
    return found[0]


def _all_running(session: Session, project: str) -> Iterator[TaskInfo]:
    token = ""
    while True:
        asked: dict[str, Any] = {"NextToken": token} if token else {}
        page = session.call("ListTasks", ProjectName=project, Status="Running", **asked)
        yield from page.tasks
        token = page.next_token or ""
        if not token:
            return


def _progress(session: Session, project: str, task_id: str) -> TaskProgress:
    answer: TaskProgress = session.call("GetTaskProgress", "vultus", ProjectName=project, TaskId=task_id).task
    return answer


def _table(found: list[TaskProgress]) -> Listing:
    """The tasks, a row each; in a narrow terminal the beginning of an id, which `vultus cancel` takes, is below it."""
    wide = out.width >= WIDE
    table = Listing("Task" if wide else whole("Task"), "Started", whole("Status"), "What")
    for each in found:
        date, _, time = str(each.start_time)[:19].partition("T")
        kind, _, rest = str(each.task_id).partition("-")
        task = str(each.task_id) if wide else stacked(kind, rest[:TELLING])
        table.add(task, f"{date} {time}" if wide else stacked(date, time), str(each.status), _what(each))
    return table


def _what(task: TaskProgress) -> str:
    if task.status == "Failed":
        return str(task.message or "")
    if task.status == "Succeeded":
        return report_text(task.report) if isinstance(task.report, RunReport) else ""
    count = f", {task.done:,}/{task.total:,}" if task.total and task.total > 1 else ""
    return f"{task.progress} %: {PHASES.get(task.phase or '', task.phase or '')}{count}"
