"""``vultus people``: who was found."""

import msgspec
import typer
from rich.text import Text

from vultus.cli.console import WIDE, err, out
from vultus.cli.listing import Listing, whole
from vultus.cli.missing import NoSuchPlace
from vultus.cli.options import AsJSON, Dataset, Project, chosen
from vultus.cli.session import Session, open_session
from vultus.config import Settings
from vultus.model import FigureCluster, File

SHORT = 16  # characters of an id that tell people apart; vultus show takes them
PAGE = 100  # clusters asked for at a time


def people(context: typer.Context, project: Project = "", dataset: Dataset = "", as_json: AsJSON = False) -> None:
    """List the people of a dataset, those with most faces first."""
    settings: Settings = context.obj
    where = chosen(settings, project, dataset)
    with open_session(settings) as session:
        try:
            found = list_people(session, *where)
        except NoSuchPlace as error:
            if project or dataset or error.others(session.call) != []:
                raise
            found = []  # at first nothing is there, which is no error where nobody named a place
    if as_json:
        out.print_json(msgspec.json.encode(found).decode())
    elif not found:
        hint = "Index photos with [bold]vultus index DIR[/], then run [bold]vultus cluster[/]."
        err.print(f"Nobody is known yet. {hint}", soft_wrap=True)
    else:
        out.print(people_table(found))


def list_people(session: Session, project: str, dataset: str) -> list[FigureCluster]:
    """Return every person, those with most faces first."""
    found: list[FigureCluster] = []
    token = ""
    while True:
        page = session.call(
            "QueryFigureClusters",
            ProjectName=project,
            DatasetName=dataset,
            Sort="FaceCount",
            Order="desc",
            MaxResults=PAGE,
            NextToken=token,
        )
        found += page.figure_clusters
        token = page.next_token or ""
        if not token:
            return found


def people_table(found: list[FigureCluster]) -> Listing:
    """Return the table of people."""
    table = Listing(whole("Id"), "Name", "Faces", "Photos", "Videos", "Cover")
    length = None if out.width >= WIDE else SHORT
    for person in found:
        table.add(
            str(person.object_id)[:length],
            person.name or Text("unnamed", "dim"),
            str(person.face_count),
            str(person.image_count),
            str(person.video_count),
            cover_name(person),
        )
    return table


def cover_name(person: FigureCluster) -> str:
    """Return the file name of a person's cover."""
    if not person.cover:
        return ""
    cover = msgspec.json.decode(msgspec.json.encode(person.cover), type=File)
    return str(cover.filename or "")
