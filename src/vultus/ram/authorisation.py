"""Whether a caller may do something, and what it is told when not."""

from collections.abc import Sequence

from vultus.errors import AccessDeniedDetail, PermissionDenied
from vultus.ram.evaluation import Context, Verdict, decide
from vultus.ram.principal import Principal

#: RAM's words for the kinds of callers that can be denied something.
PRINCIPAL_TYPES = {"User": "SubUser", "Role": "AssumedRoleUser"}
IN_DATASET = "/dataset/"
POLICY_TYPES = {"IdentityBasedPolicy": "AccountLevelIdentityBasedPolicy", "SessionPolicy": "SessionPolicy"}


def authorise(
    principal: Principal,
    action: str,
    resources: Sequence[str],
    context: Context,
    *,
    project_covers_datasets: bool = False,
) -> None:
    """See to it that a caller may do something; root may do everything.

    Args:
        principal: who calls.
        action: as policies name it, ``imm:GetProject``.
        resources: ARNs; the action must be allowed on each.
        context: what conditions look at.
        project_covers_datasets: whether the ARN of a project means its datasets, too.

    Raises:
        PermissionDenied: it may not; the detail says why.
    """
    if principal.kind == "Root":
        return
    for resource in resources:
        verdict = judge(principal, action, resource, context, project_covers_datasets=project_covers_datasets)
        if not verdict.allowed:
            raise _denied(principal, action, resource, verdict)


def judge(
    principal: Principal, action: str, resource: str, context: Context, *, project_covers_datasets: bool = False
) -> Verdict:
    """Judge a request of a user or a session; see ``authorise``.

    Where a project covers its datasets, what is said of either counts: a denial first, as ever.
    """
    project, in_dataset, _ = resource.partition(IN_DATASET)
    within = project if project_covers_datasets and in_dataset else ""
    return decide(principal.policies, principal.session_policy, action, resource, context, within)


def _denied(principal: Principal, action: str, resource: str, verdict: Verdict) -> PermissionDenied:
    detail = AccessDeniedDetail(
        auth_action=action,
        auth_principal_type=PRINCIPAL_TYPES[principal.kind],
        auth_principal_owner_id=principal.owner_id,
        auth_principal_display_name=principal.user.replace("/", ":") if principal.kind == "Role" else principal.id,
        no_permission_type="ExplicitDeny" if verdict.reason == "ExplicitDeny" else "ImplicitDeny",
        policy_type=POLICY_TYPES[verdict.by or "IdentityBasedPolicy"],
    )
    why = "a policy denies it" if verdict.reason == "ExplicitDeny" else "no policy allows it"
    return PermissionDenied(
        f"User not authorized to operate on the specified API: {action} on {resource}; {why}.", detail
    )
