"""Spans of time."""

from msgspec import UNSET

from vultus.model.wire import Text, Wire


class TimeRange(Wire):
    """From start to end, RFC 3339."""

    end: Text = UNSET
    start: Text = UNSET
