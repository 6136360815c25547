"""Full clustering: all faces looked at anew. What a person decided stays; the rest is a proposal first."""

import msgspec

from vultus.errors import InvalidArgument
from vultus.jobs.runs import FULL, PROPOSAL
from vultus.model import Dataset
from vultus.model.wire import Wire
from vultus.operations.call import Call
from vultus.operations.clustering import ClusteringRequest, start_run
from vultus.operations.operation import Request, Response, operation
from vultus.people import proposal


class CreateFullFigureClusteringTaskRequest(ClusteringRequest):
    pass


class CreateFullFigureClusteringTaskResponse(Response):
    task_id: str
    event_id: str


@operation(level="create", resource=Dataset, product="vultus")
def create_full_figure_clustering_task(
    call: Call, request: CreateFullFigureClusteringTaskRequest
) -> CreateFullFigureClusteringTaskResponse:
    """Group all faces of a dataset anew, and lead the people that are there towards it.

    Whom a person named, merged or otherwise formed is neither joined to another nor taken apart. GetTaskProgress
    tells of the run under the TaskType `FullFigureClustering`, and what it did.
    """
    task = start_run(call, request, FULL, "CreateFullFigureClusteringTask")
    return CreateFullFigureClusteringTaskResponse(task_id=task.task_id, event_id=task.event_id)


class CreateFigureClusteringProposalTaskRequest(ClusteringRequest):
    pass


class CreateFigureClusteringProposalTaskResponse(Response):
    task_id: str
    event_id: str


@operation(level="create", resource=Dataset, product="vultus")
def create_figure_clustering_proposal_task(
    call: Call, request: CreateFigureClusteringProposalTaskRequest
) -> CreateFigureClusteringProposalTaskResponse:
    """Find out what CreateFullFigureClusteringTask would change; nothing is changed.

    GetTaskProgress tells of it under the TaskType `FigureClusteringProposal`; once it has succeeded,
    GetFigureClusteringProposal answers what was found.
    """
    task = start_run(call, request, PROPOSAL, "CreateFigureClusteringProposalTask")
    return CreateFigureClusteringProposalTaskResponse(task_id=task.task_id, event_id=task.event_id)


class ProposedPerson(Wire):
    """A cluster that is there; the name is empty where nobody gave one."""

    object_id: str
    name: str


class ProposedAttachment(Wire):
    """A person who takes in faces of nobody."""

    figure_cluster: ProposedPerson
    figures: int


class ProposedJoin(Wire):
    """A person who becomes one with another, and disappears."""

    to: ProposedPerson
    from_: ProposedPerson
    figures: int


class ProposedSplit(Wire):
    """A person whom faces leave; of those, some go to other people or found new ones, the others belong to nobody."""

    figure_cluster: ProposedPerson
    figures: int
    placed_figures: int


class GetFigureClusteringProposalRequest(Request):
    project_name: str
    dataset_name: str
    task_id: str


class GetFigureClusteringProposalResponse(Response):
    figures: int
    create: list[int]
    attach: list[ProposedAttachment]
    join: list[ProposedJoin]
    split: list[ProposedSplit]
    skipped: dict[str, int]


@operation(level="get", resource=Dataset, product="vultus")
def get_figure_clustering_proposal(
    call: Call, request: GetFigureClusteringProposalRequest
) -> GetFigureClusteringProposalResponse:
    """Return what a full run would have changed when the task of CreateFigureClusteringProposalTask looked.

    Create holds the faces of each new cluster, the largest first; Attach, Join and Split name the clusters that
    change. Skipped counts the faces that belong to nobody afterwards, by the reason why.
    """
    dataset = call.dataset(request)
    task = call.catalog.tasks.get(dataset.project_id, request.task_id, PROPOSAL.task_type)
    if task.report is None or task.dataset_id != dataset.id:
        raise InvalidArgument(f"The task {request.task_id} has made no proposal for {dataset.name}.")
    found = msgspec.json.decode(task.report, type=proposal.Proposal)
    return GetFigureClusteringProposalResponse(
        figures=found.faces,
        create=found.create,
        attach=[ProposedAttachment(figure_cluster=_person(each.person), figures=each.faces) for each in found.attach],
        join=[
            ProposedJoin(to=_person(each.into), from_=_person(each.source), figures=each.faces) for each in found.join
        ],
        split=[
            ProposedSplit(figure_cluster=_person(each.person), figures=each.faces, placed_figures=each.placed)
            for each in found.split
        ],
        skipped=found.skipped,
    )


def _person(person: proposal.Person) -> ProposedPerson:
    return ProposedPerson(object_id=person.object_id, name=person.name)
