"""``vultus datasets``: which datasets there are, and what each holds."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer

from vultus.cli.console import err, out
from vultus.cli.ids import PAGE
from vultus.cli.listing import Listing
from vultus.cli.options import AsJSON
from vultus.cli.session import Session, open_session
from vultus.operations.progress import GetProgressResponse


class Held(msgspec.Struct, rename="pascal"):
    """A dataset, and how much is in it."""

    project_name: str
    dataset_name: str
    files: int
    failed: int  # of the files
    faces: int
    people: int


def datasets(
    context: typer.Context,
    project: Annotated[str, typer.Option("--project", "-p", help="Only those of this project.")] = "",
    as_json: AsJSON = False,
) -> None:
    """List the datasets that there are, with how many files, faces and people each holds."""
    with open_session(context.obj) as session:
        projects = [project] if project else _projects(session)
        found = [_held(session, name, each) for name in projects for each in _datasets(session, name)]
    if as_json:
        out.print_json(msgspec.json.encode(found).decode())
    elif not found:
        err.print("There is no dataset yet: [bold]vultus index DIR[/] makes one.")
    else:
        out.print(_table(found))


def _projects(session: Session) -> Iterator[str]:
    token = ""
    while True:
        page = session.call("ListProjects", MaxResults=PAGE, NextToken=token)
        yield from (str(each.project_name) for each in page.projects)
        token = page.next_token or ""
        if not token:
            return


def _datasets(session: Session, project: str) -> Iterator[str]:
    token = ""
    while True:
        page = session.call("ListDatasets", ProjectName=project, MaxResults=PAGE, NextToken=token)
        yield from (str(each.dataset_name) for each in page.datasets)
        token = page.next_token or ""
        if not token:
            return


def _held(session: Session, project: str, dataset: str) -> Held:
    asked = {"ProjectName": project, "DatasetName": dataset}
    progress: GetProgressResponse = session.call("GetProgress", "vultus", **asked)
    files = progress.pending + progress.indexing + progress.indexed + progress.failed
    return Held(project, dataset, files, progress.failed, progress.figures, progress.figure_clusters)


def _table(found: list[Held]) -> Listing:
    table = Listing("Project", "Dataset", "Files", "Faces", "People")
    for each in found:
        files = f"{each.files:,}" + (f" ({each.failed:,} failed)" if each.failed else "")
        table.add(each.project_name, each.dataset_name, files, f"{each.faces:,}", f"{each.people:,}")
    return table
