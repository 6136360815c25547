"""``vultus ram rotate-master-key``: the key that all secrets are encrypted with."""

import typer

from vultus.cli.console import out
from vultus.cli.session import open_session, root_only


def rotate(context: typer.Context) -> None:
    """Make a new master key, encrypt all secrets with it, and forget the old one. All sessions of roles end.

    Access keys go on working, and servers that run need no restart. It is no operation: whoever may read the master
    key may rotate it.
    """
    root_only(context.obj)
    with open_session(context.obj) as session:
        session.service.cipher.rotate(session.service.catalog)
    out.print("All secrets are encrypted with a new master key; sessions have ended.")
