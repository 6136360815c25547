"""Policies: what is allowed and denied."""

from typing import Annotated

from msgspec import UNSET, Meta

from vultus.catalog.policies import PolicyRow, PolicyVersionRow
from vultus.errors import EntityAlreadyExists, EntityNotExist
from vultus.model.moment import to_second
from vultus.model.ram import Policies, Policy, PolicyType, PolicyVersion
from vultus.model.wire import Unset
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.paging import Token, cut, read_token
from vultus.operations.ram.paging import ListRequest, ListResponse
from vultus.operations.ram.rules import LONG, POLICY_NAME, Long, NoTags, PolicyName
from vultus.operations.resource import POLICIES, POLICY
from vultus.ram import policy as language
from vultus.ram.document import LONGEST
from vultus.ram.system_policies import SYSTEM_POLICIES, SystemPolicy

Document = Annotated[str, Meta(description=f"a policy in JSON, of up to {LONGEST} characters")]
_SYSTEM_NAMES = {name.lower() for name in SYSTEM_POLICIES}


class PolicyMarker(Token, frozen=True, tag="policy"):
    """Where a page of policies ended."""

    policy_type: PolicyType
    name: str


class CreatePolicyRequest(Request):
    policy_name: PolicyName
    policy_document: Document
    description: Long = UNSET
    tag: NoTags = []

    def __post_init__(self) -> None:
        """Check what a type cannot say."""
        POLICY_NAME.check("PolicyName", self.policy_name)
        LONG.check("Description", self.description)
        if self.policy_name.lower() in _SYSTEM_NAMES:
            raise EntityAlreadyExists("Policy", f"{self.policy_name} is a policy of the system.")


class CreatePolicyResponse(Response):
    policy: Policy


@operation(level="create", resource=POLICIES, product="ram")
def create_policy(call: Call, request: CreatePolicyRequest) -> CreatePolicyResponse:
    """Make a policy with a version `v1`, which nobody has yet.

    Names that differ by case alone are the same, and those of the system's policies are taken.
    """
    language.Policy.parse(request.policy_document)
    made = custom(call.catalog.policies.create(request.policy_name, request.policy_document, request.description or ""))
    made.update_date = UNSET
    return CreatePolicyResponse(policy=made)


class GetPolicyRequest(Request):
    policy_type: PolicyType
    policy_name: str


class GetPolicyResponse(Response):
    policy: Policy
    default_policy_version: PolicyVersion


@operation(level="get", resource=POLICY, product="ram")
def get_policy(call: Call, request: GetPolicyRequest) -> GetPolicyResponse:
    """Return a policy and its default version, the one that counts."""
    if request.policy_type == "System":
        found = find_system(request.policy_name)
        policy, version = system(found), system_version(found)
    else:
        row = call.catalog.policies.get(request.policy_name)
        policy = custom(row)
        version = custom_version(call.catalog.policies.version(row.name, row.default_version))
    policy.policy_document = version.policy_document
    policy.attachment_count = call.catalog.attachments.counts(request.policy_type).get(policy.policy_name, 0)
    return GetPolicyResponse(policy=policy, default_policy_version=version)


class UpdatePolicyDescriptionRequest(Request):
    policy_name: str
    new_description: Long = UNSET

    def __post_init__(self) -> None:
        """Check what a type cannot say."""
        LONG.check("NewDescription", self.new_description)


class UpdatePolicyDescriptionResponse(Response):
    policy: Policy


@operation(level="update", resource=POLICY, product="ram")
def update_policy_description(call: Call, request: UpdatePolicyDescriptionRequest) -> UpdatePolicyDescriptionResponse:
    """Give a custom policy another description, or none. What it says changes with CreatePolicyVersion."""
    row = call.catalog.policies.describe(request.policy_name, request.new_description or "")
    return UpdatePolicyDescriptionResponse(policy=custom(row))


class DeletePolicyRequest(Request):
    policy_name: str
    cascading_delete: bool = False


class DeletePolicyResponse(Response):
    pass


@operation(level="delete", resource=POLICY, product="ram")
def delete_policy(call: Call, request: DeletePolicyRequest) -> DeletePolicyResponse:
    """Delete a custom policy that nobody has.

    Versions beside the default one have to be deleted before, unless CascadingDelete is true.
    """
    call.catalog.policies.delete(request.policy_name, with_versions=request.cascading_delete)
    return DeletePolicyResponse()


class ListPoliciesRequest(ListRequest):
    policy_type: PolicyType | Unset = UNSET
    tag: NoTags = []


class ListPoliciesResponse(ListResponse):
    policies: Policies


@operation(level="list", resource=POLICIES, product="ram")
def list_policies(call: Call, request: ListPoliciesRequest) -> ListPoliciesResponse:
    """List the policies by name, those of the system first."""
    marker = read_token(request.marker, PolicyMarker, "Marker")
    rows: list[Policy] = []
    if request.policy_type != "Custom" and (marker is None or marker.policy_type == "System"):
        after = marker.name if marker else ""
        rows += [system(each) for each in SYSTEM_POLICIES.values() if each.name > after]
    if request.policy_type != "System":
        after = marker.name if marker and marker.policy_type == "Custom" else ""
        rows += [custom(row) for row in call.catalog.policies.page(after, request.max_items + 1)]
    listed, following = cut(rows, request.max_items, lambda each: PolicyMarker(each.policy_type, each.policy_name))
    counts = {kind: call.catalog.attachments.counts(kind) for kind in {each.policy_type for each in listed}}
    for each in listed:
        each.attachment_count = counts[each.policy_type].get(each.policy_name, 0)
    return ListPoliciesResponse(
        policies=Policies(policy=list(listed)), is_truncated=following is not UNSET, marker=following
    )


def find_system(name: str) -> SystemPolicy:
    """Return a policy of the system.

    Raises:
        EntityNotExist: there is none of that name.
    """
    found = SYSTEM_POLICIES.get(name)
    if found is None:
        raise EntityNotExist("Policy", f"The system policy {name} does not exist.")
    return found


def custom(row: PolicyRow) -> Policy:
    """Return a policy that somebody wrote as the API tells of it."""
    return Policy(
        policy_name=row.name,
        policy_type="Custom",
        description=row.description,
        default_version=f"v{row.default_version}",
        create_date=to_second(row.create_time),
        update_date=to_second(row.update_time),
    )


def custom_version(row: PolicyVersionRow) -> PolicyVersion:
    """Return a version of such a policy as the API tells of it."""
    return PolicyVersion(
        version_id=f"v{row.version}",
        is_default_version=row.is_default,
        policy_document=row.document,
        create_date=to_second(row.create_time),
    )


def system(policy: SystemPolicy) -> Policy:
    """Return a policy of the system as the API tells of it."""
    return Policy(
        policy_name=policy.name,
        policy_type="System",
        description=policy.description,
        default_version=policy.version,
        create_date=policy.create_date,
        update_date=policy.update_date,
    )


def system_version(policy: SystemPolicy) -> PolicyVersion:
    """Return the only version of a policy of the system that is known here."""
    return PolicyVersion(
        version_id=policy.version,
        is_default_version=True,
        policy_document=policy.document,
        create_date=policy.update_date,
    )
