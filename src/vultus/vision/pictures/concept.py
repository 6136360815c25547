"""What labels there are: a tree of things that pictures show, in English and Chinese."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

TABLE = "concepts.tsv"


@dataclass(frozen=True, slots=True)
class Name:
    """What something is called in a language.

    Attributes:
        language: BCP 47.
        word: the name.
        alias: another one; empty where there is none.
    """

    language: str
    word: str
    alias: str


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that pictures show.

    Attributes:
        id: its English name.
        names: in English and in Simplified Chinese.
        parent: id of what it is a kind of; empty for the roots.
        level: 1 for the roots, 3 at most.
        classes: of ImageNet (2012, in the order of their synsets) that are one of it, those of its kinds among them.
    """

    id: str
    names: tuple[Name, Name]
    parent: str
    level: int
    classes: frozenset[int]

    @property
    def parent_names(self) -> tuple[Name | None, Name | None]:
        """What it is a kind of, in each language; None for the roots."""
        return all_concepts()[self.parent].names if self.parent else (None, None)


@cache
def all_concepts() -> Mapping[str, Concept]:
    """Return all concepts by their ids, each after its parent."""
    text = resources.files("vultus").joinpath("vision", "pictures", TABLE).read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    classes = {row[0]: set(_numbers(row[3])) for row in rows}
    levels: dict[str, int] = {}
    for row in rows:
        levels[row[0]] = levels[row[2]] + 1 if row[2] else 1
    for row in reversed(rows):  # kinds stand after what they are kinds of
        if row[2]:
            classes[row[2]] |= classes[row[0]]
    return {
        name: Concept(
            name,
            (Name("en", name, alias), Name("zh-Hans", chinese, chinese_alias)),
            parent,
            levels[name],
            frozenset(classes[name]),
        )
        for name, chinese, parent, _, alias, chinese_alias in rows
    }


def _numbers(text: str) -> list[int]:
    """Numbers from ``1,4-6``."""
    numbers: list[int] = []
    for piece in filter(None, text.split(",")):
        first, _, last = piece.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers
