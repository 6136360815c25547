"""What a worker does with a job of a kind."""

from collections.abc import Callable
from typing import Protocol

from vultus.catalog import Job

#: Ends the job; called inside the transaction that writes the job's result, so that both hold or neither.
Finish = Callable[[], None]


class BrokenOff(Exception):
    """The worker is to stop: leave work that would take long by this exception, and another worker begins it anew."""


class Handler(Protocol):
    """Carries out the jobs of one kind."""

    def run(self, job: Job, finish: Finish) -> None:
        """Do the work and call ``finish`` in the transaction that writes its result.

        Raises:
            BrokenOff: the worker is to stop; nothing was written.
        """

    def give_up(self, job: Job, reason: str) -> None:
        """Write down, in the caller's transaction, that the work was given up."""
