"""Files that a dataset holds of a source, and that are no longer there."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from vultus.catalog.datasets import DatasetRow
from vultus.catalog.files import FileName
from vultus.cli.console import counted, progress_bar
from vultus.cli.session import Session
from vultus.errors import VultusError
from vultus.storage.tree import Tree
from vultus.storage.uri import SCHEME, ObjectURI

PAGE = 5000  # files whose names are read at once
BATCH = 100  # files forgotten in one call, as many as IMM takes


@dataclass(slots=True)
class Gone:
    """What became of the files of a source that were not found in it.

    Attributes:
        uris: those that are no longer there.
        unsure: how many others nobody can tell of, for their folder or store is out of reach.
        why: of the first of these.
    """

    uris: list[str] = field(default_factory=list)
    unsure: int = 0
    why: str = ""

    def told_unsure(self, name: str) -> str:
        """What to say of files that nobody can tell of; empty where there are none."""
        if not self.unsure:
            return ""
        files = counted(self.unsure, "file is", "files are")
        return f"{files} not to be found in {name}, and kept: {self.why}"


def find_gone(session: Session, dataset: DatasetRow, tree: Tree, found: Sequence[int]) -> Gone:
    """Look for the files of a tree that a dataset holds and that were not found just now.

    Args:
        session: whose catalog and storage.
        dataset: that may hold them.
        tree: where they were.
        found: rows of the files that are there, in order.
    """
    gone = Gone()
    begins = (str(tree.place), *(f"{SCHEME}{bucket}/" for bucket in tree.parts.values()))
    for file in _names(session, dataset):
        if file.uri.startswith(begins) and not _holds(found, file.id):
            _judge(session, file.uri, gone)
    return gone


def forget(session: Session, project: str, dataset: str, uris: Sequence[str]) -> None:
    """Delete what is known of files, as ``BatchDeleteFileMeta`` does."""
    with progress_bar("files") as bar:
        task = bar.add_task("Forgetting", total=len(uris), rate="-", about="")
        for start in range(0, len(uris), BATCH):
            some = uris[start : start + BATCH]
            session.call("BatchDeleteFileMeta", ProjectName=project, DatasetName=dataset, URIs=some)
            bar.advance(task, len(some))


def _judge(session: Session, uri: str, gone: Gone) -> None:
    try:
        if session.service.storage.is_gone(ObjectURI.parse(uri)):
            gone.uris.append(uri)
    except VultusError as error:
        gone.why = gone.why or error.message
        gone.unsure += 1


def _names(session: Session, dataset: DatasetRow) -> Iterator[FileName]:
    after = 0
    while page := session.service.catalog.files.names(dataset, after, PAGE):
        yield from page
        after = page[-1].id


def _holds(rows: Sequence[int], row: int) -> bool:
    at = bisect_left(rows, row)
    return at < len(rows) and rows[at] == row
