"""Write docs/operations.md: every operation, from the declarations in the code.

Run it after an operation changed: ``python scripts/operations_docs.py``; a test compares.
"""

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import fields

from vultus.operations.dispatch import operations
from vultus.operations.expectation import expectation
from vultus.operations.operation import VERSIONS, Operation

TARGET = Path(__file__).resolve().parents[1] / "docs" / "operations.md"

HEAD = """# Operations

Written by `scripts/operations_docs.py` from the declarations in `src/vultus/operations`. Lists, maps and structs are
sent as one JSON text, as the SDKs do it. Every answer carries `RequestId`. Structs have the fields that the SDKs give
them. An absent parameter that is required is answered by `Missing` and its name; one that cannot be used, by
`InvalidArgument`, or RAM's `InvalidParameter` with its name, and a sentence that says what it must be.
"""

PRODUCTS = {
    "imm": "The operations of Alibaba Cloud Intelligent Media Management that Vultus offers. The others of its\n"
    "operations are answered by 501 `UnsupportedOperation`.",
    "vultus": "What IMM has no operation for.",
    "ram": "Users, groups, roles, keys and policies, as Alibaba Cloud RAM has them. What each is good for:\n"
    "[accounts](accounts.md).",
    "sts": "Sessions of roles, as Alibaba Cloud STS has them.",
}


def document() -> str:
    """The whole page."""
    chosen = sorted(operations().values(), key=lambda each: each.name)
    parts = [HEAD]
    for product, version in VERSIONS.items():
        parts.append(f"## {product} {version}\n\n{PRODUCTS[product]}\n")
        parts += [_section(each) for each in chosen if each.product == product]
    return "\n".join(parts)


def _section(operation: Operation) -> str:
    defaults = {field.encode_name: field.default for field in fields(operation.request)}
    parameters = sorted(operation.reader.parameters, key=lambda each: not each.required)
    asked = [
        (f"`{each.wire}`", "yes" if each.required else "", each.expected + _default(defaults[each.wire]))
        for each in parameters
    ]
    answered = [
        (f"`{field.encode_name}`", expectation(field.type))
        for field in fields(operation.response)
        if field.name != "request_id"
    ]
    lines = [
        f"### {operation.name}\n",
        f"{operation.description}\n",
        f"RAM: action `{operation.ram_action}`, level {operation.level}, {_resources(operation)}.\n",
    ]
    if asked:
        lines.append(_table(("parameter", "required", "value"), asked))
    if answered:
        lines.append(_table(("answer", "value"), answered))
    return "\n".join(lines)


def _resources(operation: Operation) -> str:
    names = " and ".join(f"`{name}`" for name in operation.resource_names)
    return f"resource {names}" if names else "for every caller"


def _default(value: object) -> str:
    """What a parameter is when it is left out, where that says something."""
    return f"; {value} when left out" if isinstance(value, str | int) and value and value is not True else ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ("---",) * len(head), *rows))


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(document(), "utf-8")
