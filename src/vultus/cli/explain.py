"""``vultus ram explain``: may somebody do something, and why."""

from typing import Annotated

import msgspec
import typer
from rich.text import Text

from vultus.cli.console import out, plain
from vultus.cli.options import AsJSON
from vultus.cli.session import open_session
from vultus.errors import UnknownAccessKey


def explain(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="KEY", help="Id of an access key, or the name of a user.")],
    action: Annotated[str, typer.Argument(metavar="ACTION", help="Such as imm:GetProject.")],
    resource: Annotated[str, typer.Argument(metavar="ARN", help="Such as acs:imm:local:OWNER:project/default.")],
    source_ip: Annotated[str, typer.Option(help="Address that conditions see.")] = "",
    secure: Annotated[bool, typer.Option("--secure", help="Conditions see a call over TLS.")] = False,
    as_json: AsJSON = False,
) -> None:
    """Say whether somebody may do something, and show the statement that decides it."""
    with open_session(context.obj) as session:
        asked = {"Operation": action, "Resource": resource, "SourceIp": source_ip, "SecureTransport": secure}
        try:
            answer = session.call("ExplainPermission", "vultus", UserAccessKeyId=who, **asked)
        except UnknownAccessKey:
            answer = session.call("ExplainPermission", "vultus", UserName=who, **asked)
    if as_json:
        out.print_json(msgspec.json.encode(answer).decode())
        return
    word = Text("allowed", "green") if answer.allowed else Text("denied", "red")
    out.print(word + plain(f": {answer.principal}, {action} on {resource}"), soft_wrap=True)
    if answer.reason == "Root":
        out.print("The root of the account may do everything.")
    elif answer.reason == "ImplicitDeny":
        out.print("No statement of any policy applies.")
    else:
        where = f"statement {answer.statement.number} of the {answer.policy_type.lower()} policy {answer.policy_name}"
        out.print(plain(f"By {where}:"), markup=False)
        out.print_json(msgspec.json.encode(answer.statement).decode())
