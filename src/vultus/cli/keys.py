"""``vultus keys``: the access keys of the account."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import msgspec
import typer

from vultus.cli.console import out
from vultus.cli.listing import Listing, whole
from vultus.cli.options import AsJSON
from vultus.cli.session import open_session, root_only
from vultus.model.moment import to_wire
from vultus.ram.keys import Keys

app = typer.Typer(help="The access keys of the account.", no_args_is_help=True)
KeyId = Annotated[str, typer.Argument(metavar="KEY", help="Id of an access key.")]


@contextmanager
def _keys(context: typer.Context) -> Iterator[Keys]:
    root_only(context.obj)
    with open_session(context.obj) as session:
        yield Keys(session.service.catalog, session.service.cipher)


@app.command("list")
def list_keys(context: typer.Context, as_json: AsJSON = False) -> None:
    """List the keys; secrets are never shown again."""
    with _keys(context) as keys:
        rows = [
            {"AccessKeyId": key.key_id, "Status": key.status, "CreateTime": to_wire(key.create_time)}
            for key in keys.list()
        ]
    if as_json:
        out.print_json(msgspec.json.encode(rows).decode())
        return
    table = Listing(whole("AccessKeyId"), "Status", "CreateTime")
    for row in rows:
        table.add(*row.values())
    out.print(table)


@app.command("create")
def create_key(context: typer.Context, as_json: AsJSON = False) -> None:
    """Create a key and show its secret, this once."""
    with _keys(context) as keys:
        key = keys.create()
    if as_json:
        out.print_json(msgspec.json.encode({"AccessKeyId": key.key_id, "AccessKeySecret": key.secret}).decode())
    else:
        out.print(f"AccessKeyId      {key.key_id}\nAccessKeySecret  {key.secret}", highlight=False)


@app.command("disable")
def disable_key(context: typer.Context, key: KeyId) -> None:
    """Switch a key off; requests signed with it are refused from now on."""
    with _keys(context) as keys:
        keys.deactivate(key)


@app.command("enable")
def enable_key(context: typer.Context, key: KeyId) -> None:
    """Switch a key on again."""
    with _keys(context) as keys:
        keys.activate(key)


@app.command("delete")
def delete_key(context: typer.Context, key: KeyId) -> None:
    """Delete a key."""
    with _keys(context) as keys:
        keys.delete(key)
