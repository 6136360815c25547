"""Write docs/fields.md: the steps of every template, and every field of a file, with its origin and its proof.

Run it after a field, a step, a template, or a claim of a test changed: ``make docs``; a test compares.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec.structs import fields

from scripts.proofs import claims
from vultus.index.step import ALL, all_steps
from vultus.index.template import official_templates, steps_of
from vultus.model import File

TARGET = Path(__file__).resolve().parents[1] / "docs" / "fields.md"

HEAD = """# Fields

Written by `scripts/fields_docs.py` from the structs, the steps and the marks of the tests. Every field of a file and of
what is in it: where it comes from, and the test that proves what it says. What the steps do, and how far each field can
be relied on: [metadata](metadata.md). That each of them is told of some file, `tests/index/test_every_field.py` sees.

## Templates

Which steps the workflow templates take, with those that they need. Templates of your own: [settings](settings.md).

"""

#: Fields of files that no step gives.
GIVEN: dict[str, str] = {
    **dict.fromkeys(["owner_id", "project_name", "dataset_name", "object_type", "object_id"], "the catalog"),
    **dict.fromkeys(["create_time", "update_time", "object_status", "reason"], "the catalog"),
    **dict.fromkeys(["uri", "oss_uri", "custom_id", "custom_labels"], "the caller"),
}
#: Fields within others that do not come with them.
GIVEN_WITHIN: dict[str, str] = {
    "Figure.FigureId": "the catalog",
    "Figure.FigureClusterId": "a clustering run",
    "Figure.FigureClusterConfidence": "a clustering run",
    "SceneElement.Labels": "steps `labels`, `people`",
}
#: Fields that no object can have here, and why.
CANNOT: dict[str, str] = {
    "Element.SemanticSimilarity": "how well an element answers a query: a file alone answers none",
    "ElementContent.TimeRange": "when a part of a film is shown: elements are of documents, scenes have their own",
    "Address.Township": "the tables of places end at districts",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a struct.

    Attributes:
        name: such as ``Label.LabelName``.
        origins: fields of files by way of which it is reached; its own name where it is one of them.
    """

    name: str
    origins: tuple[str, ...]


def all_fields() -> list[Field]:
    """Return every field of files, and of all structs in them, struct by struct."""
    origins: dict[type[msgspec.Struct], dict[str, None]] = {}
    for each in fields(File):
        for struct in _reached(each.type):
            origins.setdefault(struct, {})[each.name] = None
    found = [Field(f"File.{each.encode_name}", (each.name,)) for each in fields(File)]
    for struct, through in origins.items():
        found += [Field(f"{struct.__name__}.{each.encode_name}", tuple(through)) for each in fields(struct)]
    return found


def _reached(annotation: Any, seen: frozenset[type] = frozenset()) -> Iterator[type[msgspec.Struct]]:
    """Structs that a type has in it, at any depth."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        if annotation not in seen:
            yield annotation
            for each in fields(annotation):
                yield from _reached(each.type, seen | {annotation})
        return
    for part in get_args(annotation):
        yield from _reached(part, seen)


def snake_name(name: str) -> str:
    """The name in the code of a field such as ``File.LatLong``."""
    struct, _, wire = name.partition(".")
    kinds: set[type[msgspec.Struct]] = {File, *(kind for each in fields(File) for kind in _reached(each.type))}
    [kind] = [kind for kind in kinds if kind.__name__ == struct]
    [found] = [each.name for each in fields(kind) if each.encode_name == wire]
    return found


def proofs() -> dict[str, list[str]]:
    """Return the files of the tests that prove each field."""
    found: dict[str, dict[str, None]] = {}
    for claim in claims():
        found.setdefault(claim.field, {})[claim.file] = None
    return {name: list(files) for name, files in found.items()}


def document() -> str:
    """The whole page."""
    proven, parts, struct = proofs(), [HEAD, _templates()], ""
    for each in all_fields():
        if each.name.partition(".")[0] != struct:
            struct = each.name.partition(".")[0]
            parts.append(f"\n## {struct}\n{_where(each)}\n| field | from | proven by |\n|---|---|---|\n")
        parts.append(f"| `{each.name.partition('.')[2]}` | {_source(each)} | {_proof(each.name, proven)} |\n")
    return "".join(parts)


def _templates() -> str:
    """A table of the steps, and of the templates that take them."""
    taken = {name: {each.name for each in steps_of(name, {})} for name in official_templates()}
    heads = " | ".join(f"`{name.removeprefix('Official:')}`" for name in taken)
    rows = [f"| step | for | {heads} |", f"|---|---|{'---|' * len(taken)}"]
    for each in all_steps().values():
        media = "all" if each.media == ALL else ", ".join(sorted(each.media))
        marks = " | ".join("yes" if each.name in steps else "" for steps in taken.values())
        rows.append(f"| `{each.name}` | {media} | {marks} |")
    return "\n".join(rows) + "\n"


def _where(each: Field) -> str:
    """In which fields of a file a struct is."""
    if each.name.startswith("File."):
        return ""
    names = {field.name: field.encode_name for field in fields(File)}
    return f"\nIn {', '.join(f'`{names[origin]}`' for origin in each.origins)}.\n"


def _source(each: Field) -> str:
    if each.name in CANNOT:
        return ""
    if each.name in GIVEN_WITHIN:
        return GIVEN_WITHIN[each.name]
    steps = dict.fromkeys(step.name for origin in each.origins for step in all_steps().values() if origin in step.gives)
    given = dict.fromkeys(GIVEN[origin] for origin in each.origins if origin in GIVEN)
    return ", ".join([*(f"`{name}`" for name in steps), *given])


def _proof(name: str, proven: dict[str, list[str]]) -> str:
    if name in CANNOT:
        return f"never told: {CANNOT[name]}"
    return ", ".join(f"`{file.removeprefix('tests/')}`" for file in proven.get(name, []))


if __name__ == "__main__":
    TARGET.write_text(document(), "utf-8")
