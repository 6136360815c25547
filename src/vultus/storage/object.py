"""Objects: what a store says of them, and how they fail to be there."""

import msgspec
from msgspec import UNSET

from vultus.errors import InvalidArgument
from vultus.model.wire import Text


class ObjectFacts(msgspec.Struct, frozen=True):
    """What a store says of an object without giving its bytes.

    Attributes:
        size: bytes.
        modified: nanoseconds since the epoch, UTC; 0 where the store does not say.
        version: changes when the object changes; compared for equality only.
        etag: as the store writes it, quotes included.
        content_type: as the store was told; often a guess of whoever uploaded it.
    """

    size: int
    modified: int
    version: str
    etag: Text = UNSET
    content_type: Text = UNSET


class ObjectMissing(InvalidArgument):
    """There is no such object, or none that may be seen."""

    def __init__(self) -> None:
        super().__init__("File does not exist.")


class ObjectTooLarge(InvalidArgument):
    """The object has more bytes than are read."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The file has more than {limit} bytes, the most that is read.")
