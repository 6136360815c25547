"""Decisions: what people said of faces and persons, beyond what IMM has operations for."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta

from vultus.catalog.decisions import DecisionRow
from vultus.catalog.paging import PageKey
from vultus.errors import InvalidArgument
from vultus.model import Dataset, FigureCluster, moment
from vultus.model.wire import Text, Unset, Wire
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.paging import PlaceToken, RowToken, cut, length_of, read_place, read_token, write_token

FigureIds = Annotated[list[str], Meta(min_length=1, max_length=1000)]


class MoveFiguresRequest(Request):
    project_name: str
    dataset_name: str
    figure_ids: FigureIds
    figure_cluster_id: Text = UNSET


class MoveFiguresResponse(Response):
    figure_cluster_id: str


@operation(level="update", resource=Dataset, product="vultus")
def move_figures(call: Call, request: MoveFiguresRequest) -> MoveFiguresResponse:
    """Put faces into a cluster, or into a new one when FigureClusterId is left out; no run takes them out again."""
    target = request.figure_cluster_id or None
    moved = call.catalog.figures.move(call.dataset(request), request.figure_ids, target, call.principal.user)
    return MoveFiguresResponse(figure_cluster_id=moved)


class RejectFiguresRequest(Request):
    project_name: str
    dataset_name: str
    figure_ids: FigureIds
    figure_cluster_id: str


class RejectFiguresResponse(Response):
    pass


@operation(level="update", resource=Dataset, product="vultus")
def reject_figures(call: Call, request: RejectFiguresRequest) -> RejectFiguresResponse:
    """Say that faces are not of a person: they leave the cluster, and no run puts them back."""
    catalog, dataset = call.catalog, call.dataset(request)
    catalog.figures.reject(dataset, request.figure_ids, request.figure_cluster_id, call.principal.user)
    return RejectFiguresResponse()


class IgnoreFiguresRequest(Request):
    project_name: str
    dataset_name: str
    figure_ids: FigureIds
    state: Literal["ignored", "not-a-face", "live"] = "ignored"


class IgnoreFiguresResponse(Response):
    pass


@operation(level="update", resource=Dataset, product="vultus")
def ignore_figures(call: Call, request: IgnoreFiguresRequest) -> IgnoreFiguresResponse:
    """Leave faces alone from now on: they belong to nobody and count nowhere.

    With the State `not-a-face` they are no longer shown with their file either. `live` takes both back: the next run
    places the faces anew.
    """
    call.catalog.figures.judge(call.dataset(request), request.figure_ids, request.state, call.principal.user)
    return IgnoreFiguresResponse()


class IgnoreFigureClusterRequest(Request):
    project_name: str
    dataset_name: str
    object_id: str
    ignored: bool = True


class IgnoreFigureClusterResponse(Response):
    pass


@operation(level="update", resource=Dataset, product="vultus")
def ignore_figure_cluster(call: Call, request: IgnoreFigureClusterRequest) -> IgnoreFigureClusterResponse:
    """Keep a person out of QueryFigureClusters, or let them back in with Ignored `false`.

    The cluster is still answered by its id, and goes on taking in the faces of that person.
    """
    call.catalog.clusters.ignore(call.dataset(request), request.object_id, request.ignored, call.principal.user)
    return IgnoreFigureClusterResponse()


class ListIgnoredFigureClustersRequest(Request):
    project_name: str
    dataset_name: str
    max_results: Annotated[int, Meta(ge=0, le=100)] | Unset = UNSET
    next_token: Text = UNSET


class ListIgnoredFigureClustersResponse(Response):
    figure_clusters: list[FigureCluster]
    next_token: Text = UNSET


class IgnoredToken(PlaceToken, frozen=True, tag="ignored"):
    """Where a page of ignored people ended."""


@operation(level="list", resource=Dataset, product="vultus")
def list_ignored_figure_clusters(
    call: Call, request: ListIgnoredFigureClustersRequest
) -> ListIgnoredFigureClustersResponse:
    """List the people of a dataset whom somebody said to ignore, by id."""
    place = read_place(request.next_token, IgnoredToken, "", "asc")
    page = call.catalog.clusters.query(
        call.dataset(request),
        ignored=True,
        limit=length_of(request.max_results),
        after=PageKey(place.value, place.row) if place else None,
    )
    following = page.next and write_token(IgnoredToken("", "asc", page.next.value, page.next.id))
    return ListIgnoredFigureClustersResponse(figure_clusters=page.clusters, next_token=following or UNSET)


class DistinguishFigureClustersRequest(Request):
    project_name: str
    dataset_name: str
    object_ids: Annotated[list[str], Meta(min_length=2, max_length=2)]


class DistinguishFigureClustersResponse(Response):
    pass


@operation(level="update", resource=Dataset, product="vultus")
def distinguish_figure_clusters(
    call: Call, request: DistinguishFigureClustersRequest
) -> DistinguishFigureClustersResponse:
    """Say that two clusters are two people: nothing suggests again that they are one."""
    first, second = request.object_ids
    call.catalog.clusters.distinguish(call.dataset(request), first, second, call.principal.user)
    return DistinguishFigureClustersResponse()


class SplitFigureClusterRequest(Request):
    project_name: str
    dataset_name: str
    object_id: str
    strictness: Annotated[float, Meta(ge=0, le=1)] | Unset = UNSET


class SplitFigureClusterResponse(Response):
    object_ids: list[str]


@operation(level="update", resource=Dataset, product="vultus")
def split_figure_cluster(call: Call, request: SplitFigureClusterRequest) -> SplitFigureClusterResponse:
    """Group the faces of one person again, strictly; ObjectIds are the people who were found beside them.

    The cluster keeps its id with the largest group, and with every face that was put there by hand. Strictness goes
    from 0, the threshold of the whole dataset, to 1; each third of it, which is what is taken when it is left out,
    means ten times fewer lookalikes by chance.
    """
    from vultus.people.splitting import Splitting  # heavy, and wanted by this operation only

    splitting = Splitting(call.catalog, call.settings)
    strictness = None if request.strictness is UNSET else request.strictness
    made = splitting.run(call.dataset(request), request.object_id, strictness, call.principal.user)
    if not made:
        raise InvalidArgument("The faces of this person hold together; a higher Strictness may part them.")
    return SplitFigureClusterResponse(object_ids=made)


class Decision(Wire):
    """A decision; UndoneTime is there when it was undone. About names faces and clusters by their ids."""

    decision_id: int
    kind: str
    actor: str
    time: str
    about: dict[str, Any]
    undone_time: Text = UNSET


class ListDecisionsRequest(Request):
    project_name: str
    dataset_name: str
    max_results: Annotated[int, Meta(ge=0, le=100)] | Unset = UNSET
    next_token: Text = UNSET


class ListDecisionsResponse(Response):
    decisions: list[Decision]
    next_token: Text = UNSET


class DecisionToken(RowToken, frozen=True, tag="decision"):
    """Where a page of decisions ended."""


@operation(level="list", resource=Dataset, product="vultus")
def list_decisions(call: Call, request: ListDecisionsRequest) -> ListDecisionsResponse:
    """List what people decided in a dataset, the latest first; undone decisions stay in the list."""
    dataset = call.dataset(request)
    length, token = length_of(request.max_results), read_token(request.next_token, DecisionToken)
    rows = list(call.catalog.decisions.latest(dataset.id, token.row if token else None, length + 1))
    page, following = cut(rows, length, lambda row: DecisionToken(row.id))
    return ListDecisionsResponse(decisions=[_decision(row) for row in page], next_token=following)


class UndoDecisionRequest(Request):
    project_name: str
    dataset_name: str
    decision_id: Annotated[int, Meta(ge=1)]


class UndoDecisionResponse(Response):
    pass


@operation(level="update", resource=Dataset, product="vultus")
def undo_decision(call: Call, request: UndoDecisionRequest) -> UndoDecisionResponse:
    """Take a decision back: what it changed is as it was, but for what later decisions said since.

    Where a later decision concerns the same faces or people, that must be undone first; the error,
    Conflict.Decision, names it.
    """
    call.catalog.decisions.undo(call.dataset(request).id, request.decision_id, call.principal.user)
    return UndoDecisionResponse()


def _decision(row: DecisionRow) -> Decision:
    return Decision(
        decision_id=row.id,
        kind=row.kind,
        actor=row.actor,
        time=moment.to_wire(row.time),
        about=row.about,
        undone_time=UNSET if row.undone_time is None else moment.to_wire(row.undone_time),
    )
