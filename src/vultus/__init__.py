"""Vultus: who is in your photos, through the API of Alibaba Cloud IMM."""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vultus.people.group import group_faces

__all__ = ["group_faces"]

# onnxruntime reports its use to Microsoft unless it is told not to, before it is first imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def __getattr__(name: str) -> Any:
    """Public names, loaded on first use: the grouping brings numba along, which a wire client does not need."""
    if name != "group_faces":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from vultus.people.group import group_faces

    return group_faces
