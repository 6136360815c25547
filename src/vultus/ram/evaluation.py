"""Judging a request: an explicit denial beats whatever allows it, and what nothing allows is denied."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vultus.ram.conditions import Context
from vultus.ram.policy import Policy

__all__ = ["Context", "Reason", "Verdict", "decide"]

Reason = Literal["Allow", "ExplicitDeny", "ImplicitDeny"]
Judge = Literal["IdentityBasedPolicy", "SessionPolicy", ""]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it.

    Attributes:
        allowed: whether the request may pass.
        reason: what decided: a statement that allows, a statement that denies, or that there is neither.
        policy: that has the statement; None when there is none.
        statement: its number in the policy, from 1; None when there is none.
        by: which policies decided, the caller's own or the session's; empty where nobody was asked.
    """

    allowed: bool
    reason: Reason
    policy: Policy | None = None
    statement: int | None = None
    by: Judge = ""


def decide(
    identity: Sequence[Policy],
    session: Policy | None,
    action: str,
    resource: str,
    context: Context,
    within: str = "",
) -> Verdict:
    """Judge a request, in RAM's order: the policy of the session first, where there is one; then the caller's own.

    Both have to allow it. Among policies of one kind, any statement that denies the request decides; failing that, any
    that allows it; failing that, it is denied implicitly.

    Args:
        identity: the policies of the user and its groups, or of the role.
        session: the policy that the role was taken on with.
        action: ``imm:GetProject``, in any case.
        resource: ARN of what it is about.
        context: what conditions look at.
        within: ARN of what the resource is in, where what is said of that holds for the resource, too.
    """
    action = action.lower()
    if session is not None:
        verdict = _judge((session,), "SessionPolicy", action, resource, context, within)
        if not verdict.allowed:
            return verdict
    return _judge(identity, "IdentityBasedPolicy", action, resource, context, within)


def _judge(policies: Sequence[Policy], by: Judge, action: str, resource: str, context: Context, within: str) -> Verdict:
    for policy in policies:
        for number, statement in policy.denials:
            if statement.applies(action, resource, context) or (within and statement.applies(action, within, context)):
                return Verdict(False, "ExplicitDeny", policy, number, by)
    for policy in policies:
        for number, statement in policy.allowances:
            if statement.applies(action, resource, context) or (within and statement.applies(action, within, context)):
                return Verdict(True, "Allow", policy, number, by)
    return Verdict(False, "ImplicitDeny", None, None, by)
