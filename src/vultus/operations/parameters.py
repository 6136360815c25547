"""Parameters of a request: text from the wire to the fields of a struct."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Any, get_args

import msgspec

from vultus.errors import InvalidArgument, MissingParameter

_SCALARS = {str, int, float, bool, NoneType, msgspec.UnsetType}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of a request.

    Attributes:
        name: of the field.
        wire: the parameter's name on the wire.
        type: what the value must be.
        required: whether the field has no default.
        text: whether any text will do.
        structured: whether the value is a JSON text.
    """

    name: str
    wire: str
    type: Any
    required: bool
    text: bool
    structured: bool


class Reader:
    """Reads the parameters of one request type.

    IMM's clients send everything as text: numbers in decimal, booleans in any case (``True``), lists and structs as
    one JSON text. A caller inside the process may hand over lists and structs as they are.
    """

    def __init__(self, request: type[msgspec.Struct]) -> None:
        self._request = request
        self.parameters = [_parameter(field) for field in msgspec.structs.fields(request)]

    def read(self, values: Mapping[str, Any]) -> Any:
        """Return the request.

        Raises:
            MissingParameter: a mandatory parameter is absent or empty.
            InvalidArgument: a value cannot be used; the message names the parameter.
        """
        fields = {}
        for parameter in self.parameters:
            value = values.get(parameter.wire)
            if value is None or (value == "" and not (parameter.text and not parameter.required)):
                if parameter.required:
                    raise MissingParameter(parameter.wire)
                continue
            fields[parameter.name] = value if parameter.text and type(value) is str else _convert(parameter, value)
        return self._request(**fields)


def _parameter(field: msgspec.structs.FieldInfo) -> Parameter:
    kinds = _kinds(field.type)
    return Parameter(
        name=field.name,
        wire=field.encode_name,
        type=field.type,
        required=field.required,
        text=field.type is str or kinds == {str, msgspec.UnsetType},
        structured=not kinds <= _SCALARS,
    )


def _kinds(annotation: Any) -> set[Any]:
    """The members of a union, each without its constraints."""
    inner = getattr(annotation, "__origin__", None)
    if hasattr(annotation, "__metadata__") and inner is not None:
        return _kinds(inner)
    arguments = get_args(annotation)
    if arguments and (inner is None or not isinstance(inner, type)):
        return set().union(*(_kinds(each) for each in arguments))
    return {inner or annotation}


def _convert(parameter: Parameter, value: Any) -> Any:
    try:
        if parameter.structured and isinstance(value, str):
            value = msgspec.json.decode(value)
        return msgspec.convert(value, parameter.type, strict=False)
    except RecursionError:
        raise InvalidArgument(f"The parameter {parameter.wire} is nested too deeply.") from None
    except msgspec.DecodeError as error:
        raise InvalidArgument(f"The parameter {parameter.wire} is not valid: {_plain(str(error))}") from None


def _plain(reason: str) -> str:
    """A reason of msgspec, with the path written as a caller would."""
    return reason.replace("`$.", "`").replace(" - at `$`", "").replace("`$[", "`[")
