"""Workflow templates: which steps indexing takes."""

from enum import Enum

from vultus.errors import InvalidArgument


class Step(Enum):
    """A step of indexing, from the cheapest to the dearest."""

    OBJECT = "object"  # what the store says of the object
    IMAGE = "image"  # what an image says of itself: size, orientation, EXIF
    VIDEO = "video"  # what a video says of itself: size, length, streams
    FACES = "faces"  # who is in it


#: What a dataset does whose template, and whose project's template, is empty. IMM would extract nothing; a service for
#: faces that finds none until it is told to would only puzzle.
DEFAULT_TEMPLATE = "Official:FaceManagement"

_IMAGES = frozenset(Step) - {Step.VIDEO}

TEMPLATES: dict[str, frozenset[Step]] = {
    "Official:DefaultEmptyId": frozenset(),
    "Official:OSSBasicMeta": frozenset({Step.OBJECT}),
    "Official:FaceManagement": frozenset(Step),
    "Official:ImageManagement": _IMAGES,
    "Official:CognitionImageManagement": _IMAGES,
    "Official:AllFunction": frozenset(Step),
}


def steps_of(template: str) -> frozenset[Step]:
    """Return the steps of a template; the empty name means the default.

    Raises:
        InvalidArgument: there is no such template.
    """
    try:
        return TEMPLATES[template or DEFAULT_TEMPLATE]
    except KeyError:
        known = ", ".join(TEMPLATES)
        raise InvalidArgument(f"TemplateId {template} is not known; it can be one of {known}.") from None
