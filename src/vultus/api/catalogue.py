"""The catalogue of errors: every one that can reach a caller, when it comes, and what to do about it."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

from vultus.errors import VultusError


@dataclass(frozen=True, order=True, slots=True)
class CataloguedError:
    """An error.

    Attributes:
        status: of HTTP.
        code: of IMM; where braces are in it, what they name is filled in.
        when: it comes.
        remedy: what a caller can do about it.
    """

    status: int
    code: str
    when: str
    remedy: str


def catalogue() -> list[CataloguedError]:
    """Return the catalogue, by status and code.

    What is wrong with the server itself has one entry, ``InternalError``, however many errors tell its log of it.
    """
    wrong = "Something is wrong with the server, not with the request."
    found = {CataloguedError(VultusError.status, VultusError.code, wrong, VultusError.remedy)}
    for error in _below(VultusError):
        of_its_own = {"code", "status", "remedy"} & vars(error).keys()  # else a caller cannot tell it from its base
        if of_its_own and error.status != VultusError.status:
            when = (inspect.getdoc(error) or "").splitlines()[0]
            found.add(CataloguedError(error.status, error.code, when, error.remedy))
    return sorted(found)


def _below(base: type[VultusError]) -> Iterator[type[VultusError]]:
    for error in base.__subclasses__():
        yield error
        yield from _below(error)
