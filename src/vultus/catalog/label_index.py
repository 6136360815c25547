"""Labels as a search compares them: keys and values without regard to case, on either engine.

Neither engine folds the case of all letters in the same way, so labels are folded here, and stored as one text in
which every label is a line of JSON. JSON has no bare line breaks: a line cannot be mistaken for part of another.
"""

from collections.abc import Mapping

import msgspec
from sqlalchemy import ColumnElement


def label_index(labels: Mapping[str, object]) -> str:
    """Return the text to store for a map of labels."""
    return "".join(f"\n{_line(key, value)}\n" for key, value in labels.items())


def has_label(index: ColumnElement[str], key: str, value: str) -> ColumnElement[bool]:
    """Return the condition that a stored text holds a label."""
    return index.contains(f"\n{_line(key, value)}\n", autoescape=True)


def _line(key: str, value: object) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return msgspec.json.encode([key.casefold(), text.casefold()]).decode()
