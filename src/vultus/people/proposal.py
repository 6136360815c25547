"""What a full run would change, told in people and numbers of faces; ready for JSON."""

import msgspec


class Person(msgspec.Struct, frozen=True):
    """A cluster as callers know it; the name is empty where nobody gave one."""

    object_id: str
    name: str


class Attaching(msgspec.Struct, frozen=True):
    """Faces of nobody that would join a person."""

    person: Person
    faces: int


class Joining(msgspec.Struct, frozen=True):
    """A person who would become one with another, and disappear."""

    into: Person
    source: Person
    faces: int  # that go over


class Parting(msgspec.Struct, frozen=True):
    """A person whom faces would leave.

    Attributes:
        person: whom they leave.
        faces: how many leave.
        placed: how many of those go to other people or found new ones; the others belong to nobody for now.
    """

    person: Person
    faces: int
    placed: int


class Proposal(msgspec.Struct, frozen=True):
    """The difference between what is and what a full run would make of it.

    Attributes:
        faces: how many were looked at.
        create: faces of each new cluster, the largest first.
        attach: people who take in faces of nobody.
        join: people who become one.
        split: people whom faces leave.
        skipped: faces that belong to nobody afterwards, by the reason why.
    """

    faces: int
    create: list[int] = []
    attach: list[Attaching] = []
    join: list[Joining] = []
    split: list[Parting] = []
    skipped: dict[str, int] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.create or self.attach or self.join or self.split)
