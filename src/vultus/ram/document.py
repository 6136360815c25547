"""The text of a policy document: JSON, of which every element is looked at before it is believed."""

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NoReturn

from vultus.errors import MalformedPolicy, PolicyTooLong

LONGEST = 6144  # characters of a policy document (RAM); white space counts
VERSION = "1"

_SHOWN = 64  # characters of what somebody wrote that go into a message


class Number(str):
    """A number as the document has it, to the digit."""

    __slots__ = ()


class Object(dict[str, Any]):
    """An object of the document.

    Attributes:
        repeated: a name that it has more than once; None when there is none. Which of the values was meant, nobody
            can tell.
    """

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = sorted(name for name, _ in pairs)
        self.repeated = next((name for name, following in pairwise(names) if name == following), None)


def read(document: str) -> list[Object]:
    """Return the statements of a document; there is at least one.

    Raises:
        MalformedPolicy: it is too long, no JSON, or not what a policy is at the top.
    """
    if len(document) > LONGEST:
        raise PolicyTooLong(len(document), LONGEST)
    whole = as_object(_load(document), "The policy document")
    known(whole, "The policy document", ("Version", "Statement"))
    if "Version" not in whole:
        raise MalformedPolicy(f'The policy document has no Version; it is always "{VERSION}".')
    version = whole["Version"]
    if type(version) is not str or version != VERSION:
        raise MalformedPolicy(f'The Version of the policy document is {show(version)}; "{VERSION}" is the only one.')
    if "Statement" not in whole:
        raise MalformedPolicy("The policy document has no Statement.")
    statements = whole["Statement"]
    if isinstance(statements, Object):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        raise MalformedPolicy("The Statement of the policy document must be a list of at least one statement.")
    return [as_object(statement, f"Statement {number}") for number, statement in enumerate(statements, 1)]


def _load(document: str) -> Any:
    try:
        document.encode()
        return json.loads(
            document, object_pairs_hook=Object, parse_int=Number, parse_float=Number, parse_constant=_no_number
        )
    except RecursionError:
        raise MalformedPolicy("The policy document has brackets within brackets without end.") from None
    except UnicodeEncodeError:
        raise MalformedPolicy("The policy document holds half a character, which cannot be stored.") from None
    except json.JSONDecodeError as error:
        raise MalformedPolicy(
            f"The policy document is not JSON; see line {error.lineno}, character {error.colno}."
        ) from None


def _no_number(name: str) -> NoReturn:
    raise MalformedPolicy(f"The policy document is not JSON, which has no {name}.")


def as_object(value: Any, what: str) -> Object:
    """Return a value that must be an object, with each name once."""
    if not isinstance(value, Object):
        raise MalformedPolicy(f"{what} must be a JSON object, not {show(value)}.")
    if value.repeated is not None:
        raise MalformedPolicy(f"{what} has {show(value.repeated)} more than once.")
    return value


def known(value: Object, what: str, names: Sequence[str]) -> None:
    """See to it that an object has no other elements than these."""
    for name in value:
        if name not in names:
            raise MalformedPolicy(f"{what} has the unknown element {show(name)}; known are {', '.join(names)}.")


def as_list(value: Any, what: str) -> list[Any]:
    """Return a value, or a list of at least one, as a list."""
    if value == []:
        raise MalformedPolicy(f"{what} is an empty list.")
    return value if isinstance(value, list) else [value]


def strings(value: Any, what: str) -> tuple[str, ...]:
    """Return a string, or a list of at least one, as a tuple."""
    values = as_list(value, what)
    for each in values:
        if type(each) is not str:
            raise MalformedPolicy(f"{what} takes strings, not {show(each)}.")
    return tuple(values)


def show(value: Any) -> str:
    """Write a value of the document the way a message can carry it: short, and in characters that can be sent."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    text = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}..."
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if isinstance(value, Number) else json.dumps(text, ensure_ascii=False)
