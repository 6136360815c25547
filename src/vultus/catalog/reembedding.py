"""Embeddings of a new model, put beside those in use until all faces of a dataset have one; then they change places."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Select, and_, bindparam, delete, exists, func, insert, or_, select, update

from vultus.catalog import schema
from vultus.catalog.cluster_refresh import refresh_clusters
from vultus.catalog.database import Database, batches
from vultus.catalog.overlap import Box
from vultus.config import People
from vultus.errors import ResourceNotFound
from vultus.model import Figure


class PlacedFace(NamedTuple):
    """A face that is known."""

    id: int  # row
    box: Box


class NewEmbedding(msgspec.Struct, frozen=True):
    """What a model says of a face."""

    figure: int  # row
    embedding: bytes  # float16, little endian, unit length
    quality: float  # 0 to 1


class Missing(msgspec.Struct, frozen=True):
    """Faces that a new model cannot see, for their files cannot be read or do not show them any more."""

    figures: int
    files: int
    uri: str  # of the first file
    reason: str  # of the first file


_figures, _files = schema.figures.c, schema.files.c
_datasets, _new, _jobs = schema.datasets.c, schema.new_embeddings.c, schema.jobs.c
_document = msgspec.json.Decoder(Figure)
# A face that nobody took in was looked at as the old model saw it: the next run looks again.
_TAKE_OVER = (
    update(schema.figures)
    .where(_new.figure_id == _figures.id, _new.dataset_id == bindparam("dataset"))
    .where(_new.model == bindparam("new_model"), _new.embedding.is_not(None))
    .values(
        embedding=_new.embedding,
        quality=_new.quality,
        document=_new.document,
        model=_new.model,
        clustered=and_(_figures.clustered, or_(_figures.fragment_id.is_not(None), _figures.state != "live")),
    )
)


class Reembedding:
    """Changes of datasets from one embedding model to another."""

    def __init__(self, database: Database, gate: People) -> None:
        self._database = database
        self._gate = gate

    def pending(self, dataset_id: int, model: str) -> bool:
        """Whether there are faces of which it is not known yet how ``model`` sees them."""
        with self._database.reading() as connection:
            return connection.scalar(_pending(dataset_id, model).limit(1)) is not None

    def unclaimed(self, dataset_id: int, model: str, kind: str) -> list[int]:
        """Return the files with pending faces for which no job of a kind waits or runs; rows."""
        at_work = select(_jobs.id).where(_jobs.file_id == _figures.file_id, _jobs.kind == kind)
        at_work = at_work.where(_jobs.state.in_(("queued", "running")))
        free = _pending(dataset_id, model).where(~exists(at_work))
        with self._database.reading() as connection:
            return list(connection.scalars(free.order_by(_figures.file_id)))

    def faces(self, file_id: int) -> list[PlacedFace]:
        """Return the faces of a file."""
        box = (_figures.box_left, _figures.box_top, _figures.box_width, _figures.box_height, _figures.frame)
        with self._database.reading() as connection:
            rows = connection.execute(
                select(_figures.id, *box).where(_figures.file_id == file_id).order_by(_figures.id)
            )
            return [PlacedFace(row, Box(*box)) for row, *box in rows]

    def put(
        self, file_id: int, version: str, model: str, found: Sequence[NewEmbedding], missing: Mapping[int, str]
    ) -> bool:
        """Put new embeddings of the faces of a file beside those in use.

        Args:
            file_id: the file.
            version: of the object that was looked at.
            model: that looked.
            found: what it says.
            missing: why nothing can be said of a face, by its row.

        Returns:
            False, and nothing is put, when the file is not as it was: another version, or other faces.
        """
        looked_at = {each.figure for each in found} | missing.keys()
        with self._database.writing() as connection:
            facts = select(_files.dataset_id, _files.version).where(_files.id == file_id)
            file = connection.execute(facts.with_for_update(key_share=True)).one_or_none()
            known = select(_figures.id, _figures.document).where(_figures.file_id == file_id)
            documents = {row.id: row.document for row in connection.execute(known.order_by(_figures.id))}
            if file is None or file.version != version or documents.keys() != looked_at:
                return False
            for some in batches(sorted(documents)):
                connection.execute(delete(schema.new_embeddings).where(_new.figure_id.in_(some)))
            rows: list[dict[str, object]] = [_seen(each, documents[each.figure]) for each in found]
            rows += [_unseen(figure, reason) for figure, reason in missing.items()]
            if rows:
                place = {"dataset_id": file.dataset_id, "model": model}
                connection.execute(insert(schema.new_embeddings), [row | place for row in rows])
            return True

    def missing(self, dataset_id: int, model: str) -> Missing | None:
        """Return what ``model`` cannot see of a dataset; None when it has seen all that it has looked at."""
        unseen = and_(_new.dataset_id == dataset_id, _new.model == model, _new.embedding.is_(None))
        counted = select(func.count(_figures.id), func.count(_figures.file_id.distinct()), func.min(_figures.file_id))
        counted = counted.join_from(schema.new_embeddings, schema.figures).where(unseen)
        with self._database.reading() as connection:
            figures, files, first = connection.execute(counted).one()
            if not figures:
                return None
            told = select(_files.uri, _new.reason).join_from(schema.new_embeddings, schema.figures).join(schema.files)
            uri, reason = connection.execute(told.where(unseen, _files.id == first).limit(1)).one()
        return Missing(figures, files, uri, reason)

    def retry_missing(self, dataset_id: int) -> None:
        """Forget what could not be seen, so that it is looked at again."""
        with self._database.writing() as connection:
            unseen = and_(_new.dataset_id == dataset_id, _new.embedding.is_(None))
            connection.execute(delete(schema.new_embeddings).where(unseen))

    def forget(self, dataset_id: int) -> None:
        """Forget all new embeddings of a dataset."""
        with self._database.writing() as connection:
            connection.execute(delete(schema.new_embeddings).where(_new.dataset_id == dataset_id))

    def switch(self, dataset_id: int, model: str) -> int | None:
        """Have a dataset work with ``model``, when all its faces were looked at; one transaction.

        Ids, people, names and decisions stay. Faces that nobody took in are looked at anew by the next run. Those that
        the model could not see stay with their people, and are compared with nobody.

        Returns:
            How many faces have their new embedding; None, and nothing is changed, when there are some left to look at.

        Raises:
            ResourceNotFound: the dataset is gone.
        """
        with self._database.writing() as connection:
            held = select(_datasets.id).where(_datasets.id == dataset_id).with_for_update()
            if connection.scalar(held) is None:
                raise ResourceNotFound("dataset")
            if self.pending(dataset_id, model):
                return None
            ours = select(_new.figure_id).where(_new.dataset_id == dataset_id, _new.model == model)
            seen = ours.where(_new.embedding.is_not(None))
            locked = select(_figures.id).where(_figures.id.in_(seen)).order_by(_figures.id).with_for_update()
            connection.execute(locked).all()  # in the order in which everybody locks them
            changed = connection.execute(_TAKE_OVER, {"dataset": dataset_id, "new_model": model}).rowcount
            stale = select(_figures.file_id).where(_figures.dataset_id == dataset_id, _figures.model != model)
            files = update(schema.files).where(_files.dataset_id == dataset_id, _files.model != "")
            connection.execute(files.where(_files.id.not_in(stale)).values(model=model))
            connection.execute(update(schema.datasets).where(_datasets.id == dataset_id).values(model=model))
            self.forget(dataset_id)
            clusters = select(schema.clusters.c.id).where(schema.clusters.c.dataset_id == dataset_id)
            refresh_clusters(connection, list(connection.scalars(clusters)), self._gate)
            return changed


def _pending(dataset_id: int, model: str) -> Select[int]:
    looked_at = select(_new.figure_id).where(_new.figure_id == _figures.id, _new.model == model)
    pending = select(_figures.file_id).distinct()
    return pending.where(_figures.dataset_id == dataset_id, _figures.model != model, ~exists(looked_at))


def _seen(new: NewEmbedding, document: str) -> dict[str, object]:
    figure = msgspec.structs.replace(_document.decode(document), face_quality=new.quality)
    return {
        "figure_id": new.figure,
        "embedding": new.embedding,
        "quality": new.quality,
        "document": msgspec.json.encode(figure).decode(),
        "reason": "",
    }


def _unseen(figure: int, reason: str) -> dict[str, object]:
    return {"figure_id": figure, "embedding": None, "quality": None, "document": None, "reason": reason}
