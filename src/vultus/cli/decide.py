"""``vultus name``, ``merge``, ``distinct``, ``move``, ``not``, ``ignore`` and ``split``: what you say of people.

Every one of them is a fact that no later run overwrites, and can be undone with ``vultus undo``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from vultus.cli.console import counted, err, out
from vultus.cli.ids import PAGE, figure_ids, person_id
from vultus.cli.options import Dataset, Project, chosen
from vultus.cli.session import Session, open_session
from vultus.config import Settings
from vultus.errors import InvalidArgument, ResourceNotFound
from vultus.operations.operation import Product

Person = Annotated[str, typer.Argument(metavar="ID", help="Id of a person, or its beginning.")]
Figures = Annotated[list[str], typer.Argument(metavar="FACE...", help="Ids of faces, or their beginnings.")]


@dataclass(frozen=True, slots=True)
class Desk:
    """A dataset in which something is decided."""

    session: Session
    project: str
    dataset: str

    def call(self, action: str, product: Product = "vultus", **parameters: Any) -> Any:
        """Carry out an operation on the dataset."""
        return self.session.call(action, product, ProjectName=self.project, DatasetName=self.dataset, **parameters)

    def person(self, beginning: str) -> str:
        """The person whose id begins so."""
        return person_id(self.session, beginning, self.project, self.dataset)

    def counts(self, people: list[str]) -> list[int]:
        """How many faces each of these people has."""
        held: dict[str, int] = {}
        for start in range(0, len(people), PAGE):
            asked = people[start : start + PAGE]
            found = self.call("BatchGetFigureCluster", "imm", ObjectIds=asked).figure_clusters
            held |= {str(person.object_id): int(person.face_count) for person in found}
        return [held.get(person, 0) for person in people]

    def figures(self, beginnings: list[str]) -> list[str]:
        """The faces whose ids begin so."""
        return figure_ids(self.session, beginnings, self.project, self.dataset)


@contextmanager
def desk(context: typer.Context, project: str, dataset: str) -> Iterator[Desk]:
    """Open the dataset that the options name."""
    settings: Settings = context.obj
    with open_session(settings) as session:
        yield Desk(session, *chosen(settings, project, dataset))


def name(
    context: typer.Context,
    id_: Person,
    new: Annotated[str, typer.Argument(metavar="NAME", help="The name; an empty one takes it away.")],
    project: Project = "",
    dataset: Dataset = "",
) -> None:
    """Name a person."""
    with desk(context, project, dataset) as at:
        at.call("UpdateFigureCluster", "imm", FigureCluster={"ObjectId": at.person(id_), "Name": new})
    _done()


def merge(
    context: typer.Context,
    target: Annotated[str, typer.Argument(metavar="TARGET", help="The person who stays; id, or its beginning.")],
    sources: Annotated[list[str], typer.Argument(metavar="ID...", help="The people who are the same one.")],
    project: Project = "",
    dataset: Dataset = "",
) -> None:
    """Say that people are one: the first keeps id, name and cover, the others disappear into it."""
    with desk(context, project, dataset) as at:
        at.call("MergeFigureClusters", To=at.person(target), Froms=[at.person(each) for each in sources])
    _done()


def distinct(
    context: typer.Context,
    first: Person,
    second: Annotated[str, typer.Argument(metavar="OTHER", help="Id of another person, or its beginning.")],
    project: Project = "",
    dataset: Dataset = "",
) -> None:
    """Say that two people are not one: no run joins them, and they are not suggested again."""
    with desk(context, project, dataset) as at:
        at.call("DistinguishFigureClusters", ObjectIds=[at.person(first), at.person(second)])
    _done()


def move(
    context: typer.Context,
    faces: Figures,
    to: Annotated[str, typer.Option(help="Id of the person; a new one when left out.")] = "",
    project: Project = "",
    dataset: Dataset = "",
) -> None:
    """Put faces with a person, or with a new one. No run takes them away again."""
    with desk(context, project, dataset) as at:
        target: dict[str, Any] = {"FigureClusterId": at.person(to)} if to else {}
        moved = at.figures(faces)
        owner = at.call("MoveFigures", FigureIds=moved, **target).figure_cluster_id
    out.print(owner)
    _told(f"{counted(len(set(moved)), 'face is', 'faces are')} now with {owner if to else 'a new person'}.")


def not_(context: typer.Context, id_: Person, faces: Figures, project: Project = "", dataset: Dataset = "") -> None:
    """Say that faces are not this person. No run puts them back."""
    with desk(context, project, dataset) as at:
        at.call("RejectFigures", FigureClusterId=at.person(id_), FigureIds=at.figures(faces))
    _done()


def ignore(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="People or faces, or the beginnings of their ids.")],
    not_a_face: Annotated[bool, typer.Option("--not-a-face", help="These are no faces at all.")] = False,
    back: Annotated[bool, typer.Option("--back", help="Care for them again.")] = False,
    project: Project = "",
    dataset: Dataset = "",
) -> None:
    """Leave people or faces alone: they are no longer listed. An ignored person goes on taking in their faces."""
    state = "live" if back else "not-a-face" if not_a_face else "ignored"
    with desk(context, project, dataset) as at:
        people, faces = _sorted(at, ids)
        if people and not_a_face:
            raise InvalidArgument("A person is ignored as a whole; --not-a-face is said of faces.")
        for each in people:
            at.call("IgnoreFigureCluster", ObjectId=each, Ignored=not back)
        if faces:
            at.call("IgnoreFigures", FigureIds=faces, State=state)
    _done()


def split(
    context: typer.Context,
    id_: Person,
    strictness: Annotated[
        float | None,
        typer.Option(min=0.0, max=1.0, help="0 to 1; each third means ten times fewer lookalikes. A third by default."),
    ] = None,
    project: Project = "",
    dataset: Dataset = "",
) -> None:
    """Group the faces of one person again, strictly; whoever was mixed in becomes a person of their own."""
    with desk(context, project, dataset) as at:
        asked: dict[str, Any] = {} if strictness is None else {"Strictness": strictness}
        person = at.person(id_)
        [before] = at.counts([person])  # first of all, so that who may not ask changes nothing
        made = at.call("SplitFigureCluster", ObjectId=person, **asked).object_ids
        [kept, *parted] = at.counts([person, *made])
    for each in made:
        out.print(each)
    for each, number in zip(made, parted, strict=True):
        err.print(f"{counted(number, 'face', 'faces')} went to a new person, {each}.", highlight=False, soft_wrap=True)
    if nobodys := before - kept - sum(parted):
        err.print(f"{counted(nobodys, 'face is', 'faces are')} of nobody now.", highlight=False)
    _told(f"{counted(kept, 'face', 'faces')} stayed with {person}.")


def _sorted(at: Desk, ids: list[str]) -> tuple[list[str], list[str]]:
    """Tell the people from the faces."""
    people: list[str] = []
    others: list[str] = []
    for each in ids:
        try:
            people.append(at.person(each))
        except ResourceNotFound:
            if each.startswith("Cluster-"):
                raise
            others.append(each)
    return people, at.figures(others) if others else []


def _told(what: str) -> None:
    err.print(f"{what} [bold]vultus undo[/] takes it back.", highlight=False, soft_wrap=True)


def _done() -> None:
    out.print("Done. [bold]vultus undo[/] takes it back.")
