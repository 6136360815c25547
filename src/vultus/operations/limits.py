"""What a caller may name and limit: shared by projects and datasets."""

from typing import Annotated

from msgspec import UNSET, Meta

from vultus.model.wire import Unset
from vultus.operations.operation import Request

INT64_MAX = 2**63 - 1

Name = Annotated[
    str,
    Meta(
        pattern=r"\A[A-Za-z_][A-Za-z0-9_-]{0,127}\Z",
        description="1 to 128 letters, digits, hyphens and underscores, the first a letter or an underscore",
    ),
]
Description = Annotated[str, Meta(max_length=256)]
Prefix = Annotated[str, Meta(max_length=128)]
Count = Annotated[int, Meta(ge=1, le=INT64_MAX)]


class DatasetLimits(Request):
    """How much a dataset may hold. Entities and relations are kept for later and limit nothing, as in IMM."""

    dataset_max_bind_count: Annotated[int, Meta(ge=1, le=10)] | Unset = UNSET
    dataset_max_file_count: Annotated[int, Meta(ge=1, le=100_000_000)] | Unset = UNSET
    dataset_max_entity_count: Count | Unset = UNSET
    dataset_max_relation_count: Count | Unset = UNSET
    dataset_max_total_file_size: Count | Unset = UNSET  # bytes
