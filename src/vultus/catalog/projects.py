"""Projects: datasets, their limits, and who may read what they name."""

from collections.abc import Iterator
from typing import Any, TypedDict, Unpack

import msgspec
from msgspec import UNSET
from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from vultus.catalog import schema
from vultus.catalog.account import Account
from vultus.catalog.database import Database
from vultus.errors import ResourceAlreadyExists, ResourceInUse, ResourceNotFound
from vultus.model import ProjectTags, moment

#: Limits of a project and of each of its datasets that says nothing else (IMM's own; bytes for the last).
LIMITS = {
    "project_max_dataset_count": 1_000_000_000,
    "dataset_max_bind_count": 10,
    "dataset_max_file_count": 100_000_000,
    "dataset_max_entity_count": 10_000_000_000,
    "dataset_max_relation_count": 100_000_000_000,
    "dataset_max_total_file_size": 90_000_000_000_000_000,
}


class ProjectFields(TypedDict, total=False):
    """What a caller may say of a project."""

    description: str
    service_role: str
    template_id: str
    project_max_dataset_count: int
    dataset_max_bind_count: int
    dataset_max_entity_count: int
    dataset_max_file_count: int
    dataset_max_relation_count: int
    dataset_max_total_file_size: int
    tags: list[ProjectTags]


class ProjectRow(msgspec.Struct, frozen=True):
    """A project as it is stored."""

    id: int
    owner_id: str
    name: str
    description: str
    service_role: str
    template_id: str
    project_max_dataset_count: int
    dataset_max_bind_count: int
    dataset_max_entity_count: int
    dataset_max_file_count: int
    dataset_max_relation_count: int
    dataset_max_total_file_size: int
    tags: list[ProjectTags]
    create_time: int
    update_time: int


class ProjectStatistics(msgspec.Struct, frozen=True):
    """What a project holds; sizes in bytes."""

    dataset_count: int
    file_count: int
    total_size: int


_COLUMNS = [schema.projects.c[name] for name in ProjectRow.__struct_fields__]
_tags = msgspec.json.Decoder(list[ProjectTags])


class Projects:
    """The projects of the account."""

    def __init__(self, database: Database, account: Account) -> None:
        self._database = database
        self._account = account

    def create(self, name: str, **fields: Unpack[ProjectFields]) -> ProjectRow:
        """Make a project. Limits that are not given are IMM's defaults.

        Raises:
            ResourceAlreadyExists: there is one of that name.
        """
        now = moment.now()
        row = {"description": "", "service_role": "", "template_id": "", "tags": "[]", **LIMITS, **_stored(fields)}
        with self._database.writing() as connection:
            row |= {"owner_id": self._account.ensure(), "name": name, "create_time": now, "update_time": now}
            try:
                with connection.begin_nested():
                    connection.execute(insert(schema.projects), row)
            except IntegrityError:
                raise ResourceAlreadyExists("project") from None
            return self.get(name)

    def get(self, name: str) -> ProjectRow:
        """Return a project.

        Raises:
            ResourceNotFound: there is none of that name.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(schema.projects.c.name == name)).one_or_none()
        if row is None:
            raise ResourceNotFound("project")
        return _project(row)

    def page(
        self, prefix: str = "", after: str = "", limit: int = 100, tags: list[ProjectTags] | None = None
    ) -> list[ProjectRow]:
        """List projects by name.

        Args:
            prefix: how their names begin.
            after: name of the last project of the page before.
            limit: how many, at most.
            tags: each is among the tags of the project; one without a value stands for any value.
        """
        wanted = tags or []
        found: list[ProjectRow] = []
        for project in self._after(prefix, after):
            if all(_carries(project, tag) for tag in wanted):
                found.append(project)
            if len(found) == limit:
                break
        return found

    def update(self, name: str, **fields: Unpack[ProjectFields]) -> ProjectRow:
        """Change what is given and leave the rest.

        Raises:
            ResourceNotFound: there is none of that name.
        """
        with self._database.writing() as connection:
            project = self.get(name)
            changed = {**_stored(fields), "update_time": moment.now()}
            connection.execute(update(schema.projects).where(schema.projects.c.id == project.id), changed)
            return self.get(name)

    def delete(self, name: str) -> None:
        """Delete an empty project.

        Raises:
            ResourceNotFound: there is none of that name.
            ResourceInUse: it has datasets.
        """
        with self._database.writing() as connection:
            project = self.get(name)
            try:
                with connection.begin_nested():
                    connection.execute(delete(schema.projects).where(schema.projects.c.id == project.id))
            except IntegrityError:
                raise ResourceInUse(f"The project {name} has datasets; delete them first.") from None

    def statistics(self, project_id: int) -> ProjectStatistics:
        """Count what a project holds."""
        datasets, files = schema.datasets.c, schema.files.c
        with self._database.reading() as connection:
            count = connection.scalar(select(func.count()).where(datasets.project_id == project_id))
            held = select(func.count(), func.coalesce(func.sum(files.size), 0))
            held = held.join_from(schema.datasets, schema.files).where(datasets.project_id == project_id)
            file_count, total_size = connection.execute(held).one()
        return ProjectStatistics(count or 0, file_count, int(total_size))

    def _after(self, prefix: str, after: str) -> Iterator[ProjectRow]:
        name = schema.projects.c.name
        with self._database.reading() as connection:
            found = select(*_COLUMNS).where(name > after, func.substr(name, 1, len(prefix)) == prefix).order_by(name)
            for row in connection.execute(found):
                yield _project(row)


def _carries(project: ProjectRow, wanted: ProjectTags) -> bool:
    same_key = (tag for tag in project.tags if tag.tag_key == wanted.tag_key)
    return any(wanted.tag_value in (UNSET, tag.tag_value) for tag in same_key)


def _stored(fields: ProjectFields) -> dict[str, object]:
    row: dict[str, object] = dict(fields)
    if "tags" in fields:
        row["tags"] = msgspec.json.encode(fields["tags"]).decode()
    return row


def _project(row: Row[*tuple[Any, ...]]) -> ProjectRow:
    values = row._asdict()
    return ProjectRow(**{**values, "tags": _tags.decode(values["tags"])})
