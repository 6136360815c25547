"""The embedding model of a dataset, and its change to another one."""

import msgspec

from vultus.catalog.tasks import TaskRow
from vultus.config import ConfigError
from vultus.errors import InvalidArgument
from vultus.jobs.model_change import TASK_TYPE, ModelChange, switch_job
from vultus.model import Dataset
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.vision.models.model import known_models


class UseEmbeddingModelRequest(Request):
    project_name: str
    dataset_name: str
    model: str
    skip_missing: bool = False


class UseEmbeddingModelResponse(Response):
    task_id: str
    event_id: str


@operation(level="update", resource=Dataset, product="vultus")
def use_embedding_model(call: Call, request: UseEmbeddingModelRequest) -> UseEmbeddingModelResponse:
    """Have the faces of a dataset looked at by another model; ids, people, names and decisions stay.

    The answer comes before the work is done; GetTaskProgress tells of it under the TaskType `EmbeddingModelChange`.
    The dataset works with the model that it has until all faces were looked at, and then with the new one. A file that
    has changed is indexed anew. Where files cannot be read, the task fails and the dataset keeps its model; with
    SkipMissing it changes all the same, and the faces of those files stay with their people but are compared with
    nobody until the files are indexed again. Asking again goes on where a change was broken off; asking for another
    model, or for the one that the dataset has, cancels a change under way.
    """
    _check_model(call, request.model)
    with call.catalog.transaction():
        dataset = call.dataset(request)
        task = _same_change(call, dataset.id, request)
        if task is None:
            task = call.catalog.tasks.create(
                dataset.project_id,
                dataset.id,
                TASK_TYPE,
                action="UseEmbeddingModel",
                request=msgspec.json.encode(request).decode(),
            )
            call.catalog.reembedding.retry_missing(dataset.id)
            change = ModelChange(request.model, request.skip_missing)
            call.catalog.jobs.put_many([switch_job(dataset.id, task.id, change)])
    return UseEmbeddingModelResponse(task_id=task.task_id, event_id=task.event_id)


def _check_model(call: Call, model: str) -> None:
    try:
        known_models(call.settings.home).embedding_model(model)
    except ConfigError as error:
        raise InvalidArgument(error.message) from None


def _same_change(call: Call, dataset_id: int, request: UseEmbeddingModelRequest) -> TaskRow | None:
    """The change under way when it is the one that is asked for; another one is cancelled."""
    for row_id in call.catalog.tasks.running(dataset_id, TASK_TYPE):
        task = call.catalog.tasks.by_id(row_id)
        if msgspec.json.decode(task.request, type=UseEmbeddingModelRequest) == request:
            return task
        call.catalog.tasks.cancel(row_id, call.principal.user)
    return None
