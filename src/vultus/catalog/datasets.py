"""Datasets: files that are searched and clustered together."""

from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

import msgspec
from sqlalchemy import Select, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.catalog.lookup import Lookup
from vultus.catalog.memory import Memory
from vultus.errors import LimitExceeded, ResourceAlreadyExists, ResourceInUse, ResourceNotFound
from vultus.model import WorkflowParameter, moment

REMEMBERED = 1024  # datasets held while nothing is written

_LIMITS = (
    "dataset_max_bind_count",
    "dataset_max_file_count",
    "dataset_max_entity_count",
    "dataset_max_relation_count",
    "dataset_max_total_file_size",
)


class DatasetFields(TypedDict, total=False):
    """What a caller may say of a dataset."""

    description: str
    template_id: str
    dataset_max_bind_count: int
    dataset_max_entity_count: int
    dataset_max_file_count: int
    dataset_max_relation_count: int
    dataset_max_total_file_size: int
    workflow_parameters: list[WorkflowParameter]
    model: str


class DatasetRow(msgspec.Struct, frozen=True):
    """A dataset as it is stored, with the names that its files carry."""

    owner_id: str
    project_name: str
    id: int
    project_id: int
    name: str
    description: str
    template_id: str
    dataset_max_bind_count: int
    dataset_max_entity_count: int
    dataset_max_file_count: int
    dataset_max_relation_count: int
    dataset_max_total_file_size: int
    workflow_parameters: list[WorkflowParameter]
    model: str
    create_time: int
    update_time: int


class DatasetStatistics(msgspec.Struct, frozen=True):
    """What a dataset holds; sizes in bytes."""

    file_count: int
    total_size: int


_projects, _datasets = schema.projects.c, schema.datasets.c
_ID = DatasetRow.__struct_fields__.index("id")
_PARAMETERS = DatasetRow.__struct_fields__.index("workflow_parameters")
_OWN = DatasetRow.__struct_fields__[2:]
_COLUMNS = [_projects.owner_id, _projects.name.label("project_name"), *(_datasets[name] for name in _OWN)]
_parameters = msgspec.json.Decoder(list[WorkflowParameter])
_ROWS = select(*_COLUMNS).join_from(schema.datasets, schema.projects)
# The project comes first, so that one query tells which of the two is missing.
_NAMED = (
    select(*_COLUMNS)
    .select_from(schema.projects)
    .outerjoin(schema.datasets, (_datasets.project_id == _projects.id) & (_datasets.name == bindparam("dataset_name")))
    .where(_projects.name == bindparam("project_name"))
)
_FIND = Lookup(lambda _: _NAMED)


# What runs for a dataset goes with it; a task would otherwise run for ever.
_END_TASKS = (
    update(schema.tasks)
    .where(schema.tasks.c.dataset_id == bindparam("dataset"), schema.tasks.c.status == "Running")
    .values(status="Failed", code="ResourceNotFound", message="The dataset was deleted.", end_time=bindparam("moment"))
)

# Locked only by whoever settles it, and by one who reads it against a change, which others may do as well.
_THIS = _datasets.id == bindparam("row")
_SETTLE = update(schema.datasets).where(_THIS, _datasets.model == "").values(model=bindparam("settled"))
_SETTLED = select(_datasets.model).where(_THIS).with_for_update(read=True)


class Datasets:
    """The datasets of all projects."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._remembered: Memory[tuple[str, str], DatasetRow] = Memory(database, REMEMBERED)

    def find(self, project_name: str, dataset_name: str) -> DatasetRow:
        """Return a dataset by the names that callers use.

        Raises:
            ResourceNotFound: no such project, or no such dataset in it; the message says which.
        """
        names = (project_name, dataset_name)
        return self._remembered.recall([names], self._find)[names]

    def _find(self, asked: Sequence[tuple[str, str]]) -> dict[tuple[str, str], DatasetRow]:
        [(project_name, dataset_name)] = asked
        with self._database.snapshot() as snapshot:
            rows = _FIND.rows(snapshot, project_name=project_name, dataset_name=dataset_name)
        if not rows:
            raise ResourceNotFound("project")
        if rows[0][_ID] is None:
            raise ResourceNotFound("dataset")
        return {(project_name, dataset_name): _dataset(rows[0])}

    def get(self, project_id: int, name: str) -> DatasetRow:
        """Return a dataset of a project.

        Raises:
            ResourceNotFound: there is none of that name.
        """
        return self._one(_ROWS.where(_datasets.project_id == project_id, _datasets.name == name))

    def by_id(self, dataset_id: int) -> DatasetRow:
        """Return a dataset by its row.

        Raises:
            ResourceNotFound: it is gone.
        """
        return self._one(_ROWS.where(_datasets.id == dataset_id))

    def create(self, project_id: int, name: str, **fields: Unpack[DatasetFields]) -> DatasetRow:
        """Make a dataset. Limits that are not given are those of the project.

        Raises:
            ResourceNotFound: the project is gone.
            ResourceAlreadyExists: the project has one of that name.
            LimitExceeded: the project has as many as it may have.
        """
        now = moment.now()
        with self._database.writing() as connection:
            locked = select(schema.projects).where(_projects.id == project_id).with_for_update()
            project = connection.execute(locked).one_or_none()
            if project is None:
                raise ResourceNotFound("project")
            siblings = select(func.count()).where(_datasets.project_id == project_id)
            if (connection.scalar(siblings) or 0) >= project.project_max_dataset_count:
                raise LimitExceeded(
                    f"The project holds {project.project_max_dataset_count} datasets, as many as it may."
                )
            row: dict[str, object] = {"description": "", "template_id": "", "workflow_parameters": "[]", "model": ""}
            row |= {limit: getattr(project, limit) for limit in _LIMITS} | _stored(fields)
            row |= {"project_id": project_id, "name": name, "create_time": now, "update_time": now}
            try:
                with connection.begin_nested():
                    connection.execute(insert(schema.datasets), row)
            except IntegrityError:
                raise ResourceAlreadyExists("dataset") from None
            return self.get(project_id, name)

    def page(self, project_id: int, prefix: str = "", after: str = "", limit: int = 100) -> list[DatasetRow]:
        """List the datasets of a project by name.

        Args:
            project_id: the project.
            prefix: how their names begin.
            after: name of the last dataset of the page before.
            limit: how many, at most.
        """
        begins = func.substr(_datasets.name, 1, len(prefix)) == prefix
        found = _ROWS.where(_datasets.project_id == project_id, _datasets.name > after, begins)
        with self._database.reading() as connection:
            return [_dataset(row) for row in connection.execute(found.order_by(_datasets.name).limit(limit))]

    def update(self, project_id: int, name: str, **fields: Unpack[DatasetFields]) -> DatasetRow:
        """Change what is given and leave the rest.

        Raises:
            ResourceNotFound: there is none of that name.
        """
        with self._database.writing() as connection:
            dataset = self.get(project_id, name)
            changed = {**_stored(fields), "update_time": moment.now()}
            connection.execute(update(schema.datasets).where(_datasets.id == dataset.id), changed)
            return self.get(project_id, name)

    def settle_model(self, dataset_id: int, model: str) -> str:
        """Return the embedding model of a dataset: from now on ``model``, where it has none yet.

        In a transaction, it stays so until its end.

        Raises:
            ResourceNotFound: the dataset is gone.
        """
        with self._database.writing() as connection:
            connection.execute(_SETTLE, {"row": dataset_id, "settled": model})
            settled = connection.scalar(_SETTLED, {"row": dataset_id})
        if settled is None:
            raise ResourceNotFound("dataset")
        return str(settled)

    def delete(self, project_id: int, name: str) -> None:
        """Delete an empty dataset, with its jobs and its journal of decisions; its tasks that still run fail.

        Raises:
            ResourceNotFound: there is none of that name.
            ResourceInUse: it has files.
        """
        with self._database.writing() as connection:
            dataset = self.get(project_id, name)
            try:
                with connection.begin_nested():
                    connection.execute(_END_TASKS, {"dataset": dataset.id, "moment": moment.now()})
                    connection.execute(delete(schema.datasets).where(_datasets.id == dataset.id))
            except IntegrityError:
                raise ResourceInUse(f"The dataset {name} has files; delete their metadata first.") from None

    def statistics(self, dataset_id: int) -> DatasetStatistics:
        """Count what a dataset holds."""
        held = select(func.count(), func.coalesce(func.sum(schema.files.c.size), 0))
        with self._database.reading() as connection:
            count, size = connection.execute(held.where(schema.files.c.dataset_id == dataset_id)).one()
        return DatasetStatistics(count, int(size))

    def _one(self, query: Select[*tuple[Any, ...]]) -> DatasetRow:
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise ResourceNotFound("dataset")
        return _dataset(row)


def _stored(fields: DatasetFields) -> dict[str, object]:
    row: dict[str, object] = dict(fields)
    if "workflow_parameters" in fields:
        row["workflow_parameters"] = msgspec.json.encode(fields["workflow_parameters"]).decode()
    return row


def _dataset(row: Sequence[Any]) -> DatasetRow:
    values = list(row)
    values[_PARAMETERS] = _parameters.decode(values[_PARAMETERS])
    return DatasetRow(*values)
