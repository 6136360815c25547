"""What a person says of clusters: that they are one person, or two, or nobody to be bothered with."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from vultus.catalog import schema
from vultus.catalog.change import ClusterFacts
from vultus.catalog.recording import Recording
from vultus.errors import InvalidArgument

_clusters = schema.clusters.c


def merge_clusters(recording: Recording, connection: Connection, target: str, sources: Sequence[str]) -> None:
    """Join clusters to one. The sources disappear, but not from the journal.

    The target keeps its id, name, custom id, labels and chosen cover; where it has none, the largest source that has
    one lends its own.

    Raises:
        ResourceNotFound: there is no such cluster.
        InvalidArgument: the target is among the sources.
    """
    if target in sources:
        raise InvalidArgument("A figure cluster cannot be merged into itself.")
    recording.keep_rulings([target, *sources])
    rows = recording.clusters([target, *sources])
    into, others = rows[target], [rows[each] for each in dict.fromkeys(sources)]
    counted = connection.execute(select(_clusters.id, _clusters.face_count).where(_clusters.id.in_(others)))
    sizes = {row.id: row.face_count for row in counted}
    largest_first = sorted(others, key=lambda row: (-sizes[row], row))
    own, lenders = _facts(recording, into), [_facts(recording, row) for row in largest_first]
    _join_rulings(recording, connection, into, others)
    for row in others:
        recording.move_fragments(row, into)
    for row in others:
        recording.remove(row)
    version = own.meta_lock_version + 1
    recording.change(into, **_lent(own, lenders), edited=True, meta_lock_version=version)


def ignore_cluster(recording: Recording, object_id: str, ignored: bool) -> None:
    """Say that nobody cares for a person, or that somebody does again.

    Raises:
        ResourceNotFound: there is no such cluster.
    """
    recording.change(recording.clusters([object_id])[object_id], ignored=ignored, edited=True)


def distinguish_clusters(recording: Recording, first: str, second: str) -> None:
    """Say that two clusters are two people, whatever a suggestion says.

    Raises:
        ResourceNotFound: there is no such cluster.
        InvalidArgument: it is one cluster.
    """
    if first == second:
        raise InvalidArgument("A figure cluster cannot be told from itself.")
    rows = recording.clusters([first, second])
    recording.distinguish([(rows[first], rows[second])])


def _facts(recording: Recording, row: int) -> ClusterFacts:
    facts = recording.facts(row)
    assert facts is not None, "the cluster was locked"
    return facts


def _lent(own: ClusterFacts, lenders: Sequence[ClusterFacts]) -> dict[str, object]:
    """What the target takes over where it says nothing itself."""
    lent: dict[str, object] = {}
    if not own.name and (name := next((each.name for each in lenders if each.name), "")):
        lent["name"] = name
    if not own.custom_id and (custom_id := next((each.custom_id for each in lenders if each.custom_id), None)):
        lent["custom_id"] = custom_id
    if not own.custom_labels and (labelled := next((each for each in lenders if each.custom_labels), None)):
        lent |= {"custom_labels": labelled.custom_labels, "label_index": labelled.label_index}
    if not own.cover_pinned and (covered := next((each for each in lenders if each.cover_pinned), None)):
        lent |= {"cover_figure": covered.cover_figure, "cover_pinned": True}
    return lent


def _join_rulings(recording: Recording, connection: Connection, into: int, others: Sequence[int]) -> None:
    """Faces and people that were told from a source are told from the target, but for those that are one with it now.

    Who joins two clusters takes back, with that, having told them apart.
    """
    joined = {into, *others}
    facts = {row: _facts(recording, row) for row in joined}
    rejected = {(figure, row) for row in joined for figure in facts[row].rejected}
    inside = figures_in(connection, sorted(joined), {figure for figure, _ in rejected})
    recording.accept({pair for pair in rejected if pair[1] != into or pair[0] in inside})
    recording.reject({(figure, into) for figure, _ in rejected if figure not in inside})
    distinct = {(row, other) for row in joined for other in facts[row].distinct}
    recording.unite({pair for pair in distinct if pair[0] != into or pair[1] in joined})
    recording.distinguish({(into, other) for _, other in distinct if other not in joined})


def figures_in(connection: Connection, clusters: Sequence[int], figures: set[int]) -> set[int]:
    """Return which of these faces are in one of these clusters; rows."""
    found = select(schema.figures.c.id).join_from(schema.figures, schema.fragments)
    found = found.where(schema.fragments.c.cluster_id.in_(clusters), schema.figures.c.id.in_(sorted(figures)))
    return set(connection.scalars(found)) if figures else set()
