"""Files that are handed over for indexing, and what came of each."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from vultus.catalog.datasets import DatasetRow
from vultus.catalog.files import FileRow
from vultus.cli.session import Session
from vultus.operations.progress import FailedFile

NEVER = 0  # edition of a file that was not indexed
LOOKED = 500  # files whose state is asked for at once


@dataclass(slots=True)
class Outcome:
    """What came of the files that were handed over."""

    indexed: int = 0  # read, for the first time or anew
    unchanged: int = 0  # as they were when they were indexed
    failed: int = 0
    failures: list[FailedFile] = field(default_factory=list)  # the first of them


class Handover:
    """Hands files over, and remembers of each, in 16 bytes, how it was: a source may hold a million of them.

    What came of a file is no operation of the API. It is looked up in the catalog, for files that the caller was
    allowed to have indexed.
    """

    def __init__(self, session: Session, project: str, dataset: str) -> None:
        self._session = session
        self._files = session.service.catalog.files
        self._dataset = session.service.catalog.datasets.find(project, dataset)
        self._rows = array("q")
        self._editions = array("q")

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def dataset(self) -> DatasetRow:
        """Which takes the files."""
        return self._dataset

    def rows(self) -> Sequence[int]:
        """The rows of the files, in order."""
        return array("q", sorted(self._rows))

    def take(self, uris: Sequence[str]) -> None:
        """Have files indexed, as many as IMM takes in one call."""
        before = {row.id: _edition(row) for row in self._files.by_uri(self._dataset, uris)}
        self._session.call(
            "BatchIndexFileMeta",
            ProjectName=self._dataset.project_name,
            DatasetName=self._dataset.name,
            Files=[{"URI": uri} for uri in uris],
        )
        for row in self._files.by_uri(self._dataset, uris):
            self._rows.append(row.id)
            self._editions.append(before.get(row.id, NEVER))

    def outcome(self, told: int) -> Outcome:
        """Say what came of the files, and why the first ``told`` of them failed.

        Those that were deleted meanwhile count as nothing.
        """
        outcome = Outcome()
        for start in range(0, len(self), LOOKED):
            some = slice(start, start + LOOKED)
            before = dict(zip(self._rows[some], self._editions[some], strict=True))
            for row in self._files.by_id(list(before)):
                if row.status == "Failed":
                    outcome.failed += 1
                    if len(outcome.failures) < told:
                        outcome.failures.append(FailedFile(uri=row.uri, reason=row.reason))
                elif before[row.id] == _edition(row) != NEVER:
                    outcome.unchanged += 1
                else:
                    outcome.indexed += 1
        return outcome


def _edition(row: FileRow) -> int:
    """A number that is another one once the file was read anew: as it was indexed, and what was looked for in it."""
    return hash((row.version, row.recipe, row.model)) if row.version else NEVER
