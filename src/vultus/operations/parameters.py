"""Parameters of a request: text from the wire to the fields of a struct."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import inspect

from vultus.errors import InvalidArgument, MissingParameter
from vultus.operations.expectation import expectation

_STRUCTURED = inspect.ListType | inspect.DictType | inspect.StructType


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
        expected: what the value must be, in words.
    """

    name: str
    wire: str
    type: Any
    required: bool
    text: bool
    structured: bool
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
            expected=expectation(field.type),
        )

    def read(self, value: Any) -> Any:
        """Return the value that a caller gave, as the type of the field; ``UNSET`` when it says nothing.

        Raises:
            InvalidArgument: it cannot be used.
        """
        try:
            given = plain(msgspec.json.decode(value) if self.structured and isinstance(value, str) else value)
            if given is None:
                return msgspec.UNSET
            return msgspec.convert(given, self.type, strict=False)
        except RecursionError:
            raise InvalidArgument(f"{self.wire} is nested too deeply.") from None
        except UnicodeError:
            raise InvalidArgument(f"{self.wire} holds a character that cannot be stored.") from None
        except msgspec.ValidationError as error:
            raise InvalidArgument(f"{self.wire} must be {self.expected}{self._detail(given, error)}.") from None
        except msgspec.DecodeError as error:
            raise InvalidArgument(f"{self.wire} must be {self.expected}, as one JSON text: {error}.") from None

    def _detail(self, value: Any, error: msgspec.ValidationError) -> str:
        reason = str(error)
        if " - at " in reason:
            return ": " + reason.replace("`$.", "`").replace("`$[", "`[")
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


def plain(value: Any) -> Any:
    """Return a value of JSON without the nulls in it.

    Raises:
        UnicodeError: it holds text that no database can hold, a NUL or half a surrogate pair.
    """
    match value:
        case str():
            if "\x00" in value:
                raise UnicodeError
            value.encode()  # a lone surrogate raises
            return value
        case list() | tuple():
            return [plain(each) for each in value]
        case Mapping():
            return {plain(key): plain(each) for key, each in value.items() if each is not None}
        case _:
            return value
