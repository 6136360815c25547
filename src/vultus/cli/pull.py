"""Fetching model files, with progress."""

from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

from vultus.cli.console import err
from vultus.vision.models.model import ModelFile
from vultus.vision.models.store import ModelStore


def pull_with_progress(store: ModelStore, ids: list[str] | None = None) -> None:
    """Fetch what is missing, with a bar for each file on standard error; nothing is shown when nothing is."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[source]}", markup=False),
    )
    with Progress(*columns, console=err, disable=not err.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(file: ModelFile, source: str, done: int) -> None:
            if not source and file.id not in tasks:
                return  # it was here
            if file.id not in tasks:
                tasks[file.id] = bars.add_task(file.file, total=file.bytes, source=source)
            bars.update(tasks[file.id], completed=done, source=source)

        store.pull(ids, show)
