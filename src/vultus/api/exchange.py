"""A request and what became of it: all that counts and log lines say of it, and no more."""

import time
from collections.abc import Mapping

import msgspec

from vultus.api.answers import new_request_id
from vultus.api.tally import OK
from vultus.errors import VultusError

UNKNOWN = "unknown"  # the operation of a request that names none of ours: what strangers make up is not repeated
LONGEST_PROJECT = 128  # characters; what a stranger calls a project may be anything


class Exchange(msgspec.Struct):
    """A request and what became of it.

    Attributes:
        request_id: names it.
        operation: of ours; ``unknown`` where none is named.
        project: that is named.
        caller: ARN of who signed it; empty where nobody is known.
        source_address: of the client.
        status: of HTTP.
        code: of the error; ``OK`` where there is none.
        received: bytes of the body.
        sent: bytes of the body.
        form: of the answer, ``JSON`` or ``XML``.
        began: seconds, of the performance counter.
    """

    request_id: str = msgspec.field(default_factory=new_request_id)
    operation: str = UNKNOWN
    project: str = ""
    caller: str = ""
    source_address: str = ""
    status: int = 200
    code: str = OK
    received: int = 0
    sent: int = 0
    form: str = "JSON"
    began: float = msgspec.field(default_factory=time.perf_counter)

    def names(self, operation: str, parameters: Mapping[str, str]) -> None:
        """Note what is asked for."""
        self.operation = operation
        self.project = parameters.get("ProjectName", "")[:LONGEST_PROJECT]

    def failed(self, error: VultusError) -> None:
        """Note what was answered instead."""
        self.status, self.code = error.status, kind_of(error)


def kind_of(error: VultusError) -> str:
    """The code of an error, or its class where the code names a parameter: there are not many of either."""
    return error.code if error.code == type(error).code else type(error).__name__
