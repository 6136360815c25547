"""The only way in: every call of the API, the console and the command line comes through here."""

import importlib
import pkgutil
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import vultus.operations
from vultus.errors import (
    MissingParameter,
    ThrottledUser,
    UnknownAction,
    UnknownVersion,
    UnsupportedOperation,
    VultusError,
)
from vultus.operations.actions import IMM_ACTIONS
from vultus.operations.call import Call
from vultus.operations.operation import REGISTRY, VERSIONS, Operation, Request, Response
from vultus.ram.authorisation import authorise
from vultus.ram.trail import LONGEST_ACTION, Entry


def dispatch(call: Call, version: str, action: str, parameters: Mapping[str, Any]) -> Response:
    """Carry out an operation, if the caller may, and leave a trail of it either way.

    Args:
        call: who calls, and what the operation works with.
        version: of the product, ``2020-09-30`` for IMM.
        action: name of the operation.
        parameters: by wire name; texts as they came, or values as they are.

    Raises:
        VultusError: with IMM's code, when it cannot be done.
    """
    entry, began = _entry(call, version, action), time.perf_counter()
    try:
        return _carry_out(call, version, action, parameters, entry)
    except VultusError as error:
        entry.status, entry.code = error.status, error.code
        raise
    except BaseException:
        entry.status, entry.code = VultusError.status, VultusError.code
        raise
    finally:
        entry.milliseconds = round(1_000 * (time.perf_counter() - began), 3)
        call.service.trail.write(entry)


def _carry_out(call: Call, version: str, action: str, parameters: Mapping[str, Any], entry: Entry) -> Response:
    chosen = find_operation(version, action)
    entry.action = chosen.ram_action
    request = chosen.reader.read(parameters)
    entry.resources = chosen.arns(call, request)
    if call.principal.kind != "Root":
        covers = call.settings.ram.project_covers_datasets
        authorise(call.principal, chosen.ram_action, entry.resources, call.context, project_covers_datasets=covers)
    _take_turn(call, request)
    response = chosen.handler(call, request)
    response.request_id = call.request_id
    return response


def _take_turn(call: Call, request: Request) -> None:
    """Take from the rate of the project that a request names; this machine's command line has no limit."""
    project = getattr(request, "project_name", None)
    if call.source == "cli" or not project:
        return
    rate = call.settings.limits.project_queries_per_second
    wait = call.service.gate.buckets.take(f"project/{project}", rate, time.time())
    if wait:
        raise ThrottledUser(wait)


def _entry(call: Call, version: str, action: str) -> Entry:
    return Entry(
        request_id=call.request_id,
        action=f"{version}:{action}"[:LONGEST_ACTION],
        principal=call.principal.arn,
        access_key_id=call.principal.key_id,
        source=call.source,
        source_address=call.source_address,
    )


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
