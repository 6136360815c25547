"""A run in the foreground: its phases as they go by, and Ctrl-C that cancels it."""

import time
from collections.abc import Callable
from typing import Any

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from vultus.cli.console import err
from vultus.cli.session import Session
from vultus.cli.work import LOOK, working
from vultus.errors import InvalidArgument, VultusError
from vultus.operations.operation import Product
from vultus.operations.progress import TaskProgress

#: What people read while a phase lasts.
PHASES = {
    "": "Waiting for a worker",
    "Loading": "Loading faces",
    "Neighbours": "Looking for similar faces",
    "Evidence": "Weighing the evidence",
    "Partition": "Forming groups",
    "Merging": "Joining groups",
    "Planning": "Comparing with who is there",
    "Placing": "Placing faces",
    "Embedding": "Looking at faces again",
}


class TaskFailed(VultusError):
    """A task that ended badly; the message is its own."""


def run_task(session: Session, action: str, product: Product, project: str, dataset: str) -> TaskProgress:
    """Start a task, work on it in the foreground, and return it when it has ended well.

    Ctrl-C cancels it: nothing is changed then, unless it has just ended.

    Raises:
        TaskFailed: it ended badly.
    """
    session.call("GetDataset", ProjectName=project, DatasetName=dataset)
    task_id = session.call(action, product, ProjectName=project, DatasetName=dataset).task_id
    named = {"ProjectName": project, "TaskId": task_id}
    return follow_task(session, named, lambda: _cancel(session, named))


def follow_task(session: Session, named: dict[str, Any], break_off: Callable[[], str]) -> TaskProgress:
    """Work in the foreground until a task has ended well, and return it.

    Args:
        session: whose settings and catalog.
        named: the parameters that name the task.
        break_off: called at Ctrl-C; returns what to say.

    Raises:
        TaskFailed: it ended badly.
    """
    with working(session, break_off), _phases() as shown:
        bar = shown.add_task("", total=None, count="")
        while True:
            task: TaskProgress = session.call("GetTaskProgress", "vultus", **named).task
            if task.status == "Failed":
                raise TaskFailed(str(task.message))
            if task.status == "Succeeded":
                return task
            _show(shown, bar, task)
            time.sleep(LOOK)


def _cancel(session: Session, named: dict[str, Any]) -> str:
    try:
        session.call("CancelTask", "vultus", **named)
    except InvalidArgument:
        return "Broken off, but the run had just ended: what it found is kept."
    return "Broken off: the run is cancelled, and nothing was changed."


def _phases() -> Progress:
    """A line for the phase at hand, on standard error; without a terminal it prints nothing."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


def _show(shown: Progress, bar: TaskID, task: TaskProgress) -> None:
    done, total = task.done or 0, task.total or 0
    counted = total > 1  # a phase that cannot be counted is one of one
    shown.update(
        bar,
        description=f"{PHASES[task.phase or '']:<{max(map(len, PHASES.values()))}}",
        completed=done,
        total=total if counted else None,
        count=f"{done:,}/{total:,}" if counted else "",
    )
