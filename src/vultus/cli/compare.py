"""``vultus compare``: are these two pictures of one person?"""

import os
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from vultus.cli.console import out
from vultus.cli.options import AsJSON, Project
from vultus.cli.pull import pull_with_progress
from vultus.cli.session import open_session
from vultus.config import Bucket, Settings
from vultus.errors import InvalidArgument, VultusError
from vultus.vision.models.store import ModelStore

SAME = 0.5  # similarity from which two faces may be taken for one person's

Picture = Annotated[str, typer.Argument(metavar="FILE|URI", help="A picture, or oss://bucket/key.")]


def compare(
    context: typer.Context, one: Picture, other: Picture, project: Project = "", as_json: AsJSON = False
) -> None:
    """Tell how likely the largest faces of two pictures are one person's, 0 to 1. Nothing is kept of them."""
    settings: Settings = context.obj
    source = {"URI1": _located(one, "compared-1", settings), "URI2": _located(other, "compared-2", settings)}
    with open_session(settings) as session:
        session.ensure_project(project or settings.project)
        store = ModelStore(settings)
        pull_with_progress(store, store.needed)
        try:
            answer = session.call("CompareImageFaces", ProjectName=project or settings.project, Source=source)
        except VultusError as error:
            error.message = _in_their_words(error.message, source, (one, other))
            raise
    if as_json:
        out.print_json(msgspec.json.encode(answer).decode())
        return
    verdict = "[green]one person[/]" if answer.similarity >= SAME else "[red]two people[/]"
    out.print(f"{verdict}: the similarity is {answer.similarity:.3f}; from {SAME} on, two faces pass for one person's.")


def _located(picture: str, name: str, settings: Settings) -> str:
    """Return the URI of a picture; the folder of a file becomes a bucket of this command alone.

    Raises:
        InvalidArgument: there is no such file.
    """
    if "://" in picture:
        return picture
    file = Path(os.path.realpath(os.path.expanduser(picture)))
    if file.is_dir():
        raise InvalidArgument(f"{picture} is a folder; name a picture in it.")
    if not file.is_file():
        raise InvalidArgument(f"There is no file {picture}.")
    settings.buckets = settings.buckets | {name: Bucket(projects=["*"], options={"root": str(file.parent)})}
    return f"oss://{name}/{file.name}"


def _in_their_words(message: str, source: dict[str, str], typed: tuple[str, str]) -> str:
    """Return a message in which the pictures are called as they were typed."""
    for (parameter, uri), picture in zip(source.items(), typed, strict=True):
        message = message.replace(f"Source.{parameter}", picture).replace(uri, picture)
    return message
