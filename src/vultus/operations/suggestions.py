"""Suggestions: people who may be one."""

from typing import TYPE_CHECKING, Annotated

from msgspec import UNSET, Meta

from vultus.model import Dataset, FigureCluster
from vultus.model.wire import Text, Unset, Wire
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.paging import Stored, Token, cut, length_of, read_token

if TYPE_CHECKING:
    from vultus.people.suggesting import SuggestedPair


class SuggestionEvidence(Wire):
    """What speaks for two people being one, and against it.

    Likeness is measured against strangers: at 0, one pair of them in a hundred is as alike, and at 1, one in a hundred
    thousand. MeanLikeness is that of all faces of the two, ClosestLikeness that of the ClosestFigureIds. CloseFigures
    counts pairs of faces that are so alike as is counted for one person. FilesOfBoth, in which both appear, speak
    against it.
    """

    mean_likeness: float
    closest_likeness: float
    closest_figure_ids: list[str]
    close_figures: int
    files_of_both: int


class FigureClusterSuggestion(Wire):
    """Two clusters that may be one person, the larger first; Confidence is the probability, 0 to 1."""

    figure_clusters: list[FigureCluster]
    confidence: float
    evidence: SuggestionEvidence


class ListFigureClusterSuggestionsRequest(Request):
    project_name: str
    dataset_name: str
    max_results: Annotated[int, Meta(ge=0, le=100)] | Unset = UNSET
    next_token: Text = UNSET


class ListFigureClusterSuggestionsResponse(Response):
    suggestions: list[FigureClusterSuggestion]
    next_token: Text = UNSET


class SuggestionToken(Token, frozen=True, tag="suggestion"):
    """Where a page of suggestions ended."""

    confidence: Annotated[float, Meta(ge=0, le=1)]
    first: Stored
    second: Stored


@operation(level="list", resource=Dataset, product="vultus")
def list_figure_cluster_suggestions(
    call: Call, request: ListFigureClusterSuggestionsRequest
) -> ListFigureClusterSuggestionsResponse:
    """List pairs of people who may be one, the likeliest first, each with its evidence.

    Of those with a Confidence of 0.7, about seven in ten are one person. MergeFigureClusters says yes to a pair;
    DistinguishFigureClusters says no, and it is never listed again; UndoDecision takes either back. People who are
    ignored are left out.
    """
    from vultus.people.suggesting import Suggesting  # heavy, and wanted by this operation only

    dataset = call.dataset(request)
    length, token = length_of(request.max_results), read_token(request.next_token, SuggestionToken)
    after = (token.confidence, token.first, token.second) if token else None
    found = Suggesting(call.catalog, call.settings).page(dataset, after, length + 1)
    page, following = cut(found, length, lambda pair: SuggestionToken(*pair.place))
    named = [object_id for pair in page for object_id in pair.people]
    clusters = {str(cluster.object_id): cluster for cluster in call.catalog.clusters.get_many(dataset, named)}
    return ListFigureClusterSuggestionsResponse(
        # A pair that somebody has joined at this very moment is left out.
        suggestions=[_suggestion(pair, clusters) for pair in page if clusters.keys() >= set(pair.people)],
        next_token=following,
    )


def _suggestion(pair: "SuggestedPair", clusters: dict[str, FigureCluster]) -> FigureClusterSuggestion:
    return FigureClusterSuggestion(
        figure_clusters=[clusters[each] for each in pair.people],
        confidence=round(pair.confidence, 4),
        evidence=SuggestionEvidence(
            mean_likeness=round(pair.likeness, 3),
            closest_likeness=round(pair.closeness.likeness, 3),
            closest_figure_ids=list(pair.closest),
            close_figures=pair.closeness.close_pairs,
            files_of_both=pair.together,
        ),
    )
