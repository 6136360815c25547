"""``vultus ram policy``: what is allowed and denied."""

from typing import Annotated, Literal

import typer

from vultus.cli.console import out
from vultus.cli.options import AsJSON
from vultus.cli.ram.desk import desk, print_fields, print_json, print_rows, read_document
from vultus.ram.system_policies import SYSTEM_POLICIES

app = typer.Typer(help="Policies: what is allowed and denied.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="POLICY", help="Name of a policy.")]
Document = Annotated[str, typer.Argument(metavar="FILE", help="The policy, JSON; - for standard input.")]


@app.command("add")
def add(
    context: typer.Context,
    name: Name,
    file: Document,
    description: Annotated[str | None, typer.Option(help="Whatever there is to say.")] = None,
) -> None:
    """Make a policy, which nobody has yet."""
    with desk(context) as at:
        at.call("CreatePolicy", PolicyName=name, PolicyDocument=read_document(file), Description=description)


@app.command("list")
def list_policies(context: typer.Context, as_json: AsJSON = False) -> None:
    """List the policies, those of the system first."""
    with desk(context) as at:
        rows = [row for answer in at.all("ListPolicies") for row in answer.policies.policy]
    print_rows(rows, ["PolicyName", "PolicyType", "DefaultVersion", "AttachmentCount", "Description"], as_json)


@app.command("show")
def show(context: typer.Context, name: Name, as_json: AsJSON = False) -> None:
    """Show a policy, what it says, and who has it."""
    which = {"PolicyType": kind(name), "PolicyName": name}
    with desk(context) as at:
        policy = at.call("GetPolicy", **which).policy
        holders = at.call("ListEntitiesForPolicy", **which)
    users, groups, roles = holders.users.user, holders.groups.group, holders.roles.role
    if as_json:
        print_json({"Policy": policy, "Users": users, "Groups": groups, "Roles": roles})
        return
    print_fields(policy)
    for title, names in (
        ("Users", [each.user_name for each in users]),
        ("Groups", [each.group_name for each in groups]),
        ("Roles", [each.role_name for each in roles]),
    ):
        out.print(f"{title:<24} {', '.join(names) or 'none'}", highlight=False, soft_wrap=True)


@app.command("update")
def update(context: typer.Context, name: Name, file: Document) -> None:
    """Have a policy say something else from now on; of what it said before, four versions are kept."""
    with desk(context) as at:
        made = at.call(
            "CreatePolicyVersion",
            PolicyName=name,
            PolicyDocument=read_document(file),
            SetAsDefault=True,
            RotateStrategy="DeleteOldestNonDefaultVersionWhenLimitExceeded",
        ).policy_version
    out.print(f"{name} is at {made.version_id}.", highlight=False)


@app.command("remove")
def remove(context: typer.Context, name: Name) -> None:
    """Delete a policy that nobody has, with all its versions."""
    with desk(context) as at:
        at.call("DeletePolicy", PolicyName=name, CascadingDelete=True)


def kind(name: str) -> Literal["System", "Custom"]:
    """Whether a policy is one of the system's; no other is called as one of those."""
    return "System" if name in SYSTEM_POLICIES else "Custom"
