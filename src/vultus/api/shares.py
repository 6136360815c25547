"""How connections are shared out among processes."""

from ctypes import Array, c_long

ABSENT = 2**31 - 1  # the count of a process that does not accept connections


class Shares:
    """How many connections each process has, in memory that all of them see.

    Args:
        counts: of the processes; ``ABSENT`` for those that do not accept.
        place: of this process.
    """

    def __init__(self, counts: "Array[c_long]", place: int) -> None:
        self._counts = counts
        self._place = place
        self._counts[place] = 0

    def is_our_turn(self, connections: int) -> bool:
        """Note how many connections this process has, and say whether none of the others has fewer."""
        self._counts[self._place] = connections
        return connections <= int(min(self._counts))
