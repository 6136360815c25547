"""File documents as they go out: what indexing found, with what changes without the file spliced in.

A stored document is never decoded on its way out. It holds all that follows from the object and from what the caller
said of it when it was indexed; status, times, figures, their clusters and the fields a user edits are put around it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET
from sqlalchemy import ColumnElement, Connection, Row, bindparam, select

from vultus.catalog import schema
from vultus.catalog.database import Database, batches
from vultus.catalog.datasets import DatasetRow
from vultus.catalog.identifier import file_object_id
from vultus.model import File, InputFile, moment

INDEPENDENT = "figure-cluster-id-independent"  # looked at by a clustering run, and belongs to nobody yet
UNAVAILABLE = "figure-cluster-id-unavailable"  # not looked at since it was indexed

_files, _figures, _clusters = schema.files.c, schema.figures.c, schema.clusters.c


def _select_files(key: ColumnElement[Any]) -> Any:
    columns = ("id", "object_id", "status", "reason", "document", "custom_id", "custom_labels")
    chosen = [_files[name] for name in (*columns, "create_time", "update_time")]
    return select(*chosen).where(
        _files.dataset_id == bindparam("dataset_id"), key.in_(bindparam("keys", expanding=True))
    )


_BY_OBJECT_ID = _select_files(_files.object_id)
_BY_ID = _select_files(_files.id)
_FIGURES = (
    select(
        _figures.id, _figures.file_id, _figures.document, _figures.clustered, _figures.confidence, _clusters.object_id
    )
    .select_from(schema.figures)
    .outerjoin(schema.fragments, schema.fragments.c.id == _figures.fragment_id)
    .outerjoin(schema.clusters, _clusters.id == schema.fragments.c.cluster_id)
    .where(_figures.file_id.in_(bindparam("file_ids", expanding=True)), _figures.state != "not-a-face")
    .order_by(_figures.id)
)


class FileDocuments:
    """Reads file documents."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_uri(self, dataset: DatasetRow, uris: Iterable[str]) -> list[msgspec.Raw]:
        """Return the documents of these URIs in order of first mention; unknown ones are left out."""
        keys = [
            file_object_id(dataset.owner_id, dataset.project_name, dataset.name, uri) for uri in dict.fromkeys(uris)
        ]
        with self._database.reading() as connection:
            rows = _rows(connection, _BY_OBJECT_ID, dataset, keys)
            found = _documents(connection, dataset, rows)
        by_object_id = {row.object_id: found[row.id] for row in rows}
        return [by_object_id[key] for key in keys if key in by_object_id]

    def by_id(self, dataset: DatasetRow, file_ids: Sequence[int]) -> dict[int, msgspec.Raw]:
        """Return the documents of these rows; unknown ones are left out."""
        with self._database.reading() as connection:
            return _documents(connection, dataset, _rows(connection, _BY_ID, dataset, file_ids))

    def covers(self, dataset: DatasetRow, files: Mapping[int, int]) -> dict[int, msgspec.Raw]:
        """Return the document that shows each of these figures, with that figure first.

        Args:
            dataset: the dataset of all of them.
            files: for the row of a figure, the row of its file. Several figures may be in one file.
        """
        with self._database.reading() as connection:
            rows = {row.id: row for row in _rows(connection, _BY_ID, dataset, sorted(set(files.values())))}
            figures = _figure_documents(connection, sorted(rows))
        head = _head(dataset)
        shown = {figure: row for figure, file in files.items() if (row := rows.get(file)) is not None}
        return {
            figure: _splice(head, row, sorted(figures.get(row.id, []), key=lambda face: face.row != figure))
            for figure, row in shown.items()
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


def _rows(connection: Connection, query: Any, dataset: DatasetRow, keys: Sequence[Any]) -> list[Row[*tuple[Any, ...]]]:
    rows: list[Row[*tuple[Any, ...]]] = []
    for some in batches(keys):
        rows += connection.execute(query, {"dataset_id": dataset.id, "keys": some}).all()
    return rows


def _documents(
    connection: Connection, dataset: DatasetRow, rows: Sequence[Row[*tuple[Any, ...]]]
) -> dict[int, msgspec.Raw]:
    figures = _figure_documents(connection, [row.id for row in rows])
    head = _head(dataset)
    return {row.id: _splice(head, row, figures.get(row.id, [])) for row in rows}


class _FigureDocument(NamedTuple):
    row: int
    document: str


def _figure_documents(connection: Connection, file_ids: Sequence[int]) -> dict[int, list[_FigureDocument]]:
    documents: dict[int, list[_FigureDocument]] = {}
    for some in batches(file_ids):
        for row, file_id, document, clustered, confidence, cluster in connection.execute(_FIGURES, {"file_ids": some}):
            if cluster is not None:
                end = f',"FigureClusterId":"{cluster}","FigureClusterConfidence":{_number(confidence)}}}'
            else:
                end = f',"FigureClusterId":"{INDEPENDENT if clustered else UNAVAILABLE}"}}'
            documents.setdefault(file_id, []).append(_FigureDocument(row, document[:-1] + end))
    return documents


def _head(dataset: DatasetRow) -> str:
    """The beginning that all documents of a dataset share, up to the value of ObjectId."""
    shared = File(
        owner_id=dataset.owner_id, project_name=dataset.project_name, dataset_name=dataset.name, object_type="file"
    )
    return msgspec.json.encode(shared).decode()[:-1] + ',"ObjectId":"'


def _splice(head: str, row: Row[*tuple[Any, ...]], figures: Sequence[_FigureDocument]) -> msgspec.Raw:
    _, object_id, status, reason, document, custom_id, custom_labels, created, updated = row
    parts = [
        f'{head}{object_id}","UpdateTime":"{moment.to_wire(updated)}","CreateTime":"{moment.to_wire(created)}",',
        document[1:-1],
    ]
    if figures:
        parts.append(f',"Figures":[{",".join(face.document for face in figures)}]')
    if figures or status == "Indexed":
        parts.append(f',"FigureCount":{len(figures)}')
    if custom_id is not None:
        parts.append(f',"CustomId":{_text(custom_id)}')
    if custom_labels is not None:
        parts.append(f',"CustomLabels":{custom_labels}')
    if reason:
        parts.append(f',"Reason":{_text(reason)}')
    parts.append(f',"ObjectStatus":"{status}"}}')
    return msgspec.Raw("".join(parts))


def _text(value: str) -> str:
    return msgspec.json.encode(value).decode()


def _number(value: float | None) -> str:
    return msgspec.json.encode(0.0 if value is None else value).decode()
