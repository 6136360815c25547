"""Parts of documents and videos."""

from msgspec import UNSET

from vultus.model.label import Label
from vultus.model.wire import Real, Text, Unset, Whole, Wire


class ElementContent(Wire):
    """What a part of a document holds."""

    type: Text = UNSET
    content: Text = UNSET
    url: Text = UNSET
    time_range: list[int] | Unset = UNSET


class ElementRelation(Wire):
    """How a part of a document stands to another."""

    type: Text = UNSET
    object_id: Text = UNSET


class Element(Wire):
    """A part of a document."""

    element_contents: list[ElementContent] | Unset = UNSET
    object_id: Text = UNSET
    element_type: Text = UNSET
    semantic_similarity: Real = UNSET
    element_relations: list[ElementRelation] | Unset = UNSET


class SceneElement(Wire):
    """A scene of a video; times in milliseconds."""

    time_range: list[int] | Unset = UNSET
    frame_times: list[int] | Unset = UNSET
    video_stream_index: Whole = UNSET
    labels: list[Label] | Unset = UNSET
