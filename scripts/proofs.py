"""Which test proves which field: read off the tests, without running them.

A test that asserts what a field says is marked ``@pytest.mark.proves("File.LatLong", "VideoStream.Width Height")``:
wire names, of several fields of a struct by spaces. The mark counts only where what the test reads names the field: the
test itself, or what it uses of its module and of other modules of tests.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
MARK = "proves"


@dataclass(frozen=True, slots=True)
class Claim:
    """That a test proves a field.

    Attributes:
        field: such as ``File.LatLong``.
        file: of the test, from the root of the project.
        test: its name.
        words: all names and words that it uses.
    """

    field: str
    file: str
    test: str
    words: frozenset[str]


@dataclass(slots=True)
class Module:
    """A module of tests: what is defined at its top, and what it has from other modules of tests."""

    tree: ast.Module
    defined: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imported: dict[str, tuple[Path, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in self.tree.body:
            for name in _names_of(node):
                self.defined.setdefault(name, []).append(node)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests."):
                file = ROOT / Path(*str(node.module).split(".")).with_suffix(".py")
                self.imported |= {each.asname or each.name: (file, each.name) for each in node.names}


def claims() -> list[Claim]:
    """Return every claim of every test."""
    return [claim for file in sorted(TESTS.rglob("test_*.py")) for claim in _claims_of(file)]


def _claims_of(file: Path) -> Iterator[Claim]:
    if MARK not in file.read_text("utf-8"):
        return
    for node in module(file).tree.body:
        if isinstance(node, ast.FunctionDef) and (named := list(_claimed(node))):
            words = frozenset(_words(file, node.name))
            for each in named:
                yield Claim(each, file.relative_to(ROOT).as_posix(), node.name, words)


def _claimed(test: ast.FunctionDef) -> Iterator[str]:
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == MARK:
            for argument in mark.args:
                struct, _, names = ast.literal_eval(argument).partition(".")
                yield from (f"{struct}.{name}" for name in names.split())


@cache
def module(file: Path) -> Module:
    """Return a module of tests, read once."""
    return Module(ast.parse(file.read_text("utf-8")))


def _words(file: Path, name: str) -> set[str]:
    """All names and words in a definition, and in those that it uses."""
    found: set[str] = set()
    seen: set[tuple[Path, str]] = set()
    queue = [(file, name)]
    while queue:
        here = queue.pop()
        if here in seen or not here[0].is_file():
            continue
        seen.add(here)
        source = module(here[0])
        if here[1] in source.imported:
            queue.append(source.imported[here[1]])
        for node in source.defined.get(here[1], []):
            used = set(_used(node))
            found |= used
            queue += [(here[0], each) for each in used & (source.defined.keys() | source.imported.keys())]
    return found


def _used(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(_without_claims(node)):
        match each:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.Constant(value=str(text)):
                yield from re.findall(r"\w+", text)


def _without_claims(node: ast.AST) -> ast.AST:
    """A definition without its marks that claim, which would be their own proof."""
    if not isinstance(node, ast.FunctionDef):
        return node
    marks = [each for each in node.decorator_list if MARK not in ast.dump(each)]
    return ast.Module(body=[*map(ast.Expr, marks), ast.Expr(node.args), *node.body], type_ignores=[])  # type: ignore[arg-type]


def _names_of(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [each.id for each in targets if isinstance(each, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []
