"""Taking a decision back: faces, fragments and clusters as they were, unless a later decision says otherwise."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from vultus.catalog import schema
from vultus.catalog.change import Change, ClusterFacts, Place, cluster_name, field_name
from vultus.catalog.cluster_decisions import figures_in
from vultus.catalog.database import batches
from vultus.catalog.recording import Recording
from vultus.catalog.standing import cluster_facts
from vultus.errors import CannotUndo
from vultus.model import moment

_clusters, _figures, _fragments = schema.clusters.c, schema.figures.c, schema.fragments.c


def reverse(connection: Connection, recording: Recording, change: Change, later: Mapping[int, Change]) -> None:
    """Take back what a decision changed.

    Args:
        connection: of the transaction.
        recording: carries it out.
        change: what the decision changed.
        later: what later decisions that stand have changed, by number.

    Raises:
        CannotUndo: a later decision concerns the same, or nothing is left of what it was about.
    """
    _check_later(change, later)
    concerned = _concerned(connection, change)
    recording.keep(_told_from(change), concerned | _distinct_from(change))
    recording.rows((each.figure for each in change.figures), concerned)
    _revive(connection, recording, change, later)
    _return_fragments(connection, recording, change)
    _return_figures(connection, recording, change)
    _dissolve(connection, recording, change)
    recording.accept(change.rejected)
    _reject_again(connection, recording, change)
    recording.unite(change.distinguished)
    _restore_fields(connection, recording, change, later)


def _check_later(change: Change, later: Mapping[int, Change]) -> None:
    said_of = {cluster_name(each.cluster) for each in change.clusters if each.fields}
    for number, other in sorted(later.items()):
        if change.made & (other.made | other.needed) - _soft(change) or said_of & other.made:
            raise CannotUndo(f"Decision {number} came later and concerns the same; undo that first.")


def _soft(change: Change) -> set[str]:
    """What a merge or the like lent along the way: where somebody has said otherwise since, that stays."""
    if not (change.figures or change.fragments):
        return set()
    return {field_name(each.cluster, field) for each in change.clusters for field in each.fields}


def _concerned(connection: Connection, change: Change) -> set[int]:
    """The clusters that the decision was about, and those that its fragments are of now."""
    fragments = {each.fragment for each in change.fragments}
    fragments |= {each.before.fragment for each in change.figures if each.before.fragment is not None}
    clusters = {each.cluster for each in change.clusters} | set(_homes(connection, fragments).values())
    return clusters | {each.before.cluster for each in change.figures if each.before.cluster is not None}


def _told_from(change: Change) -> set[int]:
    """The faces that the decision was about, and those that clusters it may bring back were told from."""
    figures = {each.figure for each in change.figures} | {figure for figure, _ in change.accepted}
    return figures | {figure for each in change.clusters if each.before for figure in each.before.rejected}


def _distinct_from(change: Change) -> set[int]:
    """The clusters that those which it may bring back were told from."""
    clusters = {cluster for pair in change.united for cluster in pair} | {cluster for _, cluster in change.accepted}
    return clusters | {other for each in change.clusters if each.before for other in each.before.distinct}


def _homes(connection: Connection, fragments: set[int]) -> dict[int, int]:
    """The cluster that each fragment is of now."""
    homes: dict[int, int] = {}
    for some in batches(sorted(fragments)):
        found = select(_fragments.id, _fragments.cluster_id).where(_fragments.id.in_(some))
        homes |= {row.id: row.cluster_id for row in connection.execute(found)}
    return homes


def _revive(connection: Connection, recording: Recording, change: Change, later: Mapping[int, Change]) -> None:
    """Make the clusters again that faces or fragments return to and that are gone."""
    homes = _homes(connection, {each.before.fragment for each in change.figures if each.before.fragment is not None})
    wanted = {each.before for each in change.fragments}
    for each in change.figures:
        home, fragment = each.before.cluster, each.before.fragment
        if home is not None and fragment not in homes and recording.place_of(each.figure) is not None:
            wanted.add(home)
    for cluster in sorted(wanted):
        if recording.facts(cluster) is None and (facts := _last_known(cluster, change, later)) is not None:
            _make_again(connection, recording, cluster, facts)


def _last_known(cluster: int, change: Change, later: Mapping[int, Change]) -> ClusterFacts | None:
    known = next((each.before for each in change.clusters if each.cluster == cluster), None)
    for _, other in sorted(later.items()):
        for each in other.clusters:
            if each.cluster == cluster:
                known = each.after or _at_its_end(cluster, each.before or known, other)
    return known


def _at_its_end(cluster: int, facts: ClusterFacts | None, change: Change) -> ClusterFacts | None:
    """A cluster that went with a decision, with what that same decision ruled out for it."""
    if facts is None:
        return None
    rejected = {figure for figure, other in change.rejected if other == cluster}
    return msgspec.structs.replace(facts, rejected=sorted(rejected | set(facts.rejected)))


def _make_again(connection: Connection, recording: Recording, cluster: int, facts: ClusterFacts) -> None:
    said = {name: getattr(facts, name) for name in facts.__struct_fields__ if name not in ("rejected", "distinct")}
    empty = {"id": cluster, "dataset_id": recording.dataset_id, "gender": "", "update_time": moment.now()}
    empty |= dict.fromkeys(("face_count", "image_count", "video_count"), 0)
    connection.execute(insert(schema.clusters), {**said, **empty})
    recording.revived(cluster, facts)
    figures: set[int] = set()
    for some in batches(facts.rejected):
        figures.update(connection.scalars(select(_figures.id).where(_figures.id.in_(some))))
    recording.reject((figure, cluster) for figure in figures)
    others = connection.scalars(select(_clusters.id).where(_clusters.id.in_(facts.distinct)))
    recording.distinguish((cluster, other) for other in list(others))


def _return_fragments(connection: Connection, recording: Recording, change: Change) -> None:
    homes = _homes(connection, {each.fragment for each in change.fragments})
    for each in change.fragments:
        if each.fragment in homes:
            recording.move_fragment(each.fragment, each.after, each.before)
    if change.fragments and not homes and not change.figures:
        raise CannotUndo("Nothing is left of the people that this decision was about.")


def _return_figures(connection: Connection, recording: Recording, change: Change) -> None:
    back = {each.figure: each.before for each in change.figures if recording.place_of(each.figure) is not None}
    if change.figures and not back:
        raise CannotUndo("None of the faces that this decision was about is left.")
    homes = _homes(connection, {place.fragment for place in back.values() if place.fragment is not None})
    lost = {
        place.fragment: place.cluster
        for place in back.values()
        if place.fragment is not None and place.cluster is not None and place.fragment not in homes
    }
    alive = cluster_facts(connection, sorted(set(lost.values())))
    for fragment, cluster in sorted(lost.items()):
        if alive[cluster] is not None:
            homes[recording.add_fragment(cluster, fragment)] = cluster
    places = {figure: _possible(place, homes) for figure, place in back.items()}
    _check_rejections(connection, change, {figure: homes.get(place.fragment or 0) for figure, place in places.items()})
    recording.put_back(places)


def _possible(place: Place, homes: Mapping[int, int]) -> Place:
    """The place as it was; nowhere, when the cluster is gone for good."""
    if place.fragment is None or place.fragment in homes:
        return place
    return msgspec.structs.replace(place, fragment=None, pinned=False, confidence=None, clustered=False)


def _check_rejections(connection: Connection, change: Change, homes: Mapping[int, int | None]) -> None:
    """A face does not return to a person that it was since said not to be, or before: somebody joined the two since."""
    if any(homes.get(figure) == cluster for figure, cluster in change.accepted):
        raise CannotUndo("A face would return to a person whom it was said not to be; undo what joined the two first.")
    for some in batches(sorted(homes)):
        rejected = select(schema.rejections.c.figure_id, schema.rejections.c.cluster_id)
        for figure, cluster in connection.execute(rejected.where(schema.rejections.c.figure_id.in_(some))):
            if homes[figure] == cluster and (figure, cluster) not in change.rejected:
                raise CannotUndo("A face would return to a person whom it was since said not to be.")


def _dissolve(connection: Connection, recording: Recording, change: Change) -> None:
    """Let go of the faces that have joined a person since whom the decision founded."""
    for each in change.clusters:
        if each.before is None and each.after is not None:
            of_cluster = select(_fragments.id).where(_fragments.cluster_id == each.cluster)
            members = select(_figures.id).where(_figures.fragment_id.in_(of_cluster))
            left = {"fragment_id": None, "pinned": False, "confidence": None, "clustered": False}
            connection.execute(update(schema.figures).where(_figures.id.in_(members)).values(left))
            connection.execute(delete(schema.clusters).where(_clusters.id == each.cluster))


def _reject_again(connection: Connection, recording: Recording, change: Change) -> None:
    """Put back what a person had ruled out before, as far as faces and clusters are there and are not one now."""
    alive = cluster_facts(connection, sorted({cluster for _, cluster in change.accepted}))
    for figure, cluster in change.accepted:
        exists = connection.scalar(select(_figures.id).where(_figures.id == figure)) is not None
        if exists and alive[cluster] is not None and not figures_in(connection, [cluster], {figure}):
            recording.reject([(figure, cluster)])
    there = cluster_facts(connection, sorted({cluster for pair in change.united for cluster in pair}))
    recording.distinguish(pair for pair in change.united if None not in (there[pair[0]], there[pair[1]]))


def _restore_fields(connection: Connection, recording: Recording, change: Change, later: Mapping[int, Change]) -> None:
    formed_since = {each.cluster for other in later.values() for each in other.clusters}
    said_since = {name for other in later.values() for name in other.made}
    rows = [each.cluster for each in change.clusters if each.fields]
    now = cluster_facts(connection, rows)
    restored = False
    for each in change.clusters:
        facts = now.get(each.cluster)
        if each.before is None or each.after is None or facts is None:
            continue
        same = [name for name in each.fields if getattr(facts, name) == getattr(each.after, name)]
        # What was lent and then said, in the same words, is nobody's loan any more.
        same = [name for name in same if field_name(each.cluster, name) not in said_since]
        if each.cluster in formed_since:
            same = [name for name in same if name != "edited"]
        values = {name: getattr(each.before, name) for name in same}
        version = facts.meta_lock_version + (each.before.meta_lock_version != each.after.meta_lock_version)
        if values:
            restored = True
            recording.change(each.cluster, **values, meta_lock_version=version)
    only_said = not (change.figures or change.fragments or change.rejected or change.distinguished)
    if only_said and rows and not restored:
        raise CannotUndo("The person that this decision was about is gone.")
