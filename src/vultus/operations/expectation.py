"""What a value must be, in words: for the messages of errors and for the documentation."""

import re
from typing import Any

from msgspec import inspect

_STEP = re.compile(r"\.(\w+)|\[[^\]]+\]")
_PLURALS = {"text": "texts", "a whole number": "whole numbers", "a number": "numbers"}


def expectation(annotation: Any) -> str:
    """Say what a value of a type must be.

    A type that was given a description (``Annotated[str, Meta(description=...)]``) is what its description says.

    >>> expectation(Annotated[list[str], Meta(min_length=1, max_length=100)])
    'a list of 1 to 100 texts'
    """
    return _describe(inspect.type_info(annotation))


def expectation_within(annotation: Any, path: str) -> str:
    """Say what a part of a value of a type must be.

    Args:
        annotation: the type of the whole.
        path: of the part, as msgspec writes it: ``.Figures[0].FigureId``; ``[...]`` is a value of a map.
    """
    kind = inspect.type_info(annotation)
    for field in _STEP.findall(path):
        kind = _inner(kind, field)
    return _describe(kind)


def _inner(kind: inspect.Type, field: str) -> inspect.Type:
    match kind:
        case inspect.Metadata(type=inner):
            return _inner(inner, field)
        case inspect.StructType(fields=fields):
            return next(each.type for each in fields if each.encode_name == field)
        case inspect.DictType(value_type=inner) | inspect.ListType(item_type=inner):
            return inner
        case _:
            raise TypeError(f"Nothing is inside {kind}.")


def _describe(kind: inspect.Type) -> str:
    match kind:
        case inspect.Metadata(type=inner, extra_json_schema=schema):
            return str((schema or {}).get("description") or _describe(inner))
        case inspect.StrType():
            return "text" + _bounds(kind.min_length, kind.max_length, " of {} characters")
        case inspect.IntType():
            return "a whole number" + _bounds(kind.ge, kind.le, ", {}")
        case inspect.FloatType():
            return "a number" + _bounds(kind.ge, kind.le, ", {}")
        case inspect.BoolType():
            return "true or false"
        case inspect.LiteralType(values=values):
            return "one of " + ", ".join(map(str, values))
        case inspect.ListType(item_type=item):
            return "a list of" + _bounds(kind.min_length, kind.max_length, " {}") + " " + _plural(_describe(item))
        case inspect.DictType():
            return "a map" + _bounds(kind.min_length, kind.max_length, " of {} entries")
        case inspect.StructType(cls=cls):
            return f"{'an' if cls.__name__[0] in 'AEIOU' else 'a'} {cls.__name__}"
        case _:
            return "any value"


def _plural(words: str) -> str:
    if words.startswith("one of "):
        return f"texts, each {words}"
    return _PLURALS.get(words) or words.removeprefix("an ").removeprefix("a ")


def _bounds(least: float | None, most: float | None, frame: str) -> str:
    if least is None and most is None:
        return ""
    if most is None:
        return frame.format(f"at least {least}")
    return frame.format(f"at most {most}" if least is None else f"{least} to {most}")
