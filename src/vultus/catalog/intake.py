"""Intake: files that callers hand in become rows of a dataset, which holds no more of them than it may."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import UNSET
from sqlalchemy import Connection, bindparam, func, insert, select, update

from vultus.catalog import schema
from vultus.catalog.database import batches
from vultus.catalog.datasets import DatasetRow
from vultus.catalog.file_documents import describe
from vultus.catalog.identifier import file_object_id
from vultus.catalog.projects import LIMITS
from vultus.errors import LimitExceeded, ResourceNotFound
from vultus.model import InputFile, moment

_files = schema.files.c
_SET = update(schema.files).where(_files.id == bindparam("row"))
_said = msgspec.json.Decoder(InputFile)


def object_id_of(dataset: DatasetRow, uri: str) -> str:
    """The object id of a file of a dataset."""
    return file_object_id(dataset.owner_id, dataset.project_name, dataset.name, uri)


def by_object_id(dataset: DatasetRow, inputs: Sequence[InputFile]) -> dict[str, InputFile]:
    """What is said of each file, by its object id; of two with one URI, the later has the last word."""
    said: dict[str, InputFile] = {}
    for given in inputs:
        object_id = object_id_of(dataset, str(given.uri))
        said[object_id] = said_last(said[object_id], given) if object_id in said else given
    return said


def said_last(before: InputFile, given: InputFile) -> InputFile:
    """What was said of a file before, with what is said now; what is unset now stays."""
    values = msgspec.structs.asdict(given)
    return msgspec.structs.replace(before, **{name: value for name, value in values.items() if value is not UNSET})


def take_in(connection: Connection, dataset: DatasetRow, said: Mapping[str, InputFile]) -> dict[str, int]:
    """Make rows for the files that are new, and put into all of them what is said of them.

    Returns:
        The row of each object id, in their order.

    Raises:
        ResourceNotFound: the dataset is gone.
        LimitExceeded: the dataset would hold more files than it may.
    """
    _hold(connection, dataset)
    _insert_new(connection, dataset, said)
    return _accept(connection, said)


def _hold(connection: Connection, dataset: DatasetRow) -> None:
    """Keep the dataset from being deleted while files go in, and other files from going in at the same time."""
    row = select(schema.datasets.c.id).where(schema.datasets.c.id == dataset.id)
    if connection.scalar(row.with_for_update(key_share=True)) is None:
        raise ResourceNotFound("dataset")


def _insert_new(connection: Connection, dataset: DatasetRow, said: Mapping[str, InputFile]) -> None:
    """Make rows for the files that are new, in the order in which they were given."""
    known: set[str] = set()
    locked = select(_files.object_id).order_by(_files.object_id).with_for_update(key_share=True)
    for keys in batches(sorted(said)):
        known.update(connection.scalars(locked.where(_files.object_id.in_(keys))))
    new = [object_id for object_id in said if object_id not in known]
    _check_room(connection, dataset, len(new))
    now = moment.now()
    if new:
        rows = [_new_row(dataset, object_id, str(said[object_id].uri), now) for object_id in new]
        connection.execute(insert(schema.files), rows)


def _check_room(connection: Connection, dataset: DatasetRow, new: int) -> None:
    _check_size(connection, dataset, new)
    limit = dataset.dataset_max_file_count
    # Ids are never given twice, so the highest is at least the number of files: mostly there is nothing to count.
    highest = connection.scalar(select(func.max(_files.id))) or 0
    if not new or highest + new <= limit:
        return
    held = connection.scalar(select(func.count()).where(_files.dataset_id == dataset.id)) or 0
    if held + new > limit:
        raise LimitExceeded(
            f"The dataset {dataset.name} holds {held} files and may hold {limit}; {new} more were given."
        )


def _check_size(connection: Connection, dataset: DatasetRow, new: int) -> None:
    limit = dataset.dataset_max_total_file_size
    if not new or limit >= LIMITS["dataset_max_total_file_size"]:  # 90 petabytes: no use in adding up
        return
    held = connection.scalar(select(func.sum(_files.size)).where(_files.dataset_id == dataset.id)) or 0
    if held >= limit:
        raise LimitExceeded(f"The dataset {dataset.name} holds files of {held} bytes and may hold {limit}.")


def _new_row(dataset: DatasetRow, object_id: str, uri: str, now: int) -> dict[str, object]:
    return {
        "dataset_id": dataset.id,
        "object_id": object_id,
        "uri": uri,
        "status": "Pending",
        "reason": "",
        "document": "{}",
        "input": "{}",
        "media_type": "",
        "size": 0,
        "version": "",
        "recipe": "",
        "model": "",
        "create_time": now,
        "update_time": now,
    }


def _accept(connection: Connection, said: Mapping[str, InputFile]) -> dict[str, int]:
    """Put what the caller says into the rows; return the row of each object id, in their order."""
    columns = ("id", "object_id", "uri", "input", "version", "document", "custom_id", "custom_labels")
    query = select(*(_files[name] for name in columns))
    ids: dict[str, int] = {}
    changes: list[dict[str, object]] = []
    now = moment.now()
    for keys in batches(list(said)):
        for row in connection.execute(query.where(_files.object_id.in_(keys))):
            given = said[row.object_id]
            told = said_last(_said.decode(row.input), given)
            told = msgspec.structs.replace(told, uri=UNSET, figures=UNSET, custom_id=UNSET, custom_labels=UNSET)
            labels = given.custom_labels
            change = {
                "row": row.id,
                "status": "Pending",
                "reason": "",
                "input": msgspec.json.encode(told).decode(),
                "document": row.document if row.version else describe(row.uri, told),
                "custom_id": row.custom_id if given.custom_id is UNSET else given.custom_id,
                "custom_labels": row.custom_labels if labels is UNSET else msgspec.json.encode(labels).decode(),
                "update_time": now,
            }
            ids[row.object_id] = row.id
            changes.append(change)
    if changes:
        connection.execute(_SET, changes)
    return {object_id: ids[object_id] for object_id in said}
