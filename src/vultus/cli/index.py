"""``vultus index``: photos and videos in."""

import mimetypes
import os
import time
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from vultus.cli.console import counted, err, out, plain
from vultus.cli.handover import Handover
from vultus.cli.options import AsJSON, Dataset, Project, chosen
from vultus.cli.session import Session, open_session
from vultus.cli.steps import explain_steps, template_of
from vultus.cli.work import Step, follow, working
from vultus.config import Settings
from vultus.errors import InvalidArgument
from vultus.media.kind import sniff
from vultus.operations.progress import FailedFile, GetProgressResponse
from vultus.storage.tree import Tree
from vultus.storage.uri import ObjectPrefix

BATCH = 100  # files handed over in one call, as many as IMM takes
SHOWN = 10  # failures told one by one
MEDIA = frozenset({"image", "video"})


class Holdings(msgspec.Struct, rename="pascal"):
    """What a dataset holds, of whichever source."""

    files: int
    failed: int  # of the files
    faces: int
    people: int


class IndexSummary(msgspec.Struct, rename="pascal"):
    """What indexing came to: of the files of the source, and in the dataset as a whole."""

    project_name: str
    dataset_name: str
    files: int  # of the source
    indexed: int  # of them; read, for the first time or anew
    unchanged: int
    failed: int
    seconds: float
    failures: list[FailedFile]  # the first of them
    dataset: Holdings


def index(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="DIR|URI", help="A folder, or oss://bucket/prefix.")],
    project: Project = "",
    dataset: Dataset = "",
    all_files: Annotated[bool, typer.Option("--all", help="Also files that are neither images nor videos.")] = False,
    template: Annotated[
        str, typer.Option(metavar="ID", help="What is looked for, from now on: a workflow template. See --explain.")
    ] = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Index nothing; show the steps that indexing takes, and what they cost.")
    ] = False,
    as_json: AsJSON = False,
) -> None:
    """Find the faces in the photos and videos of a folder or bucket. Run it again for what is new or has changed."""
    settings: Settings = context.obj
    where = chosen(settings, project, dataset)
    with open_session(settings) as session:
        if explain:
            uris = _uris(session, _locate(session, source, where[0]), all_files)
            explain_steps(session, template or template_of(session, *where), uris)
            return
        if template:
            _follow_template(session, *where, template)
        summary = index_source(session, source, *where, all_files=all_files)
    if as_json:
        out.print_json(msgspec.json.encode(summary).decode())
    else:
        _tell(summary, source)
    if summary.failed:
        raise typer.Exit(3)


def index_source(session: Session, source: str, project: str, dataset: str, *, all_files: bool = False) -> IndexSummary:
    """Hand the files of a source over and wait until they are indexed.

    Raises:
        InvalidArgument: the source does not exist or holds no photos or videos.
    """
    uris = _uris(session, _locate(session, source, project), all_files)
    first = next(uris, None)
    if first is None:
        raise InvalidArgument(f"There are no photos or videos in {source}.")
    session.ensure_dataset(project, dataset)
    started = time.monotonic()
    handover = Handover(session, project, dataset)
    with working(session):
        for batch in _batches(chain([first], uris)):
            handover.take(batch)
        total = _pending(session, project, dataset)
        follow("Indexing", "files", total, lambda: _step(_progress(session, project, dataset), total))
    outcome = handover.outcome(SHOWN)
    return IndexSummary(
        project_name=project,
        dataset_name=dataset,
        files=len(handover),
        indexed=outcome.indexed,
        unchanged=outcome.unchanged,
        failed=outcome.failed,
        seconds=round(time.monotonic() - started, 1),
        failures=outcome.failures,
        dataset=_holdings(_progress(session, project, dataset)),
    )


def _holdings(progress: GetProgressResponse) -> Holdings:
    files = progress.pending + progress.indexing + progress.indexed + progress.failed
    return Holdings(files=files, failed=progress.failed, faces=progress.figures, people=progress.figure_clusters)


def _follow_template(session: Session, project: str, dataset: str, template: str) -> None:
    session.ensure_dataset(project, dataset)
    session.call("UpdateDataset", ProjectName=project, DatasetName=dataset, TemplateId=template)


def _locate(session: Session, source: str, project: str) -> Tree:
    if "://" in source:
        prefix = ObjectPrefix.parse(source)
        session.service.storage.authorise_bucket(prefix.bucket, project)
        return Tree(prefix)
    folder = Path(os.path.expanduser(source))  # Path's own raises for a user whom nobody knows
    if folder.is_file():
        raise InvalidArgument(f"{source} is a file; name the folder that it is in.")
    if not folder.is_dir():
        raise InvalidArgument(f"There is no folder {source}.")
    tree = session.service.storage.map_folder(folder, project)
    _tell_buckets(source, tree)
    return tree


def _tell_buckets(source: str, tree: Tree) -> None:
    """Say which bucket was chosen, where there was a choice."""
    if tree.others:
        others = ", ".join(tree.others)
        _say(f"{source} lies in several buckets: its files go by {tree.place}, not by those of {others}.")
    for prefix, bucket in islice(tree.parts.items(), SHOWN):
        inner = prefix.removeprefix(tree.place.prefix)
        _say(f"{inner} in {source} is a bucket itself: its files go by oss://{bucket}/.")
    if len(tree.parts) > SHOWN:
        _say(f"So are {len(tree.parts) - SHOWN} others.")


def _say(text: str) -> None:
    err.print(plain(text), markup=False, highlight=False, soft_wrap=True)


def _progress(session: Session, project: str, dataset: str) -> GetProgressResponse:
    answer: GetProgressResponse = session.call("GetProgress", "vultus", ProjectName=project, DatasetName=dataset)
    return answer


def _step(progress: GetProgressResponse, total: int) -> Step:
    """How many files are done of so many; of those at work, the shares that are."""
    left = min(progress.pending + progress.indexing, total)
    at_work = sorted(progress.indexing_files, key=lambda each: -each.progress)[:left]
    told = [f"{each.uri.rpartition('/')[2]} {each.progress} %" for each in at_work if each.progress]
    return Step(total - left + sum(each.progress for each in at_work) / 100, ", ".join(told))


def _pending(session: Session, project: str, dataset: str) -> int:
    progress = _progress(session, project, dataset)
    return progress.pending + progress.indexing


def _uris(session: Session, tree: Tree, all_files: bool) -> Iterator[str]:
    for uri in session.service.storage.files(tree):
        if all_files or _is_media(uri.key):
            yield str(uri)


def _is_media(name: str) -> bool:
    """Whether a name may be that of a photo or video; one without an ending may."""
    guessed, _ = mimetypes.guess_type(name)
    known = sniff(b"", name).media_type in MEDIA or (guessed or "").partition("/")[0] in MEDIA
    return known or "." not in name.rpartition("/")[2]


def _batches(items: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _tell(summary: IndexSummary, source: str) -> None:
    done = [
        (summary.indexed, "indexed"),
        (summary.unchanged, "unchanged"),
        (summary.failed, "failed"),
    ]
    told = ", ".join(f"{number:,} {what}" for number, what in done if number) or "none is there any more"
    out.print(
        plain(f"{counted(summary.files, 'file', 'files')} in {source}: {told}; this took {summary.seconds:.0f} s."),
        markup=False,
        soft_wrap=True,
    )
    _tell_failures(summary)
    held = summary.dataset
    unread = f" ({held.failed:,} of them failed)" if held.failed else ""
    out.print(
        f"The dataset {summary.dataset_name} holds {counted(held.files, 'file', 'files')}{unread}, "
        f"{counted(held.faces, 'face', 'faces')} and {counted(held.people, 'person', 'people')}.",
        markup=False,
        soft_wrap=True,
    )
    out.print("Next: [bold]vultus cluster[/] groups the faces into people.")


def _tell_failures(summary: IndexSummary) -> None:
    if not summary.failed:
        return
    err.print(f"[yellow]{counted(summary.failed, 'file', 'files')} could not be read:[/]", highlight=False)
    for each in summary.failures:
        err.print(plain(f"  {each.uri}: {each.reason}"), markup=False, highlight=False, soft_wrap=True)
    if summary.failed > len(summary.failures):
        err.print(f"  and {summary.failed - len(summary.failures):,} more", highlight=False)
