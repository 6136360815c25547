"""How far the work on one file is: it says so as often as it likes."""

from collections.abc import Callable

#: Gets the share that is done, 0 to 1. What it raises breaks the work off, and nothing is written.
Watch = Callable[[float], None]


def unwatched(share: float) -> None:
    """Nobody wants to know."""
