"""Labels: the key-value pairs that callers hang on files, people and tasks."""

from collections.abc import Mapping

from vultus.errors import InvalidArgument

LABELS = 100  # of one file (IMM), and of whatever else carries labels
LABEL_TEXT = 1024  # characters of a label's key, and of its value


def check_labels(name: str, labels: Mapping[str, object]) -> None:
    """Check the labels that a caller gives.

    Args:
        name: of the parameter or field, for the message.
        labels: decoded from JSON.

    Raises:
        InvalidArgument: too many labels, too long a text, or a value that is a list or map.
    """
    if len(labels) > LABELS:
        raise InvalidArgument(f"{name} holds {len(labels)} pairs; at most {LABELS} are carried.")
    for key, value in labels.items():
        if not isinstance(value, str | int | float):
            raise InvalidArgument(f"{name} has a value that is neither text nor a number nor a boolean: {key[:40]!r}.")
        if max(len(key), len(str(value))) > LABEL_TEXT:
            raise InvalidArgument(f"{name} has a pair with more than {LABEL_TEXT} characters on a side.")
