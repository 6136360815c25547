"""``vultus suggest``: who may be one person."""

from itertools import islice, takewhile
from typing import Annotated

import msgspec
import typer
from rich.text import Text

from vultus.cli.console import err, out, plain
from vultus.cli.decide import desk
from vultus.cli.ids import pages
from vultus.cli.listing import Listing, stacked
from vultus.cli.options import AsJSON, Dataset, Project
from vultus.cli.people import SHORT, cover_name
from vultus.model import FigureCluster
from vultus.operations.suggestions import FigureClusterSuggestion, SuggestionEvidence

SURE = 0.99  # nobody is surer than that of a pair
LEAST = 0.2  # probability from which a pair is worth a look: one question in five brings two fragments together


def suggest(
    context: typer.Context,
    most: Annotated[int, typer.Option("--most", "-n", min=1, help="How many, the likeliest first.")] = 20,
    least: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="How likely a pair has to be, 0 to 1; below 0.05 none is told.")
    ] = LEAST,
    project: Project = "",
    dataset: Dataset = "",
    as_json: AsJSON = False,
) -> None:
    """List pairs of people who may be one. Say yes with `vultus merge`, and no with `vultus distinct`."""
    with desk(context, project, dataset) as at:
        found = pages(at.session, "ListFigureClusterSuggestions", "suggestions", at.project, at.dataset)
        pairs: list[FigureClusterSuggestion] = list(
            islice(takewhile(lambda pair: pair.confidence >= least, found), most)
        )
    if as_json:
        out.print_json(msgspec.json.encode(pairs).decode())
    elif not pairs:
        out.print(f"Nobody here is likely to be there twice: no pair is at {least:.0%} or more.", highlight=False)
    else:
        out.print(_table(pairs))
        err.print("Yes: [bold]vultus merge ID ID[/]. No: [bold]vultus distinct ID ID[/], and it is not asked again.")


def _table(pairs: list[FigureClusterSuggestion]) -> Listing:
    table = Listing("One person?", "Who", "Who else", "Evidence")
    for pair in pairs:
        first, second = (_person(each) for each in pair.figure_clusters)
        table.add(f"{min(pair.confidence, SURE):.0%}", first, second, _told(pair.evidence))
    return table


def _person(person: FigureCluster) -> Text:
    faces = f"{person.face_count} {'face' if person.face_count == 1 else 'faces'}"
    name = Text(plain(person.name or ""), "bold")
    return stacked(name, str(person.object_id)[:SHORT], f"{faces}, {cover_name(person)}")


def _told(evidence: SuggestionEvidence) -> Text:
    """The evidence in words; likeness counts decades of strangers: 0 is one in a hundred, 1 one in 100,000."""
    told = [Text(f"on average, {_rarity(evidence.mean_likeness)} are as alike")]
    if evidence.close_figures:
        count = evidence.close_figures
        told.append(Text(f"{count} {'pair' if count == 1 else 'pairs'} of faces are as alike as one person's"))
    else:
        told.append(Text(f"as their closest faces, {_rarity(evidence.closest_likeness)}"))
    if evidence.files_of_both:
        both = evidence.files_of_both
        told.append(Text(f"both in {both} {'photo' if both == 1 else 'photos'}", "yellow"))
    return Text("; ").join(told)


def _rarity(likeness: float) -> str:
    """How many pairs of strangers it takes to find one as alike."""
    if likeness < 0:
        return "many strangers"
    strangers = 10 ** (2 + 3 * min(likeness, 1.0))
    rounded = round(strangers, 1 - len(str(int(strangers))))
    return f"{'fewer than ' if likeness > 1 else ''}1 in {int(rounded):,} strangers"
