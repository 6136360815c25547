"""What an operation is: one function, declared once, from which all else follows."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_type_hints

from msgspec import UNSET

from vultus.model.wire import Text, Wire, wire_name
from vultus.operations.call import Call
from vultus.operations.parameters import Reader
from vultus.operations.resource import ArnWriter, Protected, Resource, resources

Level = Literal["create", "list", "get", "update", "delete", "none"]
Product = Literal["imm", "vultus", "ram", "sts"]

#: The version that callers name, for each product. ``vultus`` holds what IMM has no operation for.
VERSIONS: dict[Product, str] = {"imm": "2020-09-30", "vultus": "2026-11-22", "ram": "2015-05-01", "sts": "2015-04-01"}


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
        resources: what RAM protects: who calls must be allowed the action on each of them. None at all where whoever
            is known may call.
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
    resources: tuple[Resource, ...]
    handler: Callable[[Call, Any], Response]
    request: type[Request]
    response: type[Response]
    reader: Reader = field(repr=False)
    arn_writers: tuple[ArnWriter, ...] = field(repr=False)
    quick: bool

    @property
    def description(self) -> str:
        """What the operation does: the docstring of its handler."""
        return inspect.getdoc(self.handler) or ""

    @property
    def ram_action(self) -> str:
        """The action as policies name it: ``imm:GetProject``."""
        return f"{self.product}:{self.name}"

    @property
    def resource_names(self) -> list[str]:
        """The resources as RAM names them, with the parameters in braces that fill them in."""
        region = "" if self.product in ("ram", "sts") else "{region}"
        return [
            each.name if each.is_arn else f"acs:{self.product}:{region}:{{account}}:{each.name}"
            for each in self.resources
        ]

    def arns(self, call: Call, request: Request) -> list[str]:
        """The resources that a request names."""
        region, caller = call.settings.server.region, call.principal
        return [each.write(request, region, caller.owner_id, caller.user) for each in self.arn_writers]


Handler = TypeVar("Handler", bound=Callable[..., Response])
REGISTRY: dict[tuple[str, str], Operation] = {}


def operation(
    *, level: Level, resource: Protected | Sequence[Resource], product: Product = "imm", quick: bool = False
) -> Callable[[Handler], Handler]:
    """Declare a function ``(call, request) -> response`` to be an operation."""

    def declare(handler: Handler) -> Handler:
        name = wire_name(handler.__name__)
        if (VERSIONS[product], name) in REGISTRY:
            raise ValueError(f"{name} is declared twice.")
        hints = get_type_hints(handler)
        request: type[Request] = hints["request"]
        protected, reader = resources(resource), Reader(request)
        wire = {parameter.wire: parameter.name for parameter in reader.parameters}
        REGISTRY[VERSIONS[product], name] = Operation(
            name=name,
            product=product,
            level=level,
            resources=protected,
            handler=handler,
            request=request,
            response=hints["return"],
            reader=reader,
            arn_writers=tuple(ArnWriter(each, product, wire) for each in protected),
            quick=quick,
        )
        return handler

    return declare
