"""Figures: the faces of files, with their embeddings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from vultus.catalog import schema
from vultus.catalog.change import FigureState
from vultus.catalog.database import Database, batches
from vultus.catalog.datasets import DatasetRow
from vultus.catalog.decisions import Decisions
from vultus.catalog.figure_decisions import (
    detach_figures,
    judge_figures,
    move_figures,
    reject_figures,
    release_figures,
)
from vultus.catalog.heirs import Resemblance, View, heirs
from vultus.catalog.identifier import new_figure_id
from vultus.catalog.lookup import Lookup
from vultus.catalog.overlap import Box
from vultus.model import Figure

FRAME_BITS = 32  # of a photo's number that are the file's; the time of a frame is above them


class IndexedFace(msgspec.Struct, frozen=True, kw_only=True):
    """A face as indexing found it."""

    figure: Figure  # without ids; with a boundary
    embedding: bytes  # float16, little endian, unit length
    side: int  # smaller side of the box, pixels
    quality: float  # 0 to 1
    pitch: float  # degrees, as roll and yaw
    roll: float
    yaw: float
    frame: int = 0  # of a video: when it is shown, milliseconds from the start


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file whose faces are found anew.

    Attributes:
        id: row of the file.
        dataset_id: row of its dataset.
        size_before: width and height when its faces were found before, pixels; zeros when unknown.
        size_after: likewise, now.
        resemblance: decides who is still there; without it, the place alone does.
    """

    id: int
    dataset_id: int
    size_before: tuple[int, int]
    size_after: tuple[int, int]
    resemblance: Resemblance | None


@dataclass(frozen=True, slots=True)
class Faces:
    """The live faces of a dataset, as arrays of n rows in the order of their ids."""

    id: NDArray[np.int64]
    embedding: NDArray[np.float32]  # (n, d), unit length
    photo: NDArray[np.int64]  # row id of the file; of a video, that and the time of the frame: no two are one photo
    side: NDArray[np.int64]  # pixels
    quality: NDArray[np.float32]  # 0 to 1
    pose: NDArray[np.float32]  # (n, 3): pitch, roll, yaw in degrees
    cluster: NDArray[np.int64]  # row id of the cluster, -1 for none
    clustered: NDArray[np.bool_]  # looked at by a clustering run

    def __len__(self) -> int:
        return len(self.id)


_figures = schema.figures.c
_OF_DATASET = (
    select(
        *(_figures.id, _figures.embedding, _figures.file_id, _figures.side, _figures.quality),
        *(_figures.pitch, _figures.roll, _figures.yaw, schema.fragments.c.cluster_id, _figures.clustered),
        _figures.frame,
    )
    .select_from(schema.figures)
    .outerjoin(schema.fragments, schema.fragments.c.id == _figures.fragment_id)
    .where(_figures.dataset_id == bindparam("dataset_id"), _figures.model == bindparam("model"))
    .where(_figures.state == "live")
    .order_by(_figures.id)
)
_LOAD = Lookup(lambda _: _OF_DATASET)
_OF_FILES = (
    select(
        *(_figures.id, _figures.figure_id, _figures.clustered, _figures.fragment_id, _figures.embedding),
        *(_figures.state, _figures.model),
        *(_figures.box_left, _figures.box_top, _figures.box_width, _figures.box_height, _figures.frame),
        schema.fragments.c.cluster_id,
    )
    .select_from(schema.figures)
    .outerjoin(schema.fragments, schema.fragments.c.id == _figures.fragment_id)
    .where(_figures.file_id.in_(bindparam("file_ids", expanding=True)))
    .order_by(_figures.id)
)
# Locked by a statement of their own: one that waits for a lock would go on with the fragments as they were before.
_FORGET_NEW = delete(schema.new_embeddings).where(
    schema.new_embeddings.c.figure_id.in_(bindparam("figure_ids", expanding=True))
)
_LOCK = (
    select(_figures.id)
    .where(_figures.file_id.in_(bindparam("file_ids", expanding=True)))
    .order_by(_figures.id)
    .with_for_update()
)


class Figures:
    """The faces of all datasets."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def load(self, dataset_id: int, model: str) -> Faces:
        """Return the live faces of a dataset whose embeddings are of ``model``."""
        with self._database.snapshot() as snapshot:
            rows = _LOAD.rows(snapshot, dataset_id=dataset_id, model=model)
        columns = list(zip(*rows, strict=True)) if rows else [()] * 11
        ids, embeddings, files, sides, qualities, pitches, rolls, yaws, clusters, clustered, frames = columns
        vectors = np.frombuffer(b"".join(embeddings), "<f2").reshape(len(rows), -1 if rows else 0)
        return Faces(
            id=np.array(ids, np.int64),
            embedding=vectors.astype(np.float32),
            photo=np.array(files, np.int64) + (np.array(frames, np.int64) << FRAME_BITS),
            side=np.array(sides, np.int64),
            quality=np.array(qualities, np.float32),
            pose=np.array([pitches, rolls, yaws], np.float32).T,
            cluster=np.array([-1 if cluster is None else cluster for cluster in clusters], np.int64),
            clustered=np.array(clustered, np.bool_),
        )

    def move(self, dataset: DatasetRow, figure_ids: Sequence[str], target: str | None, actor: str = "") -> str:
        """Put faces into a cluster or a new one, and return its id; see ``move_figures``."""
        about: dict[str, object] = {"figures": list(figure_ids), "cluster": target}
        with self._decisions.recording(dataset.id, "move", about, actor) as (recording, _):
            about["cluster"] = cluster = move_figures(recording, figure_ids, target)
            return cluster

    def reject(self, dataset: DatasetRow, figure_ids: Sequence[str], object_id: str, actor: str = "") -> None:
        """Say that faces are not of a cluster; see ``reject_figures``."""
        about: dict[str, object] = {"figures": list(figure_ids), "cluster": object_id}
        with self._decisions.recording(dataset.id, "reject", about, actor) as (recording, _):
            reject_figures(recording, figure_ids, object_id)

    def detach(self, dataset: DatasetRow, figure_ids: Sequence[str], actor: str = "") -> None:
        """Say that faces are not of the clusters they are in; see ``detach_figures``."""
        about: dict[str, object] = {"figures": list(figure_ids)}
        with self._decisions.recording(dataset.id, "detach", about, actor) as (recording, _):
            detach_figures(recording, figure_ids)

    def release(self, dataset: DatasetRow, figure_ids: Sequence[str], actor: str = "") -> None:
        """Let the next run place faces anew; see ``release_figures``."""
        about: dict[str, object] = {"figures": list(figure_ids)}
        with self._decisions.recording(dataset.id, "release", about, actor) as (recording, _):
            release_figures(recording, figure_ids)

    def judge(self, dataset: DatasetRow, figure_ids: Sequence[str], state: FigureState, actor: str = "") -> None:
        """Say that faces are to be ignored, are none, or live again; see ``judge_figures``."""
        about: dict[str, object] = {"figures": list(figure_ids), "state": state}
        with self._decisions.recording(dataset.id, "judge", about, actor) as (recording, _):
            judge_figures(recording, figure_ids, state)

    def pinned(self, dataset_id: int) -> set[int]:
        """Return the rows of the faces that a person put where they are."""
        pinned = select(_figures.id).where(_figures.dataset_id == dataset_id, _figures.pinned.is_(True))
        with self._database.reading() as connection:
            return set(connection.scalars(pinned))

    def names(self, rows: Sequence[int]) -> dict[int, str]:
        """Return the ids of faces by their rows, as callers know them."""
        names: dict[int, str] = {}
        with self._database.reading() as connection:
            for some in batches(rows):
                found = connection.execute(select(_figures.id, _figures.figure_id).where(_figures.id.in_(some)))
                names |= {row.id: row.figure_id for row in found}
        return names


def replace_figures(connection: Connection, file: FileChange, model: str, faces: Sequence[IndexedFace]) -> set[int]:
    """Replace the figures of a file; a face that was there before stays who it was.

    It keeps its id, its place in a cluster and what people said of it; see ``heirs``.

    Returns:
        The clusters that must be refreshed.
    """
    old = _locked(connection, [file.id])
    heir = heirs(_view(faces, model, file.size_after), _view_before(old, file.size_before), file.resemblance)
    kept = set(heir.values())
    gone = [row.id for index, row in enumerate(old) if index not in kept]
    if old:  # what another model saw, it saw in the file as it was before
        connection.execute(_FORGET_NEW, {"figure_ids": [row.id for row in old]})
    if gone:
        connection.execute(delete(schema.figures).where(_figures.id.in_(gone)))
    for index, ancestor in heir.items():
        row = old[ancestor]
        values = _values(faces[index], row.figure_id, model)
        settled = row.fragment_id is not None or row.state != "live"
        looked_at = settled or (row.clustered and row.embedding == values["embedding"])
        connection.execute(update(schema.figures).where(_figures.id == row.id), {**values, "clustered": looked_at})
    place = {"file_id": file.id, "dataset_id": file.dataset_id, "clustered": False, "state": "live"}
    found = [face for index, face in enumerate(faces) if index not in heir]
    if found:
        connection.execute(insert(schema.figures), [_values(face, new_figure_id(), model) | place for face in found])
    return _clusters_of(old)


def remove_figures(connection: Connection, file_ids: Sequence[int]) -> set[int]:
    """Remove the figures of files; return the clusters that must be refreshed."""
    touched: set[int] = set()
    # Locked in the order of their ids, which large batches keep.
    for some in batches(file_ids, 30_000):
        touched |= _clusters_of(_locked(connection, some))
        connection.execute(delete(schema.figures).where(_figures.file_id.in_(some)))
    return touched


def _locked(connection: Connection, file_ids: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The faces of some files, which nobody else changes from now on."""
    connection.execute(_LOCK, {"file_ids": file_ids}).all()
    return connection.execute(_OF_FILES, {"file_ids": file_ids}).all()


def _clusters_of(rows: Sequence[Row[*tuple[Any, ...]]]) -> set[int]:
    return {row.cluster_id for row in rows if row.cluster_id is not None}


def _view(faces: Sequence[IndexedFace], model: str, size: tuple[int, int]) -> View:
    return View([_box(face) for face in faces], [face.embedding for face in faces], [model] * len(faces), size)


def _view_before(rows: Sequence[Row[*tuple[Any, ...]]], size: tuple[int, int]) -> View:
    boxes = [Box(row.box_left, row.box_top, row.box_width, row.box_height, row.frame) for row in rows]
    return View(boxes, [row.embedding for row in rows], [row.model for row in rows], size)


def _values(face: IndexedFace, figure_id: str, model: str) -> dict[str, object]:
    box = _box(face)
    document = msgspec.structs.replace(
        face.figure,
        figure_id=figure_id,
        figure_type="face" if face.figure.figure_type is UNSET else face.figure.figure_type,
        figure_cluster_id=UNSET,
        figure_cluster_confidence=UNSET,
    )
    return {
        "figure_id": figure_id,
        "document": msgspec.json.encode(document).decode(),
        "embedding": face.embedding,
        "model": model,
        "box_left": box.left,
        "box_top": box.top,
        "box_width": box.width,
        "box_height": box.height,
        "frame": box.frame,
        "side": face.side,
        "quality": face.quality,
        "pitch": face.pitch,
        "roll": face.roll,
        "yaw": face.yaw,
        "gender": None if face.figure.gender is UNSET else face.figure.gender,
        "age": None if face.figure.age is UNSET else face.figure.age,
    }


def _box(face: IndexedFace) -> Box:
    boundary = face.figure.boundary
    if boundary is UNSET:
        raise ValueError("A face without a boundary cannot be stored.")
    sides = (boundary.left, boundary.top, boundary.width, boundary.height)
    left, top, width, height = (0 if side is UNSET else side for side in sides)
    return Box(left, top, width, height, face.frame)
