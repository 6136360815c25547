"""What a step of indexing is: one function, declared once, with what it needs and what it gives."""

import importlib
import inspect
import logging
import pkgutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from vultus.errors import VultusError
from vultus.index.subject import WORKING, Subject
from vultus.model import File

Media = Literal["image", "video", "audio", "document", "other", "archive"]
ALL: frozenset[Media] = frozenset({"image", "video", "audio", "document", "other", "archive"})
#: What a record is wrong without; other fields are rather left out than cost the whole record.
VITAL = frozenset({"media_type", "picture", "faces"})
FINDINGS = frozenset(File.__struct_fields__) | WORKING

Run = Callable[[Subject], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way from an object to its record.

    Attributes:
        name: as templates name it: that of its function.
        media: the kinds of files that it is for.
        needs: what others must have found before: fields of ``File``, or of ``Subject``. It is taken even where none
            of it was found, for a photo need not tell where it was made.
        gives: what it may find, named alike.
        run: takes the step. It leaves unset what the file does not tell, and raises ``UnreadableMedia`` where the file
            cannot be read at all.
        after: names of steps that come before it where they are taken, too, though it does not need them.
    """

    name: str
    media: frozenset[Media]
    needs: frozenset[str]
    gives: frozenset[str]
    run: Run
    after: frozenset[str] = frozenset()

    @property
    def description(self) -> str:
        """The docstring of its function."""
        return inspect.getdoc(self.run) or ""


STEPS: dict[str, Step] = {}


def step(
    *,
    media: Collection[Media] = ALL,
    needs: Collection[str] = (),
    gives: Collection[str],
    after: Collection[str] = (),
) -> Callable[[Run], Run]:
    """Declare a function of a ``Subject`` to be a step of indexing.

    Raises:
        ValueError: there is a step of that name, or nothing that is called as what it needs or gives.
    """

    def declare(run: Run) -> Run:
        name = run.__name__
        if name in STEPS:
            raise ValueError(f"The step {name} is declared twice.")
        if unknown := (set(needs) | set(gives)) - FINDINGS:
            raise ValueError(f"The step {name} names {', '.join(sorted(unknown))}, which nothing is called.")
        STEPS[name] = Step(name, frozenset(media), frozenset(needs), frozenset(gives), run, frozenset(after))
        return run

    return declare


@cache
def all_steps() -> dict[str, Step]:
    """Return every step by its name, in the order of the names, whichever module of ``vultus.index.steps`` declares it.

    The order in which modules happen to be imported shows nowhere.
    """
    package = importlib.import_module("vultus.index.steps")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(STEPS.items()))


@cache
def way(wanted: frozenset[str]) -> tuple[Step, ...]:
    """Return the steps that lead to those that are wanted, each after all that give what it needs.

    Args:
        wanted: names of steps; those that they need are taken as well.

    Raises:
        KeyError: there is no step of a name.
        ValueError: steps need each other in a circle.
    """
    steps = all_steps()
    taken = {name: steps[name] for name in wanted}
    queue = list(taken.values())
    while queue:
        for giver in _givers(queue.pop(), steps.values()):
            if giver.name not in taken:
                taken[giver.name] = giver
                queue.append(giver)
    return tuple(_in_order(taken))


def take(steps: Iterable[Step], subject: Subject) -> None:
    """Take steps, one after the other, each where it is for what the file has turned out to be.

    What one of them stumbles over that nobody has thought of leaves its fields out, and goes to the log: nobody's faces
    are to be lost by an error in reading a caption. Without a picture or faces, though, the record would be wrong.

    Raises:
        UnreadableMedia: the file cannot be read.
    """
    for each in steps:
        if takes(each, subject):
            try:
                each.run(subject)
            except (VultusError, MemoryError):
                raise
            except Exception:
                if each.gives & VITAL:
                    raise
                log.exception("the step %s left its fields of %s out", each.name, subject.uri)


def takes(step: Step, subject: Subject) -> bool:
    """Whether a step is for what a file has turned out to be so far."""
    return step.media == ALL or subject.document.media_type in step.media


def _givers(wanting: Step, steps: Iterable[Step]) -> list[Step]:
    return [each for each in steps if each is not wanting and each.gives & wanting.needs and each.media & wanting.media]


def _in_order(taken: dict[str, Step]) -> list[Step]:
    """Steps by name, but each after its givers and those it comes after: the order of two runs is the same."""
    ordered: list[Step] = []
    left = dict(sorted(taken.items()))
    while left:
        ready = (each for each in left.values() if not (each.after & left.keys() or _givers(each, left.values())))
        free = next(ready, None)
        if free is None:
            raise ValueError(f"The steps {', '.join(left)} need each other in a circle.")
        ordered.append(left.pop(free.name))
    return ordered
