"""Filters that come as text: ``key=value`` and spans of time."""

from vultus.errors import InvalidArgument
from vultus.model import TimeRange, moment
from vultus.model.wire import Text, Unset


def read_pair(name: str, text: Text) -> tuple[str, str] | None:
    """Read ``key=value``; None when there is no filter.

    Raises:
        InvalidArgument: the text, the parameter of that name, is no such pair.
    """
    if not isinstance(text, str) or text == "":
        return None
    key, sign, value = text.partition("=")
    if not key or not sign:
        raise InvalidArgument(f"{name} must be one key and its value, as in colour=red.")
    return key, value


def read_range(name: str, span: TimeRange | Unset) -> tuple[int | None, int | None] | None:
    """Read a span of time; both ends belong to it, and either may be missing.

    Returns:
        start and end in nanoseconds since 1970, None for an open end; None when there is no filter.

    Raises:
        InvalidArgument: an end is no time, or they are the wrong way round.
    """
    if not isinstance(span, TimeRange):
        return None
    start, end = _moment(name, "Start", span.start), _moment(name, "End", span.end)
    if start is not None and end is not None and start > end:
        raise InvalidArgument(f"{name} ends before it starts.")
    return start, end


def _moment(name: str, side: str, text: Text) -> int | None:
    if not isinstance(text, str) or text == "":
        return None
    try:
        return moment.from_wire(text)
    except ValueError as error:
        raise InvalidArgument(f"{name}.{side}: {error}") from None
