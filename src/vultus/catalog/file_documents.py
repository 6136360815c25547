"""File documents as they go out: what indexing found, with what changes without the file spliced in.

A stored document is never decoded on its way out. It holds all that follows from the object and from what the caller
said of it when it was indexed; status, times, figures, their clusters and the fields a user edits are put around it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET
from sqlalchemy import select

from vultus.catalog import schema
from vultus.catalog.database import Database, Snapshot
from vultus.catalog.datasets import DatasetRow
from vultus.catalog.identifier import file_object_id
from vultus.catalog.lookup import UTF8, Lookup
from vultus.model import File, InputFile, moment

INDEPENDENT = "figure-cluster-id-independent"  # looked at by a clustering run, and belongs to nobody yet
UNAVAILABLE = "figure-cluster-id-unavailable"  # not looked at since it was indexed

_files, _figures, _clusters = schema.files.c, schema.figures.c, schema.clusters.c


_COLUMNS = (
    "id",
    "object_id",
    "status",
    "reason",
    "document",
    "custom_id",
    "custom_labels",
    "create_time",
    "update_time",
)
_ROWS = select(*(UTF8(_files.document) if name == "document" else _files[name] for name in _COLUMNS))
_BY_OBJECT_ID = Lookup(lambda one_of: _ROWS.where(one_of(_files.object_id, "keys")))
_BY_ID = Lookup(lambda one_of: _ROWS.where(one_of(_files.id, "keys")))
_SHOWN = (
    select(
        _figures.id, _figures.file_id, _figures.document, _figures.clustered, _figures.confidence, _clusters.object_id
    )
    .select_from(schema.figures)
    .outerjoin(schema.fragments, schema.fragments.c.id == _figures.fragment_id)
    .outerjoin(schema.clusters, _clusters.id == schema.fragments.c.cluster_id)
    .where(_figures.state != "not-a-face")
    .order_by(_figures.id)
)
_FIGURES = Lookup(lambda one_of: _SHOWN.where(one_of(_figures.file_id, "file_ids")))


class _FileRow(NamedTuple):
    id: int
    object_id: str
    status: str
    reason: str
    document: bytes
    custom_id: str | None
    custom_labels: str | None
    create_time: int
    update_time: int


class _FigureDocument(NamedTuple):
    row: int
    document: str


class FileDocuments:
    """Reads file documents."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_uri(self, dataset: DatasetRow, uris: Iterable[str]) -> list[msgspec.Raw]:
        """Return the documents of these URIs in order of first mention; unknown ones are left out."""
        keys = [
            file_object_id(dataset.owner_id, dataset.project_name, dataset.name, uri) for uri in dict.fromkeys(uris)
        ]
        with self._database.snapshot() as snapshot:
            files = {row.object_id: row for row in _rows(snapshot, _BY_OBJECT_ID, keys)}
            found = _documents(snapshot, dataset, files.values())
        return [found[files[key].id] for key in keys if key in files]

    def by_id(self, dataset: DatasetRow, file_ids: Iterable[int]) -> dict[int, msgspec.Raw]:
        """Return the documents of these rows; unknown ones are left out."""
        with self._database.snapshot() as snapshot:
            return _documents(snapshot, dataset, _rows(snapshot, _BY_ID, list(file_ids)))

    def covers(self, snapshot: Snapshot, dataset: DatasetRow, files: Mapping[int, int]) -> dict[int, msgspec.Raw]:
        """Return the document that shows each of these figures, with that figure first.

        Args:
            snapshot: where to read.
            dataset: the dataset of all of them.
            files: for the row of a figure, the row of its file. Several figures may be in one file.
        """
        file_ids = sorted(set(files.values()))
        rows = {row.id: row for row in _rows(snapshot, _BY_ID, file_ids)}
        figures = _figure_documents(snapshot, file_ids)
        head = _head(dataset)
        return {
            figure: _splice(head, rows[file], _led_by(figure, figures.get(file, [])))
            for figure, file in files.items()
            if file in rows
        }


def describe(uri: str, said: InputFile, found: File | None = None) -> str:
    """Make the document to store: what was found, and above it what the caller says.

    Args:
        uri: the URI of the object.
        said: what the caller says of it.
        found: what indexing found; its figures, and all that the row of the file holds, are left out.
    """
    document = File() if found is None else found
    changes: dict[str, Any] = dict.fromkeys(_NOT_STORED, UNSET)
    changes |= {name: value for name in _SAID if (value := getattr(said, name)) is not UNSET}
    changes["uri"] = uri
    if document.filename is UNSET:
        changes["filename"] = uri.partition("://")[2].partition("/")[2]
    return msgspec.json.encode(msgspec.structs.replace(document, **changes)).decode()


_NOT_STORED = (
    *("owner_id", "project_name", "dataset_name", "object_type", "object_id", "create_time", "update_time"),
    *("figures", "figure_count", "custom_id", "custom_labels", "object_status", "reason"),
)
_SAID = tuple(
    name for name in InputFile.__struct_fields__ if name not in ("uri", "figures", "custom_id", "custom_labels")
)


def _rows(snapshot: Snapshot, lookup: Lookup, keys: list[Any]) -> list[_FileRow]:
    return [_FileRow(*row) for row in lookup.rows(snapshot, keys=keys)] if keys else []


def _documents(snapshot: Snapshot, dataset: DatasetRow, rows: Collection[_FileRow]) -> dict[int, msgspec.Raw]:
    figures = _figure_documents(snapshot, [row.id for row in rows])
    head = _head(dataset)
    return {row.id: _splice(head, row, figures.get(row.id, [])) for row in rows}


def _figure_documents(snapshot: Snapshot, file_ids: list[int]) -> dict[int, list[_FigureDocument]]:
    documents: dict[int, list[_FigureDocument]] = {}
    rows = _FIGURES.rows(snapshot, file_ids=file_ids) if file_ids else []
    for row, file_id, document, clustered, confidence, cluster in rows:
        if cluster is not None:
            end = f',"FigureClusterId":"{cluster}","FigureClusterConfidence":{_json(confidence)}}}'
        else:
            end = f',"FigureClusterId":"{INDEPENDENT if clustered else UNAVAILABLE}"}}'
        documents.setdefault(file_id, []).append(_FigureDocument(row, document[:-1] + end))
    return documents


def _led_by(figure: int, faces: list[_FigureDocument]) -> list[_FigureDocument]:
    if not faces or faces[0].row == figure:
        return faces
    return sorted(faces, key=lambda face: face.row != figure)


def _head(dataset: DatasetRow) -> str:
    """The beginning that all documents of a dataset share, up to the value of ObjectId."""
    shared = File(
        owner_id=dataset.owner_id, project_name=dataset.project_name, dataset_name=dataset.name, object_type="file"
    )
    return msgspec.json.encode(shared).decode()[:-1] + ',"ObjectId":"'


def _splice(head: str, row: _FileRow, figures: Sequence[_FigureDocument]) -> msgspec.Raw:
    updated, created = moment.to_wire(row.update_time), moment.to_wire(row.create_time)
    before = f'{head}{row.object_id}","UpdateTime":"{updated}","CreateTime":"{created}",'
    parts = []
    if figures:
        parts.append(f',"Figures":[{",".join([face.document for face in figures])}]')
    if figures or row.status == "Indexed":
        parts.append(f',"FigureCount":{len(figures)}')
    if row.custom_id is not None:
        parts.append(f',"CustomId":{_json(row.custom_id)}')
    if row.custom_labels is not None:
        parts.append(f',"CustomLabels":{row.custom_labels}')
    if row.reason:
        parts.append(f',"Reason":{_json(row.reason)}')
    parts.append(f',"ObjectStatus":"{row.status}"}}')
    return msgspec.Raw(b"".join((before.encode(), row.document[1:-1], "".join(parts).encode())))


def _json(value: str | float) -> str:
    return msgspec.json.encode(value).decode()
