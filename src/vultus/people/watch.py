"""Watching long work: it tells how far it is, and can be broken off."""

from collections.abc import Callable
from enum import StrEnum


class Phase(StrEnum):
    """What a run is doing."""

    LOADING = "Loading"
    NEIGHBOURS = "Neighbours"
    EVIDENCE = "Evidence"
    PARTITION = "Partition"
    MERGING = "Merging"
    PLANNING = "Planning"
    PLACING = "Placing"


#: Told the phase, how much of it is done, and how much there is; breaks the work off by raising an exception.
Watch = Callable[[Phase, int, int], None]


def silent(phase: Phase, done: int, total: int) -> None:
    """Watch without a word."""
