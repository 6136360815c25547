"""What a person says of faces: whose they are, whose they are not, and that they are to be left alone."""

from collections.abc import Sequence

from vultus.catalog.change import FigureState
from vultus.catalog.recording import Recording
from vultus.errors import InvalidArgument


def move_figures(recording: Recording, figure_ids: Sequence[str], target: str | None) -> str:
    """Put faces into a cluster, or into a new one of their own; they stay there until a person moves them again.

    Args:
        recording: of the decision.
        figure_ids: the faces; those that were ignored or called no face come back to life.
        target: object id of the cluster; None for a new one.

    Returns:
        Object id of the cluster.

    Raises:
        ResourceNotFound: there is no such face or cluster.
    """
    rows = recording.figures(figure_ids, [] if target is None else [target])
    if target is None:
        cluster, fragment = recording.found()
    else:
        cluster = recording.clusters([target])[target]
        # A fragment of their own: when other fragments of the cluster go elsewhere, these faces stay.
        fragment = recording.add_fragment(cluster)
    recording.accept((row, cluster) for row in rows.values())
    recording.place(rows.values(), fragment, pinned=True)
    recording.change(cluster, edited=True)
    return target or recording.object_id(cluster)


def reject_figures(recording: Recording, figure_ids: Sequence[str], object_id: str) -> None:
    """Say that faces are not of a cluster; those that are in it leave, and no run puts them back.

    Raises:
        ResourceNotFound: there is no such face or cluster.
    """
    rows = recording.figures(figure_ids, [object_id])
    cluster = recording.clusters([object_id])[object_id]
    _leave(recording, [row for row in rows.values() if recording.cluster_of(row) == cluster], clustered=True)
    recording.reject((row, cluster) for row in rows.values())


def detach_figures(recording: Recording, figure_ids: Sequence[str]) -> None:
    """Take faces out of whatever cluster they are in, and say that they are not of it (IMM's "independent").

    Raises:
        ResourceNotFound: there is no such face.
    """
    rows = recording.figures(figure_ids)
    left = {row: cluster for row in rows.values() if (cluster := recording.cluster_of(row)) is not None}
    _leave(recording, list(rows.values()), clustered=True)
    recording.reject(left.items())


def release_figures(recording: Recording, figure_ids: Sequence[str]) -> None:
    """Take faces out of whatever cluster they are in; the next run places them anew (IMM's "unavailable").

    Raises:
        ResourceNotFound: there is no such face.
    """
    _leave(recording, list(recording.figures(figure_ids).values()), clustered=False)


def judge_figures(recording: Recording, figure_ids: Sequence[str], state: FigureState) -> None:
    """Say that faces are to be ignored, or are none, and take them out of their clusters; or that they live again.

    Raises:
        ResourceNotFound: there is no such face.
    """
    rows = recording.figures(figure_ids).values()
    if state == "live":
        revived = [row for row in rows if (place := recording.place_of(row)) and place.state != "live"]
        recording.place(revived, None, clustered=False)
    else:
        recording.place(list(rows), None, state=state)


def split_cluster(
    recording: Recording, object_id: str, groups: Sequence[Sequence[str]], strays: Sequence[str]
) -> list[str]:
    """Divide a cluster: each group becomes a person of its own, strays belong to nobody for now.

    Args:
        recording: of the decision.
        object_id: the cluster, which keeps all faces that are not named.
        groups: ids of the faces of each new person.
        strays: ids of the faces that are like nobody.

    Returns:
        The object ids of the new clusters, which are known not to be the old one.

    Raises:
        ResourceNotFound: there is no such cluster, or a face is gone.
        InvalidArgument: a face has left the cluster meanwhile.
    """
    rows = recording.figures([figure for group in [*groups, strays] for figure in group], [object_id])
    cluster = recording.clusters([object_id])[object_id]
    if any(recording.cluster_of(row) != cluster for row in rows.values()):
        raise InvalidArgument("Faces of this person were moved meanwhile; split again.")
    made = []
    for group in groups:
        new, fragment = recording.found()
        members = [rows[figure] for figure in group]
        recording.place(members, fragment)
        recording.change(new, edited=True)
        recording.distinguish([(cluster, new)])
        recording.reject((row, cluster) for row in members)
        made.append(recording.object_id(new))
    lonely = [rows[figure] for figure in strays]
    _leave(recording, lonely, clustered=True)
    recording.reject((row, cluster) for row in lonely)
    recording.change(cluster, edited=True)
    return made


def _leave(recording: Recording, rows: Sequence[int], *, clustered: bool) -> None:
    recording.place(rows, None, clustered=clustered)
