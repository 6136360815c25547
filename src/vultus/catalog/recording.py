"""Carrying out a decision and writing down, in the same transaction, what it takes to undo it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from vultus.catalog import schema
from vultus.catalog.assignment import found_cluster
from vultus.catalog.change import (
    SAID,
    Change,
    ClusterChange,
    ClusterFacts,
    FigureChange,
    FigureState,
    FragmentChange,
    Place,
    distinction_name,
    field_name,
    figure_name,
    rejection_name,
)
from vultus.catalog.cluster_refresh import refresh_clusters
from vultus.catalog.database import batches
from vultus.catalog.standing import cluster_facts, places
from vultus.config import People
from vultus.errors import ResourceNotFound
from vultus.model import moment

_clusters, _figures, _fragments = schema.clusters.c, schema.figures.c, schema.fragments.c
_decisions = schema.decisions.c
_PLACE = (
    update(schema.figures)
    .where(_figures.id == bindparam("row"))
    .values(
        fragment_id=bindparam("to_fragment"),
        state=bindparam("to_state"),
        pinned=bindparam("to_pinned"),
        confidence=bindparam("to_confidence"),
        clustered=bindparam("to_clustered"),
    )
)


class Recording:
    """One decision while it is carried out; every effect goes through here.

    Faces are locked before clusters, and each in the order of their rows, as in every transaction.
    """

    def __init__(self, connection: Connection, dataset_id: int, gate: People) -> None:
        self._connection = connection
        self._dataset_id = dataset_id
        self._gate = gate
        self._places: dict[int, Place] = {}
        self._facts: dict[int, ClusterFacts | None] = {}
        self._fragments: list[FragmentChange] = []
        self._pairs: dict[str, list[tuple[int, int]]] = {}
        self._confirmed: set[str] = set()

    @property
    def dataset_id(self) -> int:
        """The dataset that the decision is about."""
        return self._dataset_id

    def figures(self, figure_ids: Iterable[str], beside: Iterable[str] = ()) -> dict[str, int]:
        """Lock faces, the clusters they are in, and those beside; return the row of each face, in the order given.

        Args:
            figure_ids: the faces.
            beside: object ids of other clusters that will be asked for; clusters are locked all at once, so that two
                decisions never wait for each other.

        Raises:
            ResourceNotFound: the dataset has no such face.
        """
        wanted = list(dict.fromkeys(figure_ids))
        found = self._hold(_figures.figure_id, wanted, self._rows_of(beside).values())
        by_id = {figure_id: row for row, (figure_id, _) in found.items()}
        for figure_id in wanted:
            if figure_id not in by_id:
                raise ResourceNotFound(f"figure {figure_id}")
        return {figure_id: by_id[figure_id] for figure_id in wanted}

    def rows(self, figures: Iterable[int], beside: Iterable[int] = ()) -> None:
        """Lock faces by their rows, those that are gone passed over, and clusters as ``figures`` does."""
        self._hold(_figures.id, sorted(set(figures)), beside)

    def keep(self, figures: Iterable[int], clusters: Iterable[int]) -> None:
        """Lock faces and clusters that will only be referred to, in the order in which everybody locks."""
        for some in batches(sorted(set(figures))):
            locked = select(_figures.id).where(_figures.id.in_(some)).order_by(_figures.id)
            self._connection.execute(locked.with_for_update(key_share=True))
        for some in batches(sorted(set(clusters))):
            locked = select(_clusters.id).where(_clusters.id.in_(some)).order_by(_clusters.id)
            self._connection.execute(locked.with_for_update(key_share=True))

    def keep_rulings(self, object_ids: Iterable[str]) -> None:
        """Lock clusters with all faces and clusters that they were told from."""
        rows = sorted(self._rows_of(object_ids).values())
        known = [facts for facts in cluster_facts(self._connection, rows).values() if facts is not None]
        figures = {figure for facts in known for figure in facts.rejected}
        self.keep(figures, {*rows, *(other for facts in known for other in facts.distinct)})

    def place_of(self, figure: int) -> Place | None:
        """Return where a face was when it was locked, or None when it is gone."""
        return self._places.get(figure)

    def cluster_of(self, figure: int) -> int | None:
        """Return the cluster that a face was in when it was locked."""
        place = self._places.get(figure)
        return None if place is None else place.cluster

    def object_id(self, cluster: int) -> str:
        """Return the id of a cluster as callers know it."""
        return str(self._connection.scalar(select(_clusters.object_id).where(_clusters.id == cluster)))

    def clusters(self, object_ids: Iterable[str]) -> dict[str, int]:
        """Lock clusters; return the row of each id, in the order given.

        Raises:
            ResourceNotFound: the dataset has no such cluster.
        """
        wanted = list(dict.fromkeys(object_ids))
        rows = self._rows_of(wanted)
        self.lock(rows.values())
        for object_id in wanted:
            if object_id not in rows or self._facts[rows[object_id]] is None:
                raise ResourceNotFound(f"figure cluster {object_id}")
        return {object_id: rows[object_id] for object_id in wanted}

    def lock(self, clusters: Iterable[int]) -> None:
        """Lock clusters by their rows and note what they are like, if that is not done yet."""
        new = sorted({row for row in clusters if row not in self._facts})
        if new:
            self.keep([], new)
            self._facts.update(cluster_facts(self._connection, new))

    def facts(self, cluster: int) -> ClusterFacts | None:
        """Return what a cluster was like when it was locked, or None when there was none."""
        return self._facts.get(cluster)

    def revived(self, cluster: int, facts: ClusterFacts) -> None:
        """Note that a cluster is there again."""
        self._facts[cluster] = facts

    def place(
        self,
        figures: Collection[int],
        fragment: int | None,
        *,
        state: FigureState = "live",
        pinned: bool = False,
        clustered: bool = True,
    ) -> None:
        """Put faces somewhere; a person is sure, so the confidence of a cluster they give is 1."""
        values = {
            "to_fragment": fragment,
            "to_state": state,
            "to_pinned": pinned,
            "to_clustered": clustered,
            "to_confidence": None if fragment is None else 1.0,
        }
        self._confirmed.update(map(figure_name, figures))
        if figures:
            self._connection.execute(_PLACE, [{"row": row, **values} for row in sorted(figures)])

    def put_back(self, places: Mapping[int, Place]) -> None:
        """Put faces where they were once; fragments must be there."""
        values = [
            {
                "row": row,
                "to_fragment": place.fragment,
                "to_state": place.state,
                "to_pinned": place.pinned,
                "to_clustered": place.clustered,
                "to_confidence": place.confidence,
            }
            for row, place in sorted(places.items())
        ]
        if values:
            self._connection.execute(_PLACE, values)

    def found(self) -> tuple[int, int]:
        """Make a new cluster with a fragment; return the rows of both."""
        cluster, fragment = found_cluster(self._connection, self._dataset_id)
        self._facts[cluster] = None
        return cluster, fragment

    def add_fragment(self, cluster: int, row: int | None = None) -> int:
        """Make a fragment of a cluster, so that what is put in there can be told from the rest; return its row."""
        values = {"dataset_id": self._dataset_id, "cluster_id": cluster, "create_time": moment.now()}
        values |= {} if row is None else {"id": row}
        return int(self._connection.scalar(insert(schema.fragments).returning(_fragments.id), values) or 0)

    def move_fragments(self, source: int, target: int) -> None:
        """Give all fragments of a cluster to another."""
        rows = self._connection.scalars(select(_fragments.id).where(_fragments.cluster_id == source))
        for fragment in sorted(rows):
            self.move_fragment(fragment, source, target)

    def move_fragment(self, fragment: int, source: int, target: int) -> None:
        """Give a fragment to another cluster."""
        self._connection.execute(update(schema.fragments).where(_fragments.id == fragment).values(cluster_id=target))
        self._fragments.append(FragmentChange(fragment, source, target))

    def change(self, cluster: int, **values: object) -> None:
        """Change the row of a cluster."""
        self._confirmed.update(field_name(cluster, field) for field in values if field in SAID and field != "edited")
        changed = {**values, "update_time": moment.now()}
        self._connection.execute(update(schema.clusters).where(_clusters.id == cluster).values(changed))

    def reject(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Note that faces are not of clusters."""
        self._add("rejected", schema.rejections, ("figure_id", "cluster_id"), pairs)

    def accept(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Take back that faces are not of clusters."""
        self._remove("accepted", schema.rejections, ("figure_id", "cluster_id"), pairs)

    def distinguish(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Note that two clusters are two people."""
        self._add("distinguished", schema.distinctions, ("first_id", "second_id"), map(_ordered, pairs))

    def unite(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Take back that two clusters are two people."""
        self._remove("united", schema.distinctions, ("first_id", "second_id"), map(_ordered, pairs))

    def remove(self, cluster: int) -> None:
        """Delete a cluster, whose fragments have gone elsewhere."""
        self._connection.execute(delete(schema.clusters).where(_clusters.id == cluster))

    def finish(self) -> Change:
        """Bring counts and covers up to date; return all that was changed."""
        rows = sorted(self._places)
        after = {row: place for row, (_, place) in places(self._connection, _figures.id, rows).items()}
        held = {place.cluster for place in after.values() if place.cluster is not None}
        refresh_clusters(self._connection, set(self._facts) | held, self._gate)
        facts = cluster_facts(self._connection, sorted(self._facts))
        return Change(
            figures=[
                FigureChange(row, self._places[row], after[row]) for row in rows if self._places[row] != after.get(row)
            ],
            fragments=self._fragments,
            clusters=[ClusterChange(row, before, facts[row]) for row, before in sorted(self._facts.items())],
            **self._pairs,
            confirmed=sorted(self._confirmed),
        )

    def _rows_of(self, object_ids: Iterable[str]) -> dict[str, int]:
        rows: dict[str, int] = {}
        for some in batches(list(object_ids)):
            found = select(_clusters.object_id, _clusters.id).where(_clusters.object_id.in_(some))
            ours = found.where(_clusters.dataset_id == self._dataset_id)
            rows |= {row.object_id: row.id for row in self._connection.execute(ours)}
        return rows

    def _hold(
        self, column: ColumnElement[Any], wanted: Sequence[Any], beside: Iterable[int]
    ) -> dict[int, tuple[str, Place]]:
        rows: list[int] = []
        for some in batches(wanted):
            ours = select(_figures.id).where(column.in_(some), _figures.dataset_id == self._dataset_id)
            rows += self._connection.scalars(ours)
        self.keep(rows, [])
        found = places(self._connection, _figures.id, sorted(rows))
        self._places.update({row: place for row, (_, place) in found.items() if row not in self._places})
        homes = {place.cluster for _, place in found.values() if place.cluster is not None}
        self.lock(homes | set(beside))
        return found

    def _add(self, name: str, table: Any, columns: tuple[str, str], pairs: Iterable[tuple[int, int]]) -> None:
        known, wanted = _known(self._connection, table, columns, self._dataset_id), set(pairs)
        name_of = rejection_name if table is schema.rejections else distinction_name
        self._confirmed.update(name_of(*pair) for pair in wanted)
        new = sorted(wanted - known)
        if new:
            rows = [{"dataset_id": self._dataset_id, **dict(zip(columns, pair, strict=True))} for pair in new]
            self._connection.execute(insert(table), rows)
        self._pairs[name] = [*self._pairs.get(name, []), *new]

    def _remove(self, name: str, table: Any, columns: tuple[str, str], pairs: Iterable[tuple[int, int]]) -> None:
        gone = sorted(set(pairs) & _known(self._connection, table, columns, self._dataset_id))
        for first, second in gone:
            both = (table.c[columns[0]] == first, table.c[columns[1]] == second)
            self._connection.execute(delete(table).where(*both))
        self._pairs[name] = [*self._pairs.get(name, []), *gone]


def _known(connection: Connection, table: Any, columns: tuple[str, str], dataset_id: int) -> set[tuple[int, int]]:
    pairs = select(table.c[columns[0]], table.c[columns[1]]).where(table.c.dataset_id == dataset_id)
    return {(row[0], row[1]) for row in connection.execute(pairs)}


def _ordered(pair: tuple[int, int]) -> tuple[int, int]:
    return (min(pair), max(pair))


def write_decision(
    connection: Connection, dataset_id: int, kind: str, payload: Mapping[str, object], actor: str
) -> int:
    """Append a row to the journal; return its row."""
    row = {
        "dataset_id": dataset_id,
        "kind": kind,
        "payload": msgspec.json.encode(payload).decode(),
        "actor": actor,
        "time": moment.now(),
    }
    return int(connection.scalar(insert(schema.decisions).returning(_decisions.id), row) or 0)
