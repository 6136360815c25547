"""Explanations: for each face, whose it is, or what it lacks for founding a person."""

from typing import Annotated

from msgspec import UNSET, Meta

from vultus.catalog.file_documents import INDEPENDENT, UNAVAILABLE
from vultus.catalog.identifier import file_object_id
from vultus.catalog.overview import FigureFacts
from vultus.config import People
from vultus.model import Dataset, HeadPose
from vultus.model.wire import Text, Unset, Wire
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.paging import RowToken, cut, length_of, read_token
from vultus.people.gate import clear, frontal, large
from vultus.storage.uri import ObjectURI


class ExplainedFigure(Wire):
    """A face, and what it lacks for founding a person; Side is the smaller one of its box, in pixels."""

    uri: str
    figure_id: str
    figure_cluster_id: str
    side: int
    face_quality: float
    head_pose: HeadPose
    reasons: list[str]


class ExplainFiguresRequest(Request):
    project_name: str
    dataset_name: str
    uri: Text = UNSET
    max_results: Annotated[int, Meta(ge=0, le=100)] | Unset = UNSET
    next_token: Text = UNSET


class ExplainFiguresResponse(Response):
    figures: list[ExplainedFigure]
    next_token: Text = UNSET


class FigureToken(RowToken, frozen=True, tag="figure"):
    """Where a page of faces ended."""


@operation(level="list", resource=Dataset, product="vultus")
def explain_figures(call: Call, request: ExplainFiguresRequest) -> ExplainFiguresResponse:
    """List the faces of a dataset, or of one file, with what each lacks for founding a person.

    Reasons is empty for a face that may found one; it takes several such faces that are alike. A face that lacks
    something may still join a person who has been found.
    """
    dataset = call.dataset(request)
    token = read_token(request.next_token, FigureToken)
    length = length_of(request.max_results)
    file = None
    if isinstance(request.uri, str) and request.uri:
        uri = str(ObjectURI.parse(request.uri))
        file = file_object_id(dataset.owner_id, dataset.project_name, dataset.name, uri)
    rows = call.catalog.overview.figures(dataset.id, file, token.row if token else 0, length + 1)
    page, following = cut(rows, length, lambda row: FigureToken(row.id))
    gate = call.settings.people
    return ExplainFiguresResponse(figures=[_explained(each, gate) for each in page], next_token=following)


def shortcomings(facts: FigureFacts, gate: People) -> list[str]:
    """Say what a face lacks for founding a person, as ``people.gate.founding`` has it; nothing when it may."""
    reasons = []
    if not large(facts.side, gate):
        reasons.append(f"side {facts.side} px, must be more than {gate.founding_side}")
    for name, angle in (("pitch", facts.pitch), ("roll", facts.roll), ("yaw", facts.yaw)):
        if not frontal(angle, gate):
            reasons.append(f"{name} {angle:.1f}°, must be less than {gate.founding_angle:g}° either way")
    if not clear(facts.quality, gate):
        reasons.append(f"quality {facts.quality:.3f}, must be more than {gate.founding_quality:g}")
    return reasons


def _explained(facts: FigureFacts, gate: People) -> ExplainedFigure:
    return ExplainedFigure(
        uri=facts.uri,
        figure_id=facts.figure_id,
        figure_cluster_id=facts.cluster or (INDEPENDENT if facts.clustered else UNAVAILABLE),
        side=facts.side,
        face_quality=facts.quality,
        head_pose=HeadPose(pitch=facts.pitch, roll=facts.roll, yaw=facts.yaw),
        reasons=shortcomings(facts, gate),
    )
