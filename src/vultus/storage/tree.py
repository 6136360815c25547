"""A tree: a folder of this machine with all that is in it, and the buckets that its files belong to.

A file belongs to the innermost bucket that holds it. So it has the same URI whichever folder above it is named, and
keeps it when a folder above is indexed later.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vultus.storage.uri import ObjectPrefix, ObjectURI, writable


@dataclass(frozen=True, slots=True)
class Tree:
    """A source of files; one that is named by a URI is itself, and nothing else.

    Attributes:
        place: the objects of the folder, in the innermost bucket that holds all of it.
        others: further buckets that hold all of it.
        parts: folders within it that are buckets themselves: by the beginning of their keys in ``place.bucket``.
    """

    place: ObjectPrefix
    others: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)

    def names(self, found: ObjectURI) -> Iterator[ObjectURI]:
        """Give the URIs that a file may go by, which was found at ``place``: of the innermost bucket first."""
        for inner in sorted((prefix for prefix in self.parts if found.key.startswith(prefix)), key=len, reverse=True):
            yield ObjectURI(self.parts[inner], found.key.removeprefix(inner))
        yield found


def tree_of(folder: Path, roots: Mapping[str, Path]) -> Tree | None:
    """Find the buckets of a folder.

    Args:
        folder: resolved.
        roots: the folders that are buckets, resolved; of two buckets of one folder the first is taken.

    Returns:
        the tree; None where no bucket holds the folder.
    """
    above = [bucket for bucket, root in roots.items() if _key(folder, root) is not None]
    if not above:
        return None
    chosen = max(above, key=lambda bucket: len(roots[bucket].parts))  # the first of those that are alike
    prefix = _key(folder, roots[chosen]) or ""
    parts: dict[str, str] = {}
    for bucket, key in _within(folder, roots):
        parts.setdefault(prefix + key, bucket)
    return Tree(ObjectPrefix(chosen, prefix), tuple(bucket for bucket in above if bucket != chosen), parts)


def _within(folder: Path, roots: Mapping[str, Path]) -> Iterator[tuple[str, str]]:
    """The buckets whose folders lie in a folder, and how the keys of what is in them begin, seen from there."""
    for bucket, root in roots.items():
        if key := _key(root, folder):
            yield bucket, key


def _key(folder: Path, root: Path) -> str | None:
    """How the keys of all that is in a folder begin in the bucket of a root; None where it has no such keys.

    What is hidden, and what cannot be written as a URI, no bucket holds.
    """
    if not folder.is_relative_to(root):
        return None
    parts = folder.relative_to(root).parts
    if not parts:
        return ""
    key = "/".join(parts)
    return f"{key}/" if writable(key) and not any(part.startswith(".") for part in parts) else None
