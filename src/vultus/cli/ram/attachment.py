"""``vultus ram attach`` and ``detach``: who has which policy."""

from typing import Annotated

import typer

from vultus.cli.ram.desk import desk
from vultus.cli.ram.policy import kind
from vultus.errors import InvalidArgument

Policy = Annotated[str, typer.Argument(metavar="POLICY", help="Name of a policy, the system's or one of yours.")]
User = Annotated[str, typer.Option("--user", help="Name of a user.")]
Group = Annotated[str, typer.Option("--group", help="Name of a group.")]
Role = Annotated[str, typer.Option("--role", help="Name of a role.")]


def attach(context: typer.Context, policy: Policy, user: User = "", group: Group = "", role: Role = "") -> None:
    """Give a policy to a user, a group or a role; every server heeds it within a second."""
    _call(context, "AttachPolicyTo", policy, User=user, Group=group, Role=role)


def detach(context: typer.Context, policy: Policy, user: User = "", group: Group = "", role: Role = "") -> None:
    """Take a policy from a user, a group or a role; every server heeds it within a second."""
    _call(context, "DetachPolicyFrom", policy, User=user, Group=group, Role=role)


def _call(context: typer.Context, verb: str, policy: str, **holders: str) -> None:
    named = [(holder, name) for holder, name in holders.items() if name]
    if len(named) != 1:
        raise InvalidArgument("One of --user, --group and --role says who is meant.")
    [(holder, name)] = named
    which = {"PolicyType": kind(policy), "PolicyName": policy}
    with desk(context) as at:
        at.call(f"{verb}{holder}", **which, **{f"{holder}Name": name})
