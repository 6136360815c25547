"""``vultus ram``: the commands of all its nouns."""

import typer

from vultus.cli import explain
from vultus.cli.ram import attachment, group, key, master_key, policy, role, user

app = typer.Typer(help="Who may do what: users, keys, groups, roles and policies.", no_args_is_help=True)
app.add_typer(user.app, name="user")
app.add_typer(key.app, name="key")
app.add_typer(group.app, name="group")
app.add_typer(role.app, name="role")
app.add_typer(policy.app, name="policy")
app.command("attach")(attachment.attach)
app.command("detach")(attachment.detach)
app.command("explain")(explain.explain)
app.command("rotate-master-key")(master_key.rotate)
