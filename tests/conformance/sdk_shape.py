"""What the official SDK says of the wire: the names and types of every field of its classes.

The SDK keeps wire names in the code of ``to_map`` alone, so each is found by setting one field and looking at what
comes out.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from darabonba.model import DaraModel

SCALARS = {str: "text", int: "whole", float: "real", bool: "truth", Any: "any"}


class _Anything:
    """Stands for a nested struct."""

    def to_map(self) -> dict[str, int]:
        return {"Is": 1}


@cache
def fields(model: type[DaraModel]) -> dict[str, Any]:
    """Wire name and type of every field of a class of the SDK."""
    hints = get_type_hints(model.__init__)
    return {_wire_name(model, attribute, hint): hint for attribute, hint in hints.items() if attribute != "return"}


@cache
def attributes(model: type[DaraModel]) -> dict[str, str]:
    """Attribute of every wire name."""
    return {_wire_name(model, name, hint): name for name, hint in get_type_hints(model.__init__).items()}


def _wire_name(model: type[DaraModel], attribute: str, hint: Any) -> str:
    instance = model()
    setattr(instance, attribute, _sample(hint))
    return next(name for name, value in instance.to_map().items() if value)


def _sample(hint: Any) -> Any:
    if get_origin(hint) is list:
        return [_sample(get_args(hint)[0])]
    if get_origin(hint) is dict:
        return {"k": _sample(get_args(hint)[1])}
    return _Anything() if is_model(hint) else 1


def is_model(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, DaraModel)


def shape(hint: Any) -> Any:
    """Describe a type down to its scalars: a struct is a dict of wire names, a list or map a tuple."""
    if get_origin(hint) is list:
        return ("list", shape(get_args(hint)[0]))
    if get_origin(hint) is dict:
        return ("map", shape(get_args(hint)[1]))
    if is_model(hint):
        return {name: shape(inner) for name, inner in fields(hint).items()}
    return SCALARS[hint]


def faults(value: Any, hint: Any, promised: Mapping[str, set[str]] = {}, path: str = "$") -> list[str]:
    """What is wrong with a JSON value: a name the SDK does not know, a value of another type, a field left out.

    Args:
        value: decoded JSON of an answer.
        hint: a class of the SDK, or the type of one of its fields.
        promised: wire names that must be there, for the classes of these names.
        path: where the value stands, for the messages.
    """
    if hint is Any:
        return []
    if get_origin(hint) is list:
        if not isinstance(value, list):
            return [f"{path} is no list: {value!r}"]
        inner = get_args(hint)[0]
        return [fault for i, each in enumerate(value) for fault in faults(each, inner, promised, f"{path}[{i}]")]
    if get_origin(hint) is dict:
        if not isinstance(value, dict):
            return [f"{path} is no map: {value!r}"]
        inner = get_args(hint)[1]
        return [fault for key, each in value.items() for fault in faults(each, inner, promised, f"{path}.{key}")]
    if is_model(hint):
        return _struct_faults(value, hint, promised, path)
    accepted = {str: (str,), bool: (bool,), int: (int,), float: (float, int)}[hint]
    fits = isinstance(value, accepted) and (hint is bool or not isinstance(value, bool))
    return [] if fits else [f"{path} is no {SCALARS[hint]}: {value!r}"]


def _struct_faults(value: Any, model: type[DaraModel], promised: Mapping[str, set[str]], path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path} is no {model.__name__}: {value!r}"]
    known = fields(model)
    unknown = [f"{path}.{name} is unknown to {model.__name__}" for name in value.keys() - known.keys()]
    missing = [f"{path}.{name} is missing" for name in promised.get(model.__name__, set()) - value.keys()]
    nested = [
        fault
        for name in value.keys() & known.keys()
        for fault in faults(value[name], known[name], promised, f"{path}.{name}")
    ]
    return unknown + missing + nested
