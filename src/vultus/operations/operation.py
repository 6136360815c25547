"""What an operation is: one function, declared once, from which all else follows."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_type_hints

from msgspec import UNSET

from vultus.model.dataset import Dataset
from vultus.model.project import Project
from vultus.model.wire import Text, Wire
from vultus.operations.call import Call
from vultus.operations.parameters import Reader

Level = Literal["create", "list", "get", "update", "delete", "none"]
Product = Literal["imm", "vultus"]

#: The version that callers name, for each product. ``vultus`` holds what IMM has no operation for.
VERSIONS: dict[Product, str] = {"imm": "2020-09-30", "vultus": "2026-11-22"}


class Request(Wire):
    """The parameters of an operation; a field without a default is mandatory."""


class Response(Wire):
    """The answer of an operation."""

    request_id: Text = UNSET


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the API.

    Attributes:
        name: as it is called on the wire, ``BatchGetFigureCluster``.
        product: the product that it belongs to.
        level: RAM's access level.
        resource: what RAM protects: a project, a dataset, or nothing smaller than the account.
        handler: does the work.
        request: the parameters.
        summary: first paragraph of the handler's docstring.
    """

    name: str
    product: Product
    level: Level
    resource: type[Project] | type[Dataset] | None
    handler: Callable[[Call, Any], Response]
    request: type[Request]
    response: type[Response]
    summary: str
    reader: Reader = field(repr=False)


Handler = TypeVar("Handler", bound=Callable[..., Response])
REGISTRY: dict[tuple[str, str], Operation] = {}


def operation(
    *, level: Level, resource: type[Project] | type[Dataset] | None, product: Product = "imm"
) -> Callable[[Handler], Handler]:
    """Declare a function ``(call, request) -> response`` to be an operation."""

    def declare(handler: Handler) -> Handler:
        name = "".join(word.capitalize() for word in handler.__name__.split("_"))
        hints = get_type_hints(handler)
        request: type[Request] = hints["request"]
        REGISTRY[VERSIONS[product], name] = Operation(
            name=name,
            product=product,
            level=level,
            resource=resource,
            handler=handler,
            request=request,
            response=hints["return"],
            summary=(inspect.getdoc(handler) or "").split("\n\n")[0],
            reader=Reader(request),
        )
        return handler

    return declare
