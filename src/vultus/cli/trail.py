"""``vultus trail``: who did what."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer
from rich.table import Column
from rich.text import Text

from vultus.cli.console import ROOMY, out, plain
from vultus.cli.listing import Listing, stacked, whole
from vultus.cli.options import AsJSON
from vultus.cli.session import root_only
from vultus.config import Settings
from vultus.ram.trail import Entry, Trail, read_day

LENGTH = 50  # entries that are shown
NAMED = 20  # characters of a line that names who it was, in a narrow terminal


def trail(
    context: typer.Context,
    denied: Annotated[
        bool, typer.Option("--denied", help="Only calls that were refused for want of permission.")
    ] = False,
    failed: Annotated[bool, typer.Option("--failed", help="Only calls that ended with an error.")] = False,
    who: Annotated[str, typer.Option("--who", help="Only calls whose caller's ARN or key holds this text.")] = "",
    last: Annotated[int, typer.Option("--last", min=1, help="Entries shown, the latest ones.")] = LENGTH,
    as_json: AsJSON = False,
) -> None:
    """Show who called what and what came of it, the latest last. The files are in the folder trail of the home."""
    settings: Settings = context.obj
    root_only(settings)
    chosen = []
    for entry in _latest_first(Trail(settings.home)):
        if (denied and entry.status != 403) or (failed and not entry.code):
            continue
        if who and who not in entry.principal and who not in entry.access_key_id:
            continue
        chosen.append(entry)
        if len(chosen) == last:
            break
    chosen.reverse()
    if as_json:
        out.print_json(msgspec.json.encode(chosen).decode())
        return
    out.print(_table(chosen))


def _table(entries: list[Entry]) -> Listing:
    """The entries, a row each; in a narrow terminal what belongs together is one below the other."""
    roomy = out.width >= ROOMY
    heads = ("Action", "Resource", "From", "Result") if roomy else ("What, and why not",)
    table = Listing(whole("Time"), whole("Who") if roomy else Column("Who", max_width=NAMED), *heads)
    for entry in entries:
        time = entry.time[:19].replace("T", " ")
        who = entry.principal.rpartition(":")[2] or entry.access_key_id
        resources = [each.split(":", 5)[-1] for each in entry.resources]
        where = f"{entry.source} {entry.source_address}".strip()
        if roomy:
            table.add(time, who, entry.action, stacked(*resources), where, entry.code or "ok")
        else:
            refusal = Text(plain(entry.code), "red")
            table.add(stacked(time, where), who, stacked(entry.action, *resources, refusal))
    return table


def _latest_first(kept: Trail) -> Iterator[Entry]:
    for file in reversed(kept.days()):
        yield from reversed(read_day(file))
