"""What people said of an album, as a model beside the catalog remembers it."""

from dataclasses import dataclass, field, fields


@dataclass
class Said:
    """What people said and did not take back, each piece with the number of the step that said it."""

    names: dict[str, tuple[str, int]] = field(default_factory=dict)  # of clusters
    homes: dict[str, tuple[str, int]] = field(default_factory=dict)  # of faces that were moved by hand
    not_of: dict[tuple[str, str], int] = field(default_factory=dict)  # faces and clusters
    states: dict[str, int] = field(default_factory=dict)  # faces that are left alone
    ignored: dict[str, int] = field(default_factory=dict)  # clusters
    apart: dict[frozenset[str], int] = field(default_factory=dict)  # pairs of clusters

    def copy(self) -> "Said":
        return Said(*(dict(getattr(self, each.name)) for each in fields(self)))

    def take_back(self, before: "Said", after: "Said") -> None:
        """Forget what one decision said, but for what was said otherwise since."""
        for each in fields(self):
            mine, old, new = (getattr(said, each.name) for said in (self, before, after))
            for key in old.keys() | new.keys():
                if old.get(key) != new.get(key) and mine.get(key) == new.get(key):
                    mine.pop(key, None)
                    if key in old:
                        mine[key] = old[key]
