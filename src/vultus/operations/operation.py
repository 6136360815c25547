"""What an operation is: one function, declared once, from which all else follows."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_type_hints

from msgspec import UNSET

from vultus.model.dataset import Dataset
from vultus.model.project import Project
from vultus.model.wire import Text, Wire, wire_name
from vultus.operations.call import Call
from vultus.operations.parameters import Reader

Level = Literal["create", "list", "get", "update", "delete", "none"]
Product = Literal["imm", "vultus"]

#: The version that callers name, for each product. ``vultus`` holds what IMM has no operation for.
VERSIONS: dict[Product, str] = {"imm": "2020-09-30", "vultus": "2026-11-22"}

#: What RAM calls each resource, with the parameters that name it.
RESOURCE_NAMES: dict[type[Project] | type[Dataset] | None, str] = {
    Project: "project/{ProjectName}",
    Dataset: "project/{ProjectName}/dataset/{DatasetName}",
    None: "*",
}


class Request(Wire):
    """The parameters of an operation; a field without a default is mandatory."""

    def given(self, *left_out: str) -> dict[str, Any]:
        """Return the fields that the caller gave, by name, but for those left out."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__ if name not in left_out}
        return {name: value for name, value in fields.items() if value is not UNSET}


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
        response: the answer.
        reader: of the parameters.
        quick: on SQLite it takes some hundred microseconds, however much the database holds: it only reads, single rows
            by their keys. The API does such a thing at once, while other requests wait; anything else, in a thread.
    """

    name: str
    product: Product
    level: Level
    resource: type[Project] | type[Dataset] | None
    handler: Callable[[Call, Any], Response]
    request: type[Request]
    response: type[Response]
    reader: Reader = field(repr=False)
    quick: bool

    @property
    def description(self) -> str:
        """What the operation does: the docstring of its handler."""
        return inspect.getdoc(self.handler) or ""

    @property
    def resource_name(self) -> str:
        """The resource as RAM names it, with the parameters in braces that fill it in."""
        return f"acs:{self.product}:{{region}}:{{account}}:{RESOURCE_NAMES[self.resource]}"


Handler = TypeVar("Handler", bound=Callable[..., Response])
REGISTRY: dict[tuple[str, str], Operation] = {}


def operation(
    *, level: Level, resource: type[Project] | type[Dataset] | None, product: Product = "imm", quick: bool = False
) -> Callable[[Handler], Handler]:
    """Declare a function ``(call, request) -> response`` to be an operation."""

    def declare(handler: Handler) -> Handler:
        name = wire_name(handler.__name__)
        if (VERSIONS[product], name) in REGISTRY:
            raise ValueError(f"{name} is declared twice.")
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
            reader=Reader(request),
            quick=quick,
        )
        return handler

    return declare
