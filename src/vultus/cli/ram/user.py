"""``vultus ram user``: who has keys of their own."""

from typing import Annotated

import typer

from vultus.cli.console import out
from vultus.cli.options import AsJSON
from vultus.cli.ram.desk import Desk, desk, print_fields, print_json, print_rows

app = typer.Typer(help="Users, who have keys of their own.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="USER", help="Name of a user.")]
DisplayName = Annotated[str | None, typer.Option("--display-name", help="The name that people know.")]
Email = Annotated[str | None, typer.Option(help="Address of mail.")]
Phone = Annotated[str | None, typer.Option(help="Number of a phone.")]
Comments = Annotated[str | None, typer.Option(help="Whatever there is to say.")]


@app.command("add")
def add(
    context: typer.Context,
    name: Name,
    display_name: DisplayName = None,
    email: Email = None,
    phone: Phone = None,
    comments: Comments = None,
) -> None:
    """Make a user, who may do nothing and has no keys yet."""
    with desk(context) as at:
        at.call(
            "CreateUser", UserName=name, DisplayName=display_name, Email=email, MobilePhone=phone, Comments=comments
        )
    out.print(
        f"{name} is a user. Next: [bold]vultus ram attach POLICY --user {name}[/], [bold]vultus ram key add {name}[/]."
    )


@app.command("list")
def list_users(context: typer.Context, as_json: AsJSON = False) -> None:
    """List the users."""
    with desk(context) as at:
        rows = [row for answer in at.all("ListUsers") for row in answer.users.user]
    print_rows(rows, ["UserName", "DisplayName", "Comments", "CreateDate"], as_json)


@app.command("show")
def show(context: typer.Context, name: Name, as_json: AsJSON = False) -> None:
    """Show a user with groups, policies and keys."""
    with desk(context) as at:
        user = at.call("GetUser", UserName=name).user
        groups = at.call("ListGroupsForUser", UserName=name).groups.group
        policies = at.call("ListPoliciesForUser", UserName=name).policies.policy
        keys = at.call("ListAccessKeys", UserName=name).access_keys.access_key
    if as_json:
        print_json({"User": user, "Groups": groups, "Policies": policies, "AccessKeys": keys})
        return
    print_fields(user)
    for title, names in (
        ("Groups", [each.group_name for each in groups]),
        ("Policies", [each.policy_name for each in policies]),
        ("AccessKeys", [f"{each.access_key_id} ({each.status})" for each in keys]),
    ):
        out.print(f"{title:<24} {', '.join(names) or 'none'}", highlight=False, soft_wrap=True)


@app.command("change")
def change(
    context: typer.Context,
    name: Name,
    new_name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    display_name: DisplayName = None,
    email: Email = None,
    phone: Phone = None,
    comments: Comments = None,
) -> None:
    """Change what is said of a user; an empty text clears it. Keys, groups and policies stay."""
    with desk(context) as at:
        at.call(
            "UpdateUser",
            UserName=name,
            NewUserName=new_name,
            NewDisplayName=display_name,
            NewEmail=email,
            NewMobilePhone=phone,
            NewComments=comments,
        )


@app.command("remove")
def remove(
    context: typer.Context,
    name: Name,
    everything: Annotated[
        bool, typer.Option("--everything", help="Delete the user's keys, and leave groups and policies, before.")
    ] = False,
) -> None:
    """Delete a user who has neither keys nor policies and is in no group."""
    with desk(context) as at:
        if everything:
            _strip(at, name)
        at.call("DeleteUser", UserName=name)


def _strip(at: Desk, name: str) -> None:
    for key in at.call("ListAccessKeys", UserName=name).access_keys.access_key:
        at.call("DeleteAccessKey", UserName=name, UserAccessKeyId=key.access_key_id)
    for group in at.call("ListGroupsForUser", UserName=name).groups.group:
        at.call("RemoveUserFromGroup", UserName=name, GroupName=group.group_name)
    for policy in at.call("ListPoliciesForUser", UserName=name).policies.policy:
        which = {"PolicyType": policy.policy_type, "PolicyName": policy.policy_name}
        at.call("DetachPolicyFromUser", UserName=name, **which)
