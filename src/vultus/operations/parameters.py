"""Parameters of a request: text from the wire to the fields of a struct."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import inspect

from vultus.errors import InvalidArgument, MissingParameter
from vultus.operations.expectation import expectation, expectation_within

DEEPEST = 32  # lists and maps within each other; the structs of IMM have six

_STRUCTURED = inspect.ListType | inspect.DictType | inspect.StructType
_PLACE = re.compile(r" - at `\$(.+)`$")
_LACKS = re.compile(r"Object missing required field `(\w+)`")
_BYTE = re.compile(r"\(byte (\d+)\)$")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation.

    Attributes:
        name: of the field.
        wire: the parameter's name on the wire.
        type: what the value must be.
        required: whether the field has no default.
        text: whether the value is text, so that an empty one says something.
        structured: whether the value is a list, a map or a struct, which come as one JSON text.
        numeric: whether there are numbers in it.
        expected: what the value must be, in words.
    """

    name: str
    wire: str
    type: Any
    required: bool
    text: bool
    structured: bool
    numeric: bool
    expected: str

    @classmethod
    def of(cls, field: msgspec.structs.FieldInfo) -> "Parameter":
        """Describe the parameter that a field of a request stands for."""
        kind = inspect.type_info(field.type)
        if isinstance(kind, inspect.Metadata):
            kind = kind.type
        return cls(
            name=field.name,
            wire=field.encode_name,
            type=field.type,
            required=field.required,
            text=isinstance(kind, inspect.StrType),
            structured=isinstance(kind, _STRUCTURED),
            numeric=_holds_numbers(kind, set()),
            expected=expectation(field.type),
        )

    def read(self, value: Any) -> Any:
        """Return the value that a caller gave, as the type of the field; ``UNSET`` when it says nothing.

        Raises:
            InvalidArgument: it cannot be used.
        """
        try:
            given = self._decoded(value) if self.structured and isinstance(value, str) else plain(value)
            if given is None:
                return msgspec.UNSET
            read = msgspec.convert(given, self.type, strict=False)
            if self.numeric:
                _check_numbers(read)
        except RecursionError:
            raise InvalidArgument(f"{self.wire} is nested too deeply; {DEEPEST} levels are read.") from None
        except UnicodeError:
            raise InvalidArgument(f"{self.wire} holds a character that cannot be stored.") from None
        except OverflowError:
            raise InvalidArgument(f"{self.wire} holds a number that cannot be stored; 64 bits are.") from None
        except msgspec.ValidationError as error:
            raise InvalidArgument(f"{self.wire} must be {self.expected}{self._detail(given, error)}.") from None
        return read

    def _decoded(self, text: str) -> Any:
        try:
            decoded = msgspec.json.decode(text)
        except msgspec.ValidationError:
            raise OverflowError from None  # a number; nothing else can be wrong while no type is asked for
        except msgspec.DecodeError as error:
            place = _BYTE.search(str(error))
            where = f"; it is none from byte {place[1]} on" if place else ""
            raise InvalidArgument(f"{self.wire} must be {self.expected}, as one JSON text{where}.") from None
        given = plain(decoded)
        if (
            "{" in text
        ):  # msgspec does not tell when a name comes twice; what is too deep for Python's own reader is out
            json.loads(text, object_pairs_hook=self._unique)
        return given

    def _unique(self, pairs: list[tuple[str, Any]]) -> None:
        """Refuse a name that is given twice in a struct or map: which of the two counts is anybody's guess."""
        names = set()
        for name, _ in pairs:
            if name in names:
                raise InvalidArgument(f"{self.wire} gives {name[:40]} twice in one struct or map.")
            names.add(name)

    def _detail(self, value: Any, error: msgspec.ValidationError) -> str:
        """Say which part of the value is wrong, in our own words."""
        reason = str(error)
        found = _PLACE.search(reason)
        path = found[1] if found else ""
        if lacks := _LACKS.match(reason):
            return f"; {path.removeprefix('.') or 'it'} lacks {lacks[1]}"
        if path:
            wanted = expectation_within(self.type, path)
            known = wanted.startswith("one of ") and wanted in self.expected  # no need to list them again
            return f"; {path.removeprefix('.')} {'is none of them' if known else f'must be {wanted}'}"
        return f"; it holds {len(value)}" if "of length" in reason and isinstance(value, list) else ""


class Reader:
    """Reads the parameters of one request type.

    IMM's clients send everything as text: numbers in decimal, booleans in any case (``True``), lists and structs as
    one JSON text. A caller inside the process may hand over lists and structs as they are. A null says nothing, as
    though it were absent; an empty text says something only where text is optional.
    """

    def __init__(self, request: type[msgspec.Struct]) -> None:
        self._request = request
        self.parameters = [Parameter.of(field) for field in msgspec.structs.fields(request)]

    def read(self, values: Mapping[str, Any]) -> Any:
        """Return the request.

        Raises:
            MissingParameter: a mandatory parameter is absent or empty.
            InvalidArgument: a value cannot be used; the message names the parameter.
        """
        fields = {}
        for parameter in self.parameters:
            value = values.get(parameter.wire)
            says_nothing = value is None or (value == "" and not (parameter.text and not parameter.required))
            read = msgspec.UNSET if says_nothing else parameter.read(value)
            if read is not msgspec.UNSET:
                fields[parameter.name] = read
            elif parameter.required:
                raise MissingParameter(parameter.wire)
        return self._request(**fields)


def plain(value: Any, levels: int = DEEPEST) -> Any:
    """Return a value of JSON without the nulls in it.

    Raises:
        UnicodeError: it holds text that no database can hold, a NUL or half a surrogate pair.
        OverflowError: it holds a number that none can hold.
        RecursionError: it has more levels than so many.
    """
    match value:
        case str():
            if "\x00" in value:
                raise UnicodeError
            value.encode()  # a lone surrogate raises
            return value
        case list() | tuple() | Mapping() if levels == 0:
            raise RecursionError
        case list() | tuple():
            return [plain(each, levels - 1) for each in value]
        case Mapping():
            return {plain(key): plain(each, levels - 1) for key, each in value.items() if each is not None}
        case int() | float():
            _check_numbers(value)
            return value
        case _:
            return value


def _check_numbers(value: Any) -> None:
    """Raise OverflowError where a number takes more than 64 bits, or is infinite or none."""
    match value:
        case int() if not -(2**63) <= value < 2**63:
            raise OverflowError
        case float() if not math.isfinite(value):
            raise OverflowError
        case list():
            for each in value:
                _check_numbers(each)
        case dict():
            for each in value.values():
                _check_numbers(each)
        case msgspec.Struct():
            for name in value.__struct_fields__:
                _check_numbers(getattr(value, name))


def _holds_numbers(kind: inspect.Type, seen: set[type]) -> bool:
    match kind:
        case inspect.IntType() | inspect.FloatType():
            return True
        case inspect.Metadata(type=inner) | inspect.ListType(item_type=inner) | inspect.DictType(value_type=inner):
            return _holds_numbers(inner, seen)
        case inspect.UnionType(types=types):
            return any(_holds_numbers(each, seen) for each in types)
        case inspect.StructType(cls=cls, fields=fields) if cls not in seen:
            seen.add(cls)
            return any(_holds_numbers(field.type, seen) for field in fields)
        case _:
            return False
