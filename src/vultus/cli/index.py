"""``vultus index``: photos and videos in."""

import shlex
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from vultus.cli.console import counted, err, out, plain
from vultus.cli.gone import find_gone, forget
from vultus.cli.handover import Handover
from vultus.cli.options import AsJSON, Dataset, Project, chosen
from vultus.cli.session import Session, open_session
from vultus.cli.source import Source, look_at, place_named, them, told_left_out
from vultus.cli.steps import explain_steps, template_of
from vultus.cli.work import Step, follow, working
from vultus.config import ConfigError, Settings
from vultus.errors import InvalidArgument, ResourceNotFound, VultusError
from vultus.index.template import steps_of
from vultus.operations.progress import FailedFile, GetProgressResponse
from vultus.storage.storage import Storage
from vultus.storage.tree import Tree

BATCH = 100  # files handed over in one call, as many as IMM takes
SHOWN = 10  # failures told one by one


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
    left_out: int  # of the source, for they are neither images nor videos
    gone: int  # that the dataset holds of the source, and that are no longer there
    forgotten: int  # for they were no longer there
    lost_people: int  # who were in no other file
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
    prune: Annotated[
        bool, typer.Option("--prune", help="Forget the files of DIR that are no longer there, with their faces.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Index nothing; show the steps that indexing takes, and what they cost.")
    ] = False,
    as_json: AsJSON = False,
) -> None:
    """Find the faces in the photos and videos of a folder or bucket. Run it again for what is new or has changed."""
    settings: Settings = context.obj
    where = chosen(settings, project, dataset)
    place_named(source)  # before anything is made
    if explain:
        _explain(settings, source, where, template, all_files)
        return
    with open_session(settings) as session:
        summary = index_source(session, source, *where, all_files=all_files, template=template, prune=prune)
    if as_json:
        out.print_json(msgspec.json.encode(summary).decode())
    else:
        options = [*(("--project", project) if project else ()), *(("--dataset", dataset) if dataset else ())]
        _tell(summary, source, shlex.join(["vultus", "index", source, *options]))
    if summary.failed:
        raise typer.Exit(3)


def index_source(
    session: Session,
    name: str,
    project: str,
    dataset: str,
    *,
    all_files: bool = False,
    template: str = "",
    prune: bool = False,
) -> IndexSummary:
    """Hand the files of a source over and wait until they are indexed.

    Args:
        session: on whose behalf.
        name: of the source: a folder, or a URI.
        project: the project.
        dataset: the dataset; both are made where they are not there.
        all_files: also files that are neither images nor videos.
        template: that the dataset is to follow from now on; empty for the one that it follows.
        prune: forget the files of the source that are no longer there.

    Raises:
        InvalidArgument: the source does not exist or holds no photos or videos.
        ConfigError: the template that the dataset follows cannot be followed.
    """
    _check_template(session, project, dataset, template)
    source = _source(session, name, project, all_files, prune)
    session.ensure_dataset(project, dataset)
    if template:
        session.call("UpdateDataset", ProjectName=project, DatasetName=dataset, TemplateId=template)
    started = time.monotonic()
    handover = Handover(session, project, dataset)
    with working(session):
        for batch in _batches(source.uris()):
            handover.take(batch)
        total = _pending(session, project, dataset)
        follow("Indexing", "files", total, lambda: _step(_progress(session, project, dataset), total))
        outcome = handover.outcome(SHOWN)
        gone = find_gone(session, handover.dataset, source.tree, handover.rows())
        people = _progress(session, project, dataset).figure_clusters
        if prune:
            forget(session, project, dataset, gone.uris)
    if told := gone.told_unsure(name):
        _say(told)
    holdings = _holdings(_progress(session, project, dataset))
    return IndexSummary(
        project_name=project,
        dataset_name=dataset,
        files=len(handover),
        indexed=outcome.indexed,
        unchanged=outcome.unchanged,
        failed=outcome.failed,
        left_out=source.left_out,
        gone=0 if prune else len(gone.uris),
        forgotten=len(gone.uris) if prune else 0,
        lost_people=max(people - holdings.people, 0) if prune else 0,
        seconds=round(time.monotonic() - started, 1),
        failures=outcome.failures,
        dataset=holdings,
    )


def _explain(settings: Settings, name: str, where: tuple[str, str], template: str, all_files: bool) -> None:
    """Show what indexing would do; before the first use there is no catalog to ask, and none is made."""
    if settings.database or (settings.home / "vultus.db").exists():
        with open_session(settings) as session:
            template = template or template_of(session, *where)
    storage = Storage(settings)
    source = Source(storage, name, look_at(storage, place_named(name), where[0]), all_files)
    explain_steps(settings, storage, template, source.uris())
    if told := told_left_out(source.left_out, name):
        out.print(plain(told), markup=False, highlight=False, soft_wrap=True)


def _check_template(session: Session, project: str, dataset: str, template: str) -> None:
    """See that the template which the files are to be indexed by can be followed, before any is touched."""
    templates, catalog = session.settings.templates, session.service.catalog
    if template:
        steps_of(template, templates)
        return
    try:
        found = catalog.datasets.find(project, dataset).template_id or catalog.projects.get(project).template_id
    except ResourceNotFound:
        return
    try:
        steps_of(found, templates)
    except VultusError as error:
        told = f"The dataset {dataset} cannot be indexed: {error.message}"
        raise ConfigError(f"{told} Set that right in the settings, or choose a template by --template.") from None


def _source(session: Session, name: str, project: str, all_files: bool, prune: bool) -> Source:
    """The source of a name; a folder that no bucket holds is made one, once a file is found in it."""
    storage, place = session.service.storage, place_named(name)
    source = Source(storage, name, look_at(storage, place, project), all_files)
    if next(source.uris(), None) is None:
        kept = "; nothing was forgotten" if prune else ""
        what = "files" if all_files else "photos or videos"
        raise InvalidArgument(f"There are no {what} in {name}{kept}. {told_left_out(source.left_out, name)}".rstrip())
    tree = source.tree
    if isinstance(place, Path):
        tree = storage.map_folder(place, project)
        _tell_buckets(name, tree)
    return Source(storage, name, tree, all_files)


def _holdings(progress: GetProgressResponse) -> Holdings:
    files = progress.pending + progress.indexing + progress.indexed + progress.failed
    return Holdings(files=files, failed=progress.failed, faces=progress.figures, people=progress.figure_clusters)


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


def _batches(items: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _tell(summary: IndexSummary, source: str, command: str) -> None:
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
    for told in _others(summary, source, command):
        out.print(plain(told), markup=False, highlight=False, soft_wrap=True)
    held = summary.dataset
    unread = f" ({held.failed:,} of them failed)" if held.failed else ""
    out.print(
        f"The dataset {summary.dataset_name} holds {counted(held.files, 'file', 'files')}{unread}, "
        f"{counted(held.faces, 'face', 'faces')} and {counted(held.people, 'person', 'people')}.",
        markup=False,
        soft_wrap=True,
    )
    out.print("Next: [bold]vultus cluster[/] groups the faces into people.")


def _others(summary: IndexSummary, source: str, command: str) -> Iterator[str]:
    """What to say of files that were not indexed.

    Args:
        summary: what indexing came to.
        source: as it was named.
        command: that indexes it.
    """
    if told := told_left_out(summary.left_out, source):
        yield told
    if summary.forgotten:
        were = counted(summary.forgotten, "file that is", "files that are")
        yield f"{were} no longer in {source}: forgotten."
    if summary.lost_people:
        yield f"{counted(summary.lost_people, 'person', 'people')} who appeared in no other file: forgotten as well."
    if summary.gone:
        are = counted(summary.gone, "file is", "files are")
        yield f"{are} no longer in {source}; {command} --prune forgets {them(summary.gone)}."
        if summary.indexed:
            yield "Files that were renamed: run vultus cluster before --prune, and people who are in them stay."


def _tell_failures(summary: IndexSummary) -> None:
    if not summary.failed:
        return
    err.print(f"[yellow]{counted(summary.failed, 'file', 'files')} could not be read:[/]", highlight=False)
    for each in summary.failures:
        err.print(plain(f"  {each.uri}: {each.reason}"), markup=False, highlight=False, soft_wrap=True)
    if summary.failed > len(summary.failures):
        err.print(f"  and {summary.failed - len(summary.failures):,} more", highlight=False)
