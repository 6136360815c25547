"""The audit: whether what a dataset says of its faces and people is true, and putting it right."""

from vultus.catalog.audit import Finding
from vultus.model import Dataset
from vultus.model.wire import Wire
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation


class Fault(Wire):
    """A rule that is broken, with the ids of the faces and clusters that break it."""

    rule: str
    ids: list[str]


class AuditDatasetRequest(Request):
    project_name: str
    dataset_name: str


class AuditDatasetResponse(Response):
    faults: list[Fault]


@operation(level="get", resource=Dataset, product="vultus")
def audit_dataset(call: Call, request: AuditDatasetRequest) -> AuditDatasetResponse:
    """Check every rule that faces and people of a dataset must keep; nothing is changed.

    Counts, gender, ages and covers follow from the faces; every face has an embedding, all of one model; nobody is
    where a person said that they do not belong.
    """
    return AuditDatasetResponse(faults=_faults(call.catalog.audit.check(call.dataset(request).id)))


class RepairDatasetRequest(Request):
    project_name: str
    dataset_name: str


class RepairDatasetResponse(Response):
    faults: list[Fault]


@operation(level="update", resource=Dataset, product="vultus")
def repair_dataset(call: Call, request: RepairDatasetRequest) -> RepairDatasetResponse:
    """Repair what AuditDataset finds, and return what it was; each repair is written to the journal.

    Files whose faces lack an embedding, or have one of another model than the rest, are indexed again.
    """
    return RepairDatasetResponse(
        faults=_faults(call.catalog.audit.repair(call.dataset(request).id, call.principal.user))
    )


def _faults(found: list[Finding]) -> list[Fault]:
    return [Fault(rule=each.rule, ids=each.names) for each in found]
