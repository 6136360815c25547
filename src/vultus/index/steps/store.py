"""The store: what it has on the object besides its bytes."""

from typing import Any

import msgspec
from msgspec import UNSET

from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.media.wording import line_of
from vultus.model.moment import to_wire
from vultus.model.wire import Text, Whole
from vultus.storage.details import ObjectDetails

MOMENTS = {"created": "file_create_time", "accessed": "file_access_time"}  # fields of File by those of ObjectDetails
ALIKE = frozenset(ObjectDetails.__struct_fields__) - MOMENTS.keys()  # called alike in both
LONGEST = 8192  # letters of one value; OSS takes 8 KB of headers of one's own, S3 two
MOST = 256  # headers of one's own, or tags; OSS and S3 take ten tags


@step(needs={"filename"}, gives={*MOMENTS.values(), *ALIKE})
def store(subject: Subject) -> None:
    """Ask the store for times, headers, headers of the uploader's own, tags, rights, encryption and version."""
    details, document = subject.tools.storage.details(subject.uri), subject.document
    for name, field in MOMENTS.items():
        setattr(document, field, _written(getattr(details, name)))
    for name in ALIKE:
        setattr(document, name, _clean(getattr(details, name)))


def _written(moment: Whole) -> Text:
    return UNSET if isinstance(moment, msgspec.UnsetType) else to_wire(moment)


def _clean(value: Any) -> Any:
    """A value of the store, whose texts are whatever the uploader liked."""
    if isinstance(value, str):
        return line_of(value, LONGEST) or UNSET
    if isinstance(value, dict):
        return {line_of(name, LONGEST): line_of(value[name], LONGEST) for name in list(value)[:MOST]}
    return value
