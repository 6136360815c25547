"""``vultus ram key``: what users sign requests with."""

from typing import Annotated

import typer

from vultus.cli.console import out
from vultus.cli.options import AsJSON
from vultus.cli.ram.desk import desk, print_json, print_rows

app = typer.Typer(help="The access keys of users; those of the account: vultus keys.", no_args_is_help=True)
User = Annotated[str, typer.Argument(metavar="USER", help="Name of a user.")]
KeyId = Annotated[str, typer.Argument(metavar="KEY", help="Id of an access key.")]


@app.command("add")
def add(context: typer.Context, user: User, as_json: AsJSON = False) -> None:
    """Make a key for a user and show its secret, this once."""
    with desk(context) as at:
        key = at.call("CreateAccessKey", UserName=user).access_key
    if as_json:
        print_json(key)
    else:
        out.print(f"AccessKeyId      {key.access_key_id}", highlight=False)
        out.print(f"AccessKeySecret  {key.access_key_secret}", highlight=False)


@app.command("list")
def list_keys(
    context: typer.Context,
    user: Annotated[
        str | None, typer.Argument(metavar="[USER]", help="Name of a user; whoever the command acts as when left out.")
    ] = None,
    as_json: AsJSON = False,
) -> None:
    """List the keys of a user; secrets are never shown again."""
    with desk(context) as at:
        keys = at.call("ListAccessKeys", UserName=user).access_keys.access_key
    print_rows(keys, ["AccessKeyId", "Status", "CreateDate"], as_json)


@app.command("used")
def used(context: typer.Context, user: User, key: KeyId) -> None:
    """Say when a key was last used, some minutes late."""
    with desk(context) as at:
        told = at.call("GetAccessKeyLastUsed", UserName=user, UserAccessKeyId=key).access_key_last_used
    out.print(told.last_used_date or "never", highlight=False)


@app.command("disable")
def disable(context: typer.Context, user: User, key: KeyId) -> None:
    """Switch a key off; every server heeds it within a second."""
    with desk(context) as at:
        at.call("UpdateAccessKey", UserName=user, UserAccessKeyId=key, Status="Inactive")


@app.command("enable")
def enable(context: typer.Context, user: User, key: KeyId) -> None:
    """Switch a key on again."""
    with desk(context) as at:
        at.call("UpdateAccessKey", UserName=user, UserAccessKeyId=key, Status="Active")


@app.command("remove")
def remove(context: typer.Context, user: User, key: KeyId) -> None:
    """Delete a key; every server heeds it within a second."""
    with desk(context) as at:
        at.call("DeleteAccessKey", UserName=user, UserAccessKeyId=key)
