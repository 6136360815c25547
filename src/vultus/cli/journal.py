"""``vultus journal`` and ``vultus undo``: what was decided, and taking it back."""

import re
from typing import Annotated, Any

import msgspec
import typer
from rich.text import Text

from vultus.cli.console import err, out, plain
from vultus.cli.decide import desk
from vultus.cli.ids import pages
from vultus.cli.listing import Listing
from vultus.cli.options import AsJSON, Dataset, Project
from vultus.cli.people import SHORT
from vultus.errors import InvalidArgument

ID = re.compile(r"(Cluster-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # of a person or a face


def journal(
    context: typer.Context,
    last: Annotated[int, typer.Option("--last", "-n", min=1, help="How many, the latest first.")] = 20,
    project: Project = "",
    dataset: Dataset = "",
    as_json: AsJSON = False,
) -> None:
    """List what was decided about people and faces, with its number, who decided it, and when."""
    with desk(context, project, dataset) as at:
        rows = pages(at.session, "ListDecisions", "decisions", at.project, at.dataset)
        decisions = [decision for decision, _ in zip(rows, range(last), strict=False)]
    if as_json:
        out.print_json(msgspec.json.encode(decisions).decode())
    elif not decisions:
        err.print("Nothing was decided yet.")
    else:
        out.print(_table(decisions))


def undo(
    context: typer.Context,
    number: Annotated[
        int | None, typer.Argument(metavar="N", help="Number of the decision; the last that stands when left out.")
    ] = None,
    project: Project = "",
    dataset: Dataset = "",
) -> None:
    """Take a decision back: what it changed is as it was before."""
    with desk(context, project, dataset) as at:
        rows = pages(at.session, "ListDecisions", "decisions", at.project, at.dataset)
        if number is None:
            standing = (row for row in rows if not row.undone_time and row.kind not in ("undo", "repair"))
            decision = next(standing, None)
            if decision is None:
                raise InvalidArgument("There is no decision to undo.")
            number = decision.decision_id
        else:
            decision = next((row for row in rows if row.decision_id <= number), None)
        at.call("UndoDecision", DecisionId=number)
    told = _told(decision) if decision else ""
    out.print(plain(f"Decision {number} is undone: {told}"), markup=False, highlight=False, soft_wrap=True)


def _table(decisions: list[Any]) -> Listing:
    table = Listing("No", "When", "Who", "What", "About")
    for each in decisions:
        kind = Text.assemble((each.kind, "dim strike"), " undone") if each.undone_time else each.kind
        table.add(str(each.decision_id), each.time[:19].replace("T", " "), each.actor, kind, _about(each.about))
    return table


def _told(decision: Any) -> str:
    """A decision in a few words, by whom and when."""
    return f"{decision.kind}, {_about(decision.about)} ({decision.time[:19].replace('T', ' ')} UTC)."


def _about(about: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {_short(value)}" for name, value in about.items() if value not in (None, [], ""))


def _short(value: Any) -> str:
    if isinstance(value, list):
        shown = " ".join(_short(each) for each in value[:3])
        return shown if len(value) <= 3 else f"{shown} and {len(value) - 3} more"
    text = str(value)
    return text[:SHORT] if ID.fullmatch(text) else text
