"""Tasks: work that callers asked for and come back to ask about."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.catalog.identifier import new_event_id, new_task_id
from vultus.catalog.label_index import has_label, label_index
from vultus.catalog.paging import Order, PageKey, Range, in_pages, within
from vultus.errors import InvalidArgument, ResourceNotFound
from vultus.model import moment

TaskStatus = Literal["Running", "Succeeded", "Failed"]

KEPT = 7 * 24 * 3600 * moment.SECOND  # nanoseconds after its start that a task is remembered (IMM)

CANCELLED = "TaskCancelled"  # code of a task that somebody cancelled; IMM has no status for it


class TaskRow(msgspec.Struct, frozen=True):
    """A task as it is stored."""

    id: int
    task_id: str
    project_id: int
    dataset_id: int | None
    task_type: str
    status: TaskStatus
    progress: int  # 0 to 100
    phase: str | None  # what it is doing at this moment; None before it begins
    done: int  # of the phase
    total: int  # of the phase
    report: str | None  # what came of it, JSON; None until it has ended, and where there is nothing to tell
    code: str  # of the error; empty without one
    message: str
    start_time: int
    end_time: int | None
    user_data: str
    tags: dict[str, Any] | None
    request: str  # the parameters of the request, JSON
    event_id: str


_tasks = schema.tasks.c
_COLUMNS = [_tasks[name] for name in TaskRow.__struct_fields__]
_SORTS: dict[str, ColumnElement[Any]] = {
    "": _tasks.task_id,
    "TaskId": _tasks.task_id,
    "StartTime": _tasks.start_time,
    "EndTime": func.coalesce(_tasks.end_time, 0),
}


class Tasks:
    """The tasks of all projects."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        project_id: int,
        dataset_id: int | None,
        task_type: str,
        *,
        action: str = "",
        user_data: str = "",
        tags: Mapping[str, object] | None = None,
        request: str = "{}",
    ) -> TaskRow:
        """Start a task; tasks whose time is over are forgotten.

        Args:
            project_id: where the task is looked for.
            dataset_id: what it works on, if one dataset.
            task_type: as GetTask names it.
            action: the operation that asked for it, whose name begins the task's id; the type when left out.
            user_data: whatever the caller wants to get back.
            tags: what ListTasks selects by.
            request: the parameters of the request, JSON.
        """
        row = {
            "task_id": new_task_id(action or task_type),
            "project_id": project_id,
            "dataset_id": dataset_id,
            "task_type": task_type,
            "status": "Running",
            "progress": 0,
            "code": "",
            "message": "",
            "start_time": moment.now(),
            "user_data": user_data,
            "tags": None if tags is None else msgspec.json.encode(tags).decode(),
            "label_index": label_index(tags or {}),
            "request": request,
            "event_id": new_event_id(),
        }
        with self._database.writing() as connection:
            past = (_tasks.status != "Running", _tasks.start_time < moment.now() - KEPT)
            connection.execute(delete(schema.tasks).where(*past))
            connection.execute(insert(schema.tasks), row)
            return self.get(project_id, str(row["task_id"]))

    def get(self, project_id: int, task_id: str, task_type: str | None = None) -> TaskRow:
        """Return a task of a project.

        Raises:
            ResourceNotFound: there is none of that id, or it is of another type.
        """
        found = select(*_COLUMNS).where(_tasks.project_id == project_id, _tasks.task_id == task_id)
        if task_type is not None:
            found = found.where(_tasks.task_type == task_type)
        return self._one(found)

    def by_id(self, row_id: int) -> TaskRow:
        """Return a task by its row.

        Raises:
            ResourceNotFound: it is gone.
        """
        return self._one(select(*_COLUMNS).where(_tasks.id == row_id))

    def page(
        self,
        project_id: int,
        sort: str = "",
        order: Order = "asc",
        *,
        task_types: Sequence[str] | None = None,
        status: TaskStatus | None = None,
        tag: tuple[str, str] | None = None,
        start_range: Range | None = None,
        end_range: Range | None = None,
        limit: int = 100,
        after: PageKey | None = None,
    ) -> tuple[list[TaskRow], PageKey | None]:
        """List the tasks of a project.

        Args:
            project_id: whose tasks.
            sort: ``TaskId``, ``StartTime`` or ``EndTime``; empty for TaskId. A task that runs has no end yet and
                comes before all that have.
            order: ``asc`` or ``desc``.
            task_types: only those.
            status: only that.
            tag: key and value of a tag, in any case.
            start_range: first and last moment of the start.
            end_range: first and last moment of the end.
            limit: how many, at most.
            after: where the page before ended.

        Returns:
            The tasks, and where the next page begins; None after the last.

        Raises:
            InvalidArgument: tasks cannot be sorted that way, or ``after`` is of another sort.
        """
        if sort not in _SORTS:
            raise InvalidArgument(f"Sort is {sort!r}; tasks are sorted by TaskId, StartTime or EndTime.")
        column = _SORTS[sort]
        query = select(*_COLUMNS, column.label("key")).where(_tasks.project_id == project_id)
        if task_types is not None:
            query = query.where(_tasks.task_type.in_(task_types))
        if status is not None:
            query = query.where(_tasks.status == status)
        if tag is not None:
            query = query.where(has_label(_tasks.label_index, *tag))
        query = query.where(*within(_tasks.start_time, start_range), *within(_tasks.end_time, end_range))
        query = in_pages(query, column, _tasks.id, order, after).limit(limit + 1)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        last = PageKey(rows[limit - 1].key, rows[limit - 1].id) if len(rows) > limit else None
        return [_task(row) for row in rows[:limit]], last

    def running(self, dataset_id: int, task_type: str) -> list[int]:
        """Return the rows of a dataset's tasks of a type that have not ended."""
        waiting = (_tasks.dataset_id == dataset_id, _tasks.task_type == task_type, _tasks.status == "Running")
        with self._database.reading() as connection:
            return list(connection.scalars(select(_tasks.id).where(*waiting).order_by(_tasks.id)))

    def advance(
        self, row_ids: Sequence[int], percent: int, phase: str | None = None, done: int = 0, total: int = 0
    ) -> None:
        """Say how far running tasks that share their work have come; the percentage never goes back.

        Args:
            row_ids: the tasks; those that have ended are passed over.
            percent: of the whole work; 0 to 100.
            phase: what is being done.
            done: how much of the phase is.
            total: how much of it there is.
        """
        running = update(schema.tasks).where(_tasks.id.in_(row_ids), _tasks.status == "Running")
        progress = max(0, min(percent, 100))
        furthest = case((_tasks.progress > progress, _tasks.progress), else_=progress)
        with self._database.writing() as connection:
            connection.execute(running.values(progress=furthest, phase=phase, done=done, total=total))

    def cancel(self, row_id: int, actor: str) -> bool:
        """End a running task because somebody no longer wants it; False when it has ended."""
        ended: dict[str, object] = {"end_time": moment.now(), "code": CANCELLED, "status": "Failed"}
        ended["message"] = f"The task was cancelled by {actor}."
        running = update(schema.tasks).where(_tasks.id == row_id, _tasks.status == "Running")
        with self._database.writing() as connection:
            return connection.execute(running.values(ended)).rowcount == 1

    def finish(self, row_id: int, code: str = "", message: str = "", report: str | None = None) -> None:
        """End a running task: with success and what came of it, JSON, or with the code and message of an error."""
        ended: dict[str, object] = {"end_time": moment.now(), "code": code, "message": message, "report": report}
        ended |= {"status": "Failed"} if code else {"status": "Succeeded", "progress": 100}
        running = update(schema.tasks).where(_tasks.id == row_id, _tasks.status == "Running")
        with self._database.writing() as connection:
            connection.execute(running.values(ended))

    def _one(self, query: Select[*tuple[Any, ...]]) -> TaskRow:
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise ResourceNotFound("task")
        return _task(row)


def _task(row: Row[*tuple[Any, ...]]) -> TaskRow:
    values = {name: getattr(row, name) for name in TaskRow.__struct_fields__}
    tags = None if values["tags"] is None else msgspec.json.decode(values["tags"])
    return TaskRow(**{**values, "tags": tags})
