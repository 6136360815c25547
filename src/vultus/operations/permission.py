"""Permissions: whether somebody may do something, and which statement decides it."""

from dataclasses import replace
from typing import Annotated

from msgspec import UNSET, Meta

from vultus.errors import InvalidArgument
from vultus.model.wire import Text, Unset, Wire
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.ram.acting import owner_of_key, user_named
from vultus.ram.authorisation import judge
from vultus.ram.policy import Statement


class ExplainedStatement(Wire):
    """A statement of a policy; Number counts from 1. Of Action and NotAction there is one."""

    number: int
    effect: str
    action: list[str] | Unset = UNSET
    not_action: list[str] | Unset = UNSET
    resource: list[str]
    condition: dict[str, dict[str, list[str]]] | Unset = UNSET


class ExplainPermissionRequest(Request):
    user_access_key_id: Text = UNSET
    user_name: Text = UNSET
    operation: Annotated[str, Meta(min_length=1, max_length=128)]
    resource: Annotated[str, Meta(min_length=1, max_length=2048)]
    source_ip: Annotated[str, Meta(max_length=64)] | Unset = UNSET
    secure_transport: bool = False

    def __post_init__(self) -> None:
        """Check what a type cannot say."""
        if bool(self.user_access_key_id) == bool(self.user_name):
            raise InvalidArgument("One of UserAccessKeyId and UserName says who would call, and not both.")


class ExplainPermissionResponse(Response):
    allowed: bool
    reason: str
    principal: str
    policy_type: Text = UNSET
    policy_name: Text = UNSET
    statement: ExplainedStatement | Unset = UNSET


@operation(level="get", resource=None, product="vultus")
def explain_permission(call: Call, request: ExplainPermissionRequest) -> ExplainPermissionResponse:
    """Tell whether a user, or the owner of a key, may do something at this moment, and which statement decides it.

    Operation is an action as policies name it, `imm:GetProject`; Resource is an ARN. Reason is `Root`, `Allow`,
    `ExplicitDeny`, or `ImplicitDeny` where no statement applies. SourceIp and SecureTransport are what conditions
    would see.
    """
    if isinstance(request.user_access_key_id, str) and request.user_access_key_id:
        caller = owner_of_key(call.catalog, request.user_access_key_id)
    else:
        caller = user_named(call.catalog, str(request.user_name))
    if caller.kind == "Root":
        return ExplainPermissionResponse(allowed=True, reason="Root", principal=caller.arn)
    address = request.source_ip if isinstance(request.source_ip, str) else ""
    imagined = replace(call, principal=caller, source_address=address, secure=request.secure_transport)
    covers = call.settings.ram.project_covers_datasets
    verdict = judge(caller, request.operation, request.resource, imagined.context, project_covers_datasets=covers)
    found = ExplainPermissionResponse(allowed=verdict.allowed, reason=verdict.reason, principal=caller.arn)
    if verdict.policy is not None and verdict.statement is not None:
        found.policy_type, found.policy_name = verdict.policy.kind, verdict.policy.name
        found.statement = _explained(verdict.statement, verdict.policy.statements[verdict.statement - 1])
    return found


def _explained(number: int, statement: Statement) -> ExplainedStatement:
    told = ExplainedStatement(number=number, effect=statement.effect, resource=list(statement.resources))
    if statement.all_but:
        told.not_action = list(statement.actions)
    else:
        told.action = list(statement.actions)
    if statement.conditions:
        told.condition = {}
        for each in statement.conditions:
            told.condition.setdefault(each.operator, {})[each.key] = list(each.values)
    return told
