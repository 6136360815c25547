"""Versions of policies: what they say, said and may say again."""

import re
from typing import Literal

from vultus.errors import EntityNotExist, InvalidParameter
from vultus.model.ram import PolicyType, PolicyVersion, PolicyVersions
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.ram.policies import Document, custom_version, find_system, system_version
from vultus.operations.resource import POLICY
from vultus.ram import policy as language


class CreatePolicyVersionRequest(Request):
    policy_name: str
    policy_document: Document
    set_as_default: bool = False
    rotate_strategy: Literal["None", "DeleteOldestNonDefaultVersionWhenLimitExceeded"] = "None"


class CreatePolicyVersionResponse(Response):
    policy_version: PolicyVersion


@operation(level="create", resource=POLICY, product="ram")
def create_policy_version(call: Call, request: CreatePolicyVersionRequest) -> CreatePolicyVersionResponse:
    """Give a custom policy another version; with SetAsDefault it counts from now on.

    A policy has five versions at most. RotateStrategy says whether the oldest that does not count makes room.
    """
    language.Policy.parse(request.policy_document)
    made = call.catalog.policies.add_version(
        request.policy_name,
        request.policy_document,
        default=request.set_as_default,
        rotate=request.rotate_strategy != "None",
    )
    return CreatePolicyVersionResponse(policy_version=custom_version(made))


class GetPolicyVersionRequest(Request):
    policy_type: PolicyType
    policy_name: str
    version_id: str


class GetPolicyVersionResponse(Response):
    policy_version: PolicyVersion


@operation(level="get", resource=POLICY, product="ram")
def get_policy_version(call: Call, request: GetPolicyVersionRequest) -> GetPolicyVersionResponse:
    """Return a version of a policy. Of the system's policies, only the version that counts is known."""
    number = _number(request.version_id)
    if request.policy_type == "Custom":
        found = custom_version(call.catalog.policies.version(request.policy_name, number))
    else:
        found = system_version(find_system(request.policy_name))
        if found.version_id != request.version_id:
            raise EntityNotExist("Policy.Version", f"The policy {request.policy_name} has no version v{number} here.")
    return GetPolicyVersionResponse(policy_version=found)


class ListPolicyVersionsRequest(Request):
    policy_type: PolicyType
    policy_name: str


class ListPolicyVersionsResponse(Response):
    policy_versions: PolicyVersions


@operation(level="list", resource=POLICY, product="ram")
def list_policy_versions(call: Call, request: ListPolicyVersionsRequest) -> ListPolicyVersionsResponse:
    """List the versions of a policy, the newest first."""
    if request.policy_type == "System":
        versions = [system_version(find_system(request.policy_name))]
    else:
        versions = [custom_version(row) for row in call.catalog.policies.versions(request.policy_name)]
    return ListPolicyVersionsResponse(policy_versions=PolicyVersions(policy_version=versions))


class SetDefaultPolicyVersionRequest(Request):
    policy_name: str
    version_id: str


class SetDefaultPolicyVersionResponse(Response):
    pass


@operation(level="update", resource=POLICY, product="ram")
def set_default_policy_version(call: Call, request: SetDefaultPolicyVersionRequest) -> SetDefaultPolicyVersionResponse:
    """Make another version of a custom policy the one that counts."""
    call.catalog.policies.set_default_version(request.policy_name, _number(request.version_id))
    return SetDefaultPolicyVersionResponse()


class DeletePolicyVersionRequest(Request):
    policy_name: str
    version_id: str


class DeletePolicyVersionResponse(Response):
    pass


@operation(level="delete", resource=POLICY, product="ram")
def delete_policy_version(call: Call, request: DeletePolicyVersionRequest) -> DeletePolicyVersionResponse:
    """Delete a version of a custom policy; the one that counts stays."""
    call.catalog.policies.delete_version(request.policy_name, _number(request.version_id))
    return DeletePolicyVersionResponse()


def _number(version_id: str) -> int:
    """Return 3 for ``v3``."""
    if not re.fullmatch("v[0-9]{1,9}", version_id):
        raise InvalidParameter("VersionId.Format", "VersionId must be the letter v and a number, as in v1.")
    return int(version_id[1:])
