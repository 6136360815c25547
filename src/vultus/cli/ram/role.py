"""``vultus ram role``: what others may become for a while."""

import json
from typing import Annotated

import typer

from vultus.cli.console import out
from vultus.cli.options import AsJSON
from vultus.cli.ram.desk import desk, print_fields, print_json, print_rows, read_document
from vultus.ram.trust import ACTION

app = typer.Typer(help="Roles: what users may become for a while, by STS.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="ROLE", help="Name of a role.")]


@app.command("add")
def add(
    context: typer.Context,
    name: Name,
    trust: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Trust policy, JSON; - for standard input. All users when left out."),
    ] = None,
    description: Annotated[str | None, typer.Option(help="Whatever there is to say.")] = None,
    longest: Annotated[int | None, typer.Option(help="Seconds that a session may last, 3600 to 43200.")] = None,
) -> None:
    """Make a role, which may do nothing yet, and print its ARN."""
    with desk(context) as at:
        made = at.call(
            "CreateRole",
            RoleName=name,
            AssumeRolePolicyDocument=read_document(trust) if trust else _everybody(at.session.account.owner_id),
            Description=description,
            MaxSessionDuration=longest,
        ).role
    out.print(made.arn, highlight=False, soft_wrap=True)


@app.command("list")
def list_roles(context: typer.Context, as_json: AsJSON = False) -> None:
    """List the roles."""
    with desk(context) as at:
        rows = [row for answer in at.all("ListRoles") for row in answer.roles.role]
    print_rows(rows, ["Arn", "Description", "CreateDate"], as_json)


@app.command("show")
def show(context: typer.Context, name: Name, as_json: AsJSON = False) -> None:
    """Show a role with its trust policy and its policies."""
    with desk(context) as at:
        role = at.call("GetRole", RoleName=name).role
        policies = at.call("ListPoliciesForRole", RoleName=name).policies.policy
    if as_json:
        print_json({"Role": role, "Policies": policies})
        return
    print_fields(role)
    out.print(f"{'Policies':<24} {', '.join(each.policy_name for each in policies) or 'none'}", highlight=False)


@app.command("trust")
def trust(
    context: typer.Context,
    name: Name,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Trust policy, JSON; - for standard input.")],
) -> None:
    """Give a role another trust policy. Sessions that have begun go on."""
    with desk(context) as at:
        at.call("UpdateRole", RoleName=name, NewAssumeRolePolicyDocument=read_document(file))


@app.command("remove")
def remove(context: typer.Context, name: Name) -> None:
    """Delete a role that has no policies. Its sessions end with it."""
    with desk(context) as at:
        at.call("DeleteRole", RoleName=name)


def _everybody(owner_id: str) -> str:
    """A trust policy for all users and roles of the account."""
    principal = {"RAM": [f"acs:ram::{owner_id}:root"]}
    statement = {"Effect": "Allow", "Principal": principal, "Action": ACTION}
    return json.dumps({"Version": "1", "Statement": [statement]})
