"""Updates of files: what callers say of them, and whose the faces in them are."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta

from vultus.catalog.datasets import DatasetRow
from vultus.catalog.file_documents import INDEPENDENT, UNAVAILABLE
from vultus.errors import InvalidArgument, ResourceNotFound, VultusError
from vultus.model import Dataset, File, InputFile
from vultus.model.input_file import InputFileFigures
from vultus.model.wire import Text, Wire
from vultus.operations.call import Call
from vultus.operations.input_file import accept
from vultus.operations.operation import Request, Response, operation


class UpdateFileMetaRequest(Request):
    project_name: str
    dataset_name: str
    file: InputFile


class UpdateFileMetaResponse(Response):
    pass


@operation(level="update", resource=Dataset)
def update_file_meta(call: Call, request: UpdateFileMetaRequest) -> UpdateFileMetaResponse:
    """Change what is said of a file that was handed in: CustomId, CustomLabels, and whose its Figures are.

    CustomLabels are replaced as a whole. A figure that is given a FigureClusterId moves there and stays, whatever
    later runs find. `figure-cluster-id-independent` takes it out of its cluster and keeps it from being put back
    there; `figure-cluster-id-unavailable` lets the next run place it anew. Figures that are not named stay.
    """
    _update(call, call.dataset(request), request.file)
    return UpdateFileMetaResponse()


class UpdatedFile(Wire):
    """What became of one file."""

    uri: str
    success: bool
    message: Text = UNSET


class BatchUpdateFileMetaRequest(Request):
    project_name: str
    dataset_name: str
    files: Annotated[list[InputFile], Meta(min_length=1, max_length=100)]


class BatchUpdateFileMetaResponse(Response):
    files: list[UpdatedFile]


@operation(level="update", resource=Dataset)
def batch_update_file_meta(call: Call, request: BatchUpdateFileMetaRequest) -> BatchUpdateFileMetaResponse:
    """Change what is said of up to 100 files, as UpdateFileMeta does, each for itself.

    The answer tells for each file whether it was changed, and if not, why.
    """
    dataset = call.dataset(request)
    return BatchUpdateFileMetaResponse(files=[_told(call, dataset, file) for file in request.files])


def _told(call: Call, dataset: DatasetRow, file: InputFile) -> UpdatedFile:
    try:
        _update(call, dataset, file)
    except VultusError as error:
        if error.status >= 500:
            raise
        message = f"{error.code} | {error.message}"
        return UpdatedFile(uri=file.uri or "", success=False, message=message)
    return UpdatedFile(uri=file.uri or "", success=True)


def _update(call: Call, dataset: DatasetRow, file: InputFile) -> None:
    accepted = accept(call, dataset.project_name, file)
    with call.catalog.transaction():
        call.catalog.files.update(dataset, accepted)
        if file.figures:
            _place(call, dataset, str(accepted.uri), file.figures)


def _place(call: Call, dataset: DatasetRow, uri: str, figures: list[InputFileFigures]) -> None:
    """Put figures where the caller says, those that are there already left alone: one decision for each place."""
    [document] = call.catalog.files.get_many(dataset, [uri])
    known = msgspec.json.decode(document, type=File).figures
    current = {figure.figure_id: figure.figure_cluster_id for figure in known or []}
    places: dict[str, list[str]] = {}
    for figure in figures:
        figure_id, place = _checked(figure)
        if figure_id not in current:
            raise ResourceNotFound(f"figure {figure_id}")
        if current[figure_id] != place:
            places.setdefault(place, []).append(figure_id)
    for place, figure_ids in places.items():
        if place == INDEPENDENT:
            call.catalog.figures.detach(dataset, figure_ids, call.principal.user)
        elif place == UNAVAILABLE:
            call.catalog.figures.release(dataset, figure_ids, call.principal.user)
        else:
            call.catalog.figures.move(dataset, figure_ids, place, call.principal.user)


def _checked(figure: InputFileFigures) -> tuple[str, str]:
    if figure.figure_type not in (UNSET, "", "face"):
        raise InvalidArgument("FigureType must be face.")
    if not figure.figure_id or not figure.figure_cluster_id:
        raise InvalidArgument("A figure is moved by its FigureId and the FigureClusterId of its new cluster.")
    return str(figure.figure_id), str(figure.figure_cluster_id)
