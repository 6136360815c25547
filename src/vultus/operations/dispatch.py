"""The only way in: every call of the API, the console and the command line comes through here."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any

import vultus.operations
from vultus.errors import MissingParameter, UnknownAction, UnknownVersion, UnsupportedOperation
from vultus.operations.actions import IMM_ACTIONS
from vultus.operations.call import Call
from vultus.operations.operation import REGISTRY, VERSIONS, Operation, Response


def dispatch(call: Call, version: str, action: str, parameters: Mapping[str, Any]) -> Response:
    """Carry out an operation.

    Args:
        call: who calls, and what the operation works with.
        version: of the product, ``2020-09-30`` for IMM.
        action: name of the operation.
        parameters: by wire name; texts as they came, or values as they are.

    Raises:
        VultusError: with IMM's code, when it cannot be done.
    """
    chosen = find_operation(version, action)
    request = chosen.reader.read(parameters)
    response = chosen.handler(call, request)
    response.request_id = call.request_id
    return response


def find_operation(version: str, action: str) -> Operation:
    """Return the operation of that name.

    Raises:
        MissingParameter: no action or version is named.
        UnknownVersion: no product has that version.
        UnsupportedOperation: IMM has the operation, Vultus does not.
        UnknownAction: nobody has it.
    """
    if not action:
        raise MissingParameter("Action")
    if not version:
        raise MissingParameter("Version")
    found = operations().get((version, action))
    if found is not None:
        return found
    if version not in VERSIONS.values():
        raise UnknownVersion(version)
    if version == VERSIONS["imm"] and action in IMM_ACTIONS:
        raise UnsupportedOperation(action)
    raise UnknownAction(action)


@cache
def operations() -> dict[tuple[str, str], Operation]:
    """Every operation by version and name, found by importing each module below this package."""
    for module in pkgutil.walk_packages(vultus.operations.__path__, "vultus.operations."):
        importlib.import_module(module.name)
    return REGISTRY
