"""Labels of pictures and videos."""

from msgspec import UNSET

from vultus.model.wire import Real, Text, Unset, Whole, Wire


class Clip(Wire):
    """Start and end in milliseconds."""

    time_range: list[int] | Unset = UNSET


class Label(Wire):
    """What a picture shows."""

    language: Text = UNSET
    label_name: Text = UNSET
    label_level: Whole = UNSET
    label_confidence: Real = UNSET
    parent_label_name: Text = UNSET
    centric_score: Real = UNSET
    label_alias: Text = UNSET
    clips: list[Clip] | Unset = UNSET
