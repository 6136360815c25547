"""How far the work on one file is: it says so as often as it likes."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

#: Gives what a piece of work is to be done in, which may take so many seconds; within another, apart from that one's.
Within = Callable[[float], AbstractContextManager[None]]

#: Gets the share that is done, 0 to 1. What it raises breaks the work off, and nothing is written.
Watch = Callable[[float], None]


def unwatched(share: float) -> None:
    """Nobody wants to know."""


def unguarded(seconds: float) -> AbstractContextManager[None]:
    """Nobody ends what takes longer."""
    return nullcontext()
