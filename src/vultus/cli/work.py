"""Work in the foreground: workers on this machine, and a look at how far they are."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer
from rich.progress import Progress, TaskID

from vultus.cli import BROKEN_OFF
from vultus.cli.console import err, plain, progress_bar
from vultus.cli.pull import pull_with_progress
from vultus.cli.session import Session
from vultus.jobs.pool import Pool
from vultus.vision.models.store import ModelStore, ModelUnavailable

LOOK = 0.2  # seconds between looks at the queue, at least
LOOKING = 0.05  # share of the time that looks may take, however long each is


def keep() -> str:
    """Leave what was done as it is when Ctrl-C breaks work off that goes on where it was."""
    return "Broken off. What was done is kept; run the command again to go on."


@contextmanager
def working(session: Session, break_off: Callable[[], str] = keep) -> Iterator[None]:
    """Have workers for the length of the block; models are fetched first, where people see it.

    Args:
        session: whose settings and catalog.
        break_off: called at Ctrl-C, before the workers are stopped; returns what to say.
    """
    ensure_models(session)
    pool = Pool(session.settings, session.service.catalog)
    try:
        pool.start()
        yield
    except KeyboardInterrupt:
        err.print(break_off())
        raise typer.Exit(BROKEN_OFF) from None
    finally:
        pool.stop()


def ensure_models(session: Session) -> None:
    """Fetch the model files that are not here yet; what only describes faces may stay away.

    Raises:
        ModelUnavailable: a file that is needed cannot be had.
    """
    store = ModelStore(session.settings)
    pull_with_progress(store, store.needed)
    try:
        pull_with_progress(store)
    except ModelUnavailable as error:
        told = f"Faces are described without what it tells. {error.message}"
        err.print(plain(told), markup=False, highlight=False)


@dataclass(frozen=True, slots=True)
class Step:
    """How far work is.

    Attributes:
        done: how much; what is begun counts in part.
        about: what takes long at this moment, for people to read.
    """

    done: float
    about: str = ""


def follow(label: str, unit: str, total: int, look: Callable[[], Step]) -> int:
    """Show progress until ``look`` says that all of ``total`` is done; return the seconds it took."""
    started = time.monotonic()
    with progress_bar(unit) as bar:
        task = bar.add_task(label, total=total, rate="-", about="")
        while True:
            looked = time.monotonic()
            if (step := look()).done >= total:
                break
            _show(bar, task, step, started)
            time.sleep(max(LOOK, (time.monotonic() - looked) / LOOKING))
        _show(bar, task, Step(total), started)
    return int(time.monotonic() - started)


def _show(bar: Progress, task: TaskID, step: Step, started: float) -> None:
    seconds = max(time.monotonic() - started, 1e-9)
    bar.update(task, completed=step.done, rate=f"{step.done / seconds:.1f}", about=plain(step.about))
