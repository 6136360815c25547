"""Files: what callers hand in, and what indexing makes of it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Literal

import msgspec
from msgspec import UNSET
from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from vultus.catalog import schema
from vultus.catalog.cluster_refresh import refresh_clusters
from vultus.catalog.database import Database, batches
from vultus.catalog.datasets import DatasetRow
from vultus.catalog.figures import FileChange, IndexedFace, remove_figures, replace_figures
from vultus.catalog.file_documents import FileDocuments, describe
from vultus.catalog.heirs import Resemblance
from vultus.catalog.identifier import file_object_id
from vultus.catalog.job import index_job
from vultus.catalog.jobs import Jobs
from vultus.catalog.projects import LIMITS
from vultus.config import People
from vultus.errors import LimitExceeded, ResourceNotFound
from vultus.model import File, InputFile, moment

Status = Literal["Pending", "Indexing", "Indexed", "Failed"]


class FileRow(msgspec.Struct, frozen=True):
    """A file as it is stored, without its document."""

    id: int
    dataset_id: int
    object_id: str
    uri: str
    status: Status
    reason: str
    media_type: str
    size: int
    version: str  # ObjectFacts.version of the object it was indexed from; empty when it was not
    recipe: str  # what was looked for in it
    model: str  # embedding model of its faces; empty when it was not indexed
    create_time: int
    update_time: int


class FileName(msgspec.Struct, frozen=True):
    """A file, by name."""

    id: int  # row
    uri: str


class FileCounts(msgspec.Struct, frozen=True):
    """How many files there are in each status."""

    pending: int = 0
    indexing: int = 0
    indexed: int = 0
    failed: int = 0


class IndexedFile(msgspec.Struct, frozen=True, kw_only=True):
    """What indexing found."""

    document: File
    version: str  # ObjectFacts.version
    recipe: str = ""  # what was looked for; the file is read again when it is to be another
    model: str  # embedding model of the faces
    faces: list[IndexedFace] | None  # None where none were looked for: those that are known stay
    resemblance: Resemblance | None = None  # decides which faces were there before; without it, their place does


_files = schema.files.c
_COLUMNS = [_files[name] for name in FileRow.__struct_fields__]
_ROW = select(*_COLUMNS).where(_files.id == bindparam("file_id"))
_LOCKED = select(*_COLUMNS, _files.input, _files.document).where(_files.id == bindparam("file_id"))
_LOCKED = _LOCKED.with_for_update(key_share=True)
_SET = update(schema.files).where(_files.id == bindparam("row"))
_said = msgspec.json.Decoder(InputFile)


class Files:
    """The files of all datasets."""

    def __init__(self, database: Database, documents: FileDocuments, jobs: Jobs, gate: People) -> None:
        self._database = database
        self._documents = documents
        self._jobs = jobs
        self._gate = gate

    def submit(
        self, dataset: DatasetRow, inputs: Sequence[InputFile], payload: Mapping[str, object] | None = None
    ) -> list[int]:
        """Take files in, new ones or ones to be looked at again, and queue their indexing.

        What the caller says of a file is kept until another value is said. A file that is indexed already shows what
        was found until it is indexed anew.

        Args:
            dataset: where they go.
            inputs: each with a URI; of two with the same one, the later has the last word.
            payload: what the jobs carry; a job that waits already keeps its own.

        Returns:
            The row of each input's file.

        Raises:
            ResourceNotFound: the dataset is gone.
            LimitExceeded: the dataset would hold more files than it may; nothing is taken in.
        """
        said = _by_object_id(dataset, inputs)
        with self._database.writing() as connection:
            _hold(connection, dataset)
            _insert_new(connection, dataset, said)
            ids = _accept(connection, said)
            self._jobs.put_many(index_job(dataset.id, file_id, payload or {}) for file_id in ids.values())
        return [ids[_object_id(dataset, str(given.uri))] for given in inputs]

    def row(self, file_id: int) -> FileRow:
        """Return a file by its row.

        Raises:
            ResourceNotFound: it is gone.
        """
        with self._database.reading() as connection:
            found = connection.execute(_ROW, {"file_id": file_id}).one_or_none()
        if found is None:
            raise ResourceNotFound("file")
        return FileRow(*found)

    def by_uri(self, dataset: DatasetRow, uris: Sequence[str]) -> list[FileRow]:
        """Return the files of these URIs, in no order; unknown ones are left out."""
        keys = [_object_id(dataset, uri) for uri in uris]
        with self._database.reading() as connection:
            found = [_rows(connection, _files.object_id.in_(some)) for some in batches(keys)]
        return list(chain.from_iterable(found))

    def by_id(self, file_ids: Sequence[int]) -> list[FileRow]:
        """Return files by their rows, in no order; those that are gone are left out."""
        with self._database.reading() as connection:
            found = [_rows(connection, _files.id.in_(some)) for some in batches(file_ids)]
        return list(chain.from_iterable(found))

    def names(self, dataset: DatasetRow, after: int, most: int) -> list[FileName]:
        """Return the files of a dataset in the order of their rows: at most so many, of rows after a given one."""
        which = select(_files.id, _files.uri).where(_files.dataset_id == dataset.id, _files.id > after)
        with self._database.reading() as connection:
            return [FileName(*row) for row in connection.execute(which.order_by(_files.id).limit(most))]

    def begin(self, file_id: int) -> FileRow:
        """Say that a file is being indexed, and return it as it was.

        Raises:
            ResourceNotFound: it is gone.
        """
        with self._database.writing() as connection:
            row = self.row(file_id)
            connection.execute(_SET, {"row": file_id, "status": "Indexing"})
            return row

    def write(self, file_id: int, indexed: IndexedFile) -> None:
        """Store what indexing found: the document and its figures together, and the clusters they touch.

        A face that was there before, by its place and its looks, keeps its id, its cluster and what was said of it.

        Raises:
            ResourceNotFound: the file is gone.
        """
        with self._database.writing() as connection:
            row, said, before = _lock(connection, file_id)
            change = FileChange(file_id, row.dataset_id, _size(before), _size(indexed.document), indexed.resemblance)
            faces = indexed.faces
            touched = set() if faces is None else replace_figures(connection, change, indexed.model, faces)
            facts = {"version": indexed.version, "recipe": indexed.recipe, "model": indexed.model}
            _settle(connection, row, said, indexed.document, facts)
            refresh_clusters(connection, touched, self._gate)

    def keep(self, file_id: int) -> None:
        """Say that the object is as it was when it was indexed: only what the caller says of it may have changed.

        Raises:
            ResourceNotFound: the file is gone.
        """
        with self._database.writing() as connection:
            row, said, document = _lock(connection, file_id)
            _settle(connection, row, said, document, {})

    def update(self, dataset: DatasetRow, given: InputFile) -> None:
        """Change what the caller says of a file, without looking at its object again.

        Args:
            dataset: whose file.
            given: names it by its URI; what is unset stays, an empty custom id or map of labels clears.

        Raises:
            ResourceNotFound: the dataset has no such file.
        """
        by_id = select(_files.id, _files.custom_id, _files.custom_labels)
        by_id = by_id.where(_files.object_id == _object_id(dataset, str(given.uri)))
        with self._database.writing() as connection:
            found = connection.execute(by_id).one_or_none()
            if found is None:
                raise ResourceNotFound("file")
            row, said, document = _lock(connection, found.id)
            told = msgspec.structs.replace(
                _said_last(said, given), uri=UNSET, figures=UNSET, custom_id=UNSET, custom_labels=UNSET
            )
            labels = given.custom_labels
            change: dict[str, object] = {
                "row": row.id,
                "input": msgspec.json.encode(told).decode(),
                "document": describe(row.uri, told, document),
                "custom_id": found.custom_id if given.custom_id is UNSET else given.custom_id or None,
                "custom_labels": found.custom_labels if labels is UNSET else _json_or_none(labels),
                "update_time": moment.now(),
            }
            connection.execute(_SET, change)

    def fail(self, file_id: int, reason: str) -> None:
        """Say that a file cannot be indexed, and why.

        What was found of it before stays, faces and decisions with it: it may be half copied, or its disk be out of
        reach for a while, and nobody is to lose people by that. Once it can be read again it is looked at anew.

        Raises:
            ResourceNotFound: the file is gone.
        """
        with self._database.writing() as connection:
            row, said, document = _lock(connection, file_id)
            known = document if row.version else File()
            _settle(connection, row, said, known, {"status": "Failed", "reason": reason})

    def delete(self, dataset: DatasetRow, uris: Iterable[str]) -> int:
        """Delete files with their figures and queued jobs; clusters left without faces go with them.

        Returns:
            How many there were; absent ones are fine.
        """
        keys = sorted({_object_id(dataset, uri) for uri in uris})
        locked = select(_files.id).order_by(_files.object_id).with_for_update()
        with self._database.writing() as connection:
            ids: list[int] = []
            for some in batches(keys):
                ids += connection.scalars(locked.where(_files.object_id.in_(some)))
            touched = remove_figures(connection, ids)
            for rows in batches(ids):
                connection.execute(delete(schema.files).where(_files.id.in_(rows)))
            refresh_clusters(connection, touched, self._gate)
            return len(ids)

    def get_many(self, dataset: DatasetRow, uris: Iterable[str]) -> list[msgspec.Raw]:
        """Return the documents of these URIs in order of first mention; unknown ones are left out."""
        return self._documents.by_uri(dataset, uris)

    def documents(self, dataset: DatasetRow, file_ids: Sequence[int]) -> dict[int, msgspec.Raw]:
        """Return the documents of these rows; unknown ones are left out."""
        return self._documents.by_id(dataset, file_ids)

    def counts(self, dataset_id: int) -> FileCounts:
        """Count the files of a dataset by status."""
        counted = select(_files.status, func.count().label("number")).where(_files.dataset_id == dataset_id)
        with self._database.reading() as connection:
            rows = connection.execute(counted.group_by(_files.status)).all()
        return FileCounts(**{row.status.lower(): row.number for row in rows})


def _rows(connection: Connection, which: ColumnElement[bool]) -> list[FileRow]:
    return [FileRow(*row) for row in connection.execute(select(*_COLUMNS).where(which))]


def _object_id(dataset: DatasetRow, uri: str) -> str:
    return file_object_id(dataset.owner_id, dataset.project_name, dataset.name, uri)


def _by_object_id(dataset: DatasetRow, inputs: Sequence[InputFile]) -> dict[str, InputFile]:
    said: dict[str, InputFile] = {}
    for given in inputs:
        object_id = _object_id(dataset, str(given.uri))
        said[object_id] = _said_last(said[object_id], given) if object_id in said else given
    return said


def _said_last(before: InputFile, given: InputFile) -> InputFile:
    values = msgspec.structs.asdict(given)
    return msgspec.structs.replace(before, **{name: value for name, value in values.items() if value is not UNSET})


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
            told = _said_last(_said.decode(row.input), given)
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


def _json_or_none(labels: Mapping[str, object]) -> str | None:
    return msgspec.json.encode(labels).decode() if labels else None


def _lock(connection: Connection, file_id: int) -> tuple[FileRow, InputFile, File]:
    """Return a file for a change, what the caller says of it, and its document."""
    found = connection.execute(_LOCKED, {"file_id": file_id}).one_or_none()
    if found is None:
        raise ResourceNotFound("file")
    *row, said, document = found
    return FileRow(*row), _said.decode(said), msgspec.json.decode(document, type=File)


def _size(document: File) -> tuple[int, int]:
    """Width and height of a picture or video, pixels; zeros when they are not known."""
    sides = (document.image_width, document.image_height)
    if UNSET in sides:
        sides = (document.video_width, document.video_height)
    return (sides[0] or 0, sides[1] or 0)


def _settle(connection: Connection, row: FileRow, said: InputFile, found: File, facts: Mapping[str, object]) -> None:
    """Store the document of a file that is indexed."""
    document = describe(row.uri, said, found)
    settled = msgspec.json.decode(document, type=File)
    change: dict[str, object] = {
        "row": row.id,
        "status": "Indexed",
        "reason": "",
        "document": document,
        "media_type": "" if settled.media_type is UNSET else settled.media_type,
        "size": 0 if settled.size is UNSET else settled.size,
        "update_time": moment.now(),
    }
    connection.execute(_SET, change | dict(facts))
