"""Attachments: which user, group or role has which policy."""

from msgspec import UNSET

from vultus.catalog.attachments import Holder
from vultus.model.moment import to_second
from vultus.model.ram import Group, Groups, Policies, Policy, PolicyType, Role, Roles, User, Users
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.ram.policies import find_system
from vultus.operations.ram.roles import role_arn
from vultus.operations.ram.rules import NoResourceGroup
from vultus.operations.resource import GROUP, POLICY, ROLE, USER


class Attachment(Request):
    """The policy, which every attachment names."""

    policy_type: PolicyType
    policy_name: str
    resource_group_id: NoResourceGroup = UNSET


class AttachPolicyToUserRequest(Attachment):
    user_name: str


class AttachPolicyToUserResponse(Response):
    pass


@operation(level="create", resource=(USER, POLICY), product="ram")
def attach_policy_to_user(call: Call, request: AttachPolicyToUserRequest) -> AttachPolicyToUserResponse:
    """Give a policy to a user."""
    _attach(call, request, "User", request.user_name)
    return AttachPolicyToUserResponse()


class AttachPolicyToGroupRequest(Attachment):
    group_name: str


class AttachPolicyToGroupResponse(Response):
    pass


@operation(level="create", resource=(GROUP, POLICY), product="ram")
def attach_policy_to_group(call: Call, request: AttachPolicyToGroupRequest) -> AttachPolicyToGroupResponse:
    """Give a policy to a group: it counts for everybody in it."""
    _attach(call, request, "Group", request.group_name)
    return AttachPolicyToGroupResponse()


class AttachPolicyToRoleRequest(Attachment):
    role_name: str


class AttachPolicyToRoleResponse(Response):
    pass


@operation(level="create", resource=(ROLE, POLICY), product="ram")
def attach_policy_to_role(call: Call, request: AttachPolicyToRoleRequest) -> AttachPolicyToRoleResponse:
    """Give a policy to a role: it counts for sessions that have begun, too."""
    _attach(call, request, "Role", request.role_name)
    return AttachPolicyToRoleResponse()


class DetachPolicyFromUserRequest(Attachment):
    user_name: str


class DetachPolicyFromUserResponse(Response):
    pass


@operation(level="delete", resource=(USER, POLICY), product="ram")
def detach_policy_from_user(call: Call, request: DetachPolicyFromUserRequest) -> DetachPolicyFromUserResponse:
    """Take a policy from a user."""
    call.catalog.attachments.detach(request.policy_type, request.policy_name, "User", request.user_name)
    return DetachPolicyFromUserResponse()


class DetachPolicyFromGroupRequest(Attachment):
    group_name: str


class DetachPolicyFromGroupResponse(Response):
    pass


@operation(level="delete", resource=(GROUP, POLICY), product="ram")
def detach_policy_from_group(call: Call, request: DetachPolicyFromGroupRequest) -> DetachPolicyFromGroupResponse:
    """Take a policy from a group."""
    call.catalog.attachments.detach(request.policy_type, request.policy_name, "Group", request.group_name)
    return DetachPolicyFromGroupResponse()


class DetachPolicyFromRoleRequest(Attachment):
    role_name: str


class DetachPolicyFromRoleResponse(Response):
    pass


@operation(level="delete", resource=(ROLE, POLICY), product="ram")
def detach_policy_from_role(call: Call, request: DetachPolicyFromRoleRequest) -> DetachPolicyFromRoleResponse:
    """Take a policy from a role: from sessions that have begun, too."""
    call.catalog.attachments.detach(request.policy_type, request.policy_name, "Role", request.role_name)
    return DetachPolicyFromRoleResponse()


class ListPoliciesForUserRequest(Request):
    user_name: str


class ListPoliciesForUserResponse(Response):
    policies: Policies


@operation(level="list", resource=USER, product="ram")
def list_policies_for_user(call: Call, request: ListPoliciesForUserRequest) -> ListPoliciesForUserResponse:
    """List the policies that were given to a user; those of its groups count as well and are not among them."""
    return ListPoliciesForUserResponse(policies=_policies_of(call, "User", request.user_name))


class ListPoliciesForGroupRequest(Request):
    group_name: str


class ListPoliciesForGroupResponse(Response):
    policies: Policies


@operation(level="list", resource=GROUP, product="ram")
def list_policies_for_group(call: Call, request: ListPoliciesForGroupRequest) -> ListPoliciesForGroupResponse:
    """List the policies of a group."""
    return ListPoliciesForGroupResponse(policies=_policies_of(call, "Group", request.group_name))


class ListPoliciesForRoleRequest(Request):
    role_name: str


class ListPoliciesForRoleResponse(Response):
    policies: Policies


@operation(level="list", resource=ROLE, product="ram")
def list_policies_for_role(call: Call, request: ListPoliciesForRoleRequest) -> ListPoliciesForRoleResponse:
    """List the policies of a role."""
    return ListPoliciesForRoleResponse(policies=_policies_of(call, "Role", request.role_name))


class ListEntitiesForPolicyRequest(Request):
    policy_type: PolicyType
    policy_name: str


class ListEntitiesForPolicyResponse(Response):
    groups: Groups
    users: Users
    roles: Roles


@operation(level="get", resource=POLICY, product="ram")
def list_entities_for_policy(call: Call, request: ListEntitiesForPolicyRequest) -> ListEntitiesForPolicyResponse:
    """List the users, groups and roles that a policy was given to, each by name."""
    _find(call, request.policy_type, request.policy_name)
    answer = ListEntitiesForPolicyResponse(groups=Groups(group=[]), users=Users(user=[]), roles=Roles(role=[]))
    for row in call.catalog.attachments.holders(request.policy_type, request.policy_name):
        date = to_second(row.attach_time)
        match row.kind:
            case "User":
                user = User(user_id=row.id, user_name=row.name, display_name=row.display_name, attach_date=date)
                answer.users.user.append(user)
            case "Group":
                answer.groups.group.append(Group(group_name=row.name, comments=row.comments, attach_date=date))
            case "Role":
                arn = role_arn(call.principal.owner_id, row.name)
                role = Role(role_id=row.id, role_name=row.name, arn=arn, description=row.description, attach_date=date)
                answer.roles.role.append(role)
    return answer


def _attach(call: Call, request: Attachment, kind: Holder, name: str) -> None:
    if request.policy_type == "System":
        find_system(request.policy_name)
    call.catalog.attachments.attach(request.policy_type, request.policy_name, kind, name)


def _find(call: Call, policy_type: PolicyType, name: str) -> None:
    """See to it that there is such a policy."""
    if policy_type == "System":
        find_system(name)
    else:
        call.catalog.policies.get(name)


def _policies_of(call: Call, kind: Holder, name: str) -> Policies:
    listed = []
    for row in call.catalog.attachments.of(kind, name):
        system = find_system(row.policy_name) if row.policy_type == "System" else None
        listed.append(
            Policy(
                policy_name=row.policy_name,
                policy_type=row.policy_type,
                description=system.description if system else row.description,
                default_version=system.version if system else f"v{row.default_version}",
                attach_date=to_second(row.attach_time),
            )
        )
    return Policies(policy=listed)
