"""``vultus ram group``: users who share policies."""

from typing import Annotated

import typer

from vultus.cli.console import out
from vultus.cli.options import AsJSON
from vultus.cli.ram.desk import desk, print_fields, print_json, print_rows

app = typer.Typer(help="Groups: users who share policies.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="GROUP", help="Name of a group.")]
Users = Annotated[list[str], typer.Argument(metavar="USER...", help="Names of users.")]


@app.command("add")
def add(
    context: typer.Context,
    name: Name,
    comments: Annotated[str | None, typer.Option(help="Whatever there is to say.")] = None,
) -> None:
    """Make a group."""
    with desk(context) as at:
        at.call("CreateGroup", GroupName=name, Comments=comments)


@app.command("list")
def list_groups(context: typer.Context, as_json: AsJSON = False) -> None:
    """List the groups."""
    with desk(context) as at:
        rows = [row for answer in at.all("ListGroups") for row in answer.groups.group]
    print_rows(rows, ["GroupName", "Comments", "CreateDate"], as_json)


@app.command("show")
def show(context: typer.Context, name: Name, as_json: AsJSON = False) -> None:
    """Show a group with members and policies."""
    with desk(context) as at:
        group = at.call("GetGroup", GroupName=name).group
        users = [row for answer in at.all("ListUsersForGroup", GroupName=name) for row in answer.users.user]
        policies = at.call("ListPoliciesForGroup", GroupName=name).policies.policy
    if as_json:
        print_json({"Group": group, "Users": users, "Policies": policies})
        return
    print_fields(group)
    for title, names in (
        ("Users", [each.user_name for each in users]),
        ("Policies", [each.policy_name for each in policies]),
    ):
        out.print(f"{title:<24} {', '.join(names) or 'none'}", highlight=False, soft_wrap=True)


@app.command("join")
def join(context: typer.Context, name: Name, users: Users) -> None:
    """Put users into a group, whose policies count for them from then on."""
    with desk(context) as at:
        for user in users:
            at.call("AddUserToGroup", GroupName=name, UserName=user)


@app.command("leave")
def leave(context: typer.Context, name: Name, users: Users) -> None:
    """Take users out of a group."""
    with desk(context) as at:
        for user in users:
            at.call("RemoveUserFromGroup", GroupName=name, UserName=user)


@app.command("remove")
def remove(context: typer.Context, name: Name) -> None:
    """Delete a group that has neither members nor policies."""
    with desk(context) as at:
        at.call("DeleteGroup", GroupName=name)
