"""Files: what callers hand in, and what indexing makes of it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Literal

import msgspec
from msgspec import UNSET
from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select, update

from vultus.catalog import schema
from vultus.catalog.cluster_refresh import refresh_clusters
from vultus.catalog.database import Database, batches
from vultus.catalog.datasets import DatasetRow
from vultus.catalog.figures import FileChange, IndexedFace, remove_figures, replace_figures
from vultus.catalog.file_documents import FileDocuments, describe
from vultus.catalog.heirs import Resemblance
from vultus.catalog.intake import by_object_id, object_id_of, said_last, take_in
from vultus.catalog.job import index_job
from vultus.catalog.jobs import Jobs
from vultus.config import People
from vultus.errors import ResourceNotFound
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
        said = by_object_id(dataset, inputs)
        with self._database.writing() as connection:
            ids = take_in(connection, dataset, said)
            self._jobs.put_many(index_job(dataset.id, file_id, payload or {}) for file_id in ids.values())
        return [ids[object_id_of(dataset, str(given.uri))] for given in inputs]

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
        keys = [object_id_of(dataset, uri) for uri in uris]
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
        by_id = by_id.where(_files.object_id == object_id_of(dataset, str(given.uri)))
        with self._database.writing() as connection:
            found = connection.execute(by_id).one_or_none()
            if found is None:
                raise ResourceNotFound("file")
            row, said, document = _lock(connection, found.id)
            told = msgspec.structs.replace(
                said_last(said, given), uri=UNSET, figures=UNSET, custom_id=UNSET, custom_labels=UNSET
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
        keys = sorted({object_id_of(dataset, uri) for uri in uris})
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
