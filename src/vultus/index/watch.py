"""How far the work on one file is: it says so as often as it likes."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

#: Gets the share that is done, 0 to 1. What it raises breaks the work off, and nothing is written.
Watch = Callable[[float], None]


def unwatched(share: float) -> None:
    """Nobody wants to know."""


def unguarded(seconds: float) -> AbstractContextManager[None]:
    """Nobody ends what takes longer."""
    return nullcontext()
