"""``vultus faces``: the faces of a dataset or of a person, with the ids that decisions name."""

from collections.abc import Iterable
from itertools import count, pairwise
from typing import Annotated

import msgspec
import typer

from vultus.catalog.file_documents import INDEPENDENT, UNAVAILABLE
from vultus.cli.console import WIDE, err, out
from vultus.cli.decide import desk
from vultus.cli.ids import pages
from vultus.cli.listing import Listing, whole
from vultus.cli.options import AsJSON, Dataset, Project
from vultus.cli.people import SHORT
from vultus.operations.explanations import ExplainedFigure
from vultus.people.gate import Shortcoming

SPACIOUS = 140  # characters of a terminal that has room for the ids of a face and of its person
OWNERLESS = {INDEPENDENT: "nobody", UNAVAILABLE: "not looked at yet"}
TELLING = 8  # characters of a face's id that tell it from others, at least; commands take them


def faces(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help="Only those of this person; id, or its beginning.")] = "",
    project: Project = "",
    dataset: Dataset = "",
    as_json: AsJSON = False,
) -> None:
    """List faces: where each is, whose it is, and what it lacks for founding a person."""
    with desk(context, project, dataset) as at:
        person = at.person(id_) if id_ else ""
        every = list(pages(at.session, "ExplainFigures", "figures", at.project, at.dataset))
    found = [each for each in every if not person or each.figure_cluster_id == person]
    if as_json:
        out.print_json(msgspec.json.encode(found).decode())
    elif not found:
        err.print("There are no faces yet. Index photos first: [bold]vultus index DIR[/].")
    else:
        out.print(_table(found, _telling(each.figure_id for each in every)))


def _table(found: list[ExplainedFigure], telling: int) -> Listing:
    """Faces, a row each; in a narrow terminal ids are as much of them as tells them apart."""
    table = Listing(whole("Face"), "Photo", whole("Person"), "Lacks")
    face_length = None if out.width >= WIDE else telling
    person_length = None if out.width >= SPACIOUS else SHORT
    for each in found:
        owner = each.figure_cluster_id
        lacks = "; ".join(each.reasons)
        photo = each.uri.rpartition("/")[2]
        if owner in OWNERLESS:
            table.add(
                each.figure_id[:face_length],
                photo,
                OWNERLESS[owner],
                lacks or (str(Shortcoming.FEW) if owner == INDEPENDENT else ""),
            )
        else:
            table.add(each.figure_id[:face_length], photo, owner[:person_length], lacks)
    return table


def _telling(ids: Iterable[str]) -> int:
    """How many characters of these ids it takes to tell them all apart."""
    neighbours = list(pairwise(sorted(ids)))
    return next(length for length in count(TELLING) if all(one[:length] != other[:length] for one, other in neighbours))
