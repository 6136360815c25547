"""Who calls."""

from dataclasses import dataclass
from typing import Literal

from vultus.ram.policy import Policy

Kind = Literal["Root", "User", "Role"]
_PATHS: dict[Kind, str] = {"Root": "", "User": "user/", "Role": "assumed-role/"}


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated caller.

    Attributes:
        owner_id: the account, 16 digits.
        key_id: the access key that signed the request; empty for a caller on this machine.
        user: the name that the journal shows: ``root``, that of a user, or ``ROLE/SESSION``.
        kind: the root of the account, one of its users, or a session of one of its roles.
        id: UserId, or ``RoleId:SESSION``; empty for root.
        policies: what a user or a role may do: its own policies, and a user's those of its groups.
        session_policy: what a session may do of what its role may; None for all of it.
    """

    owner_id: str
    key_id: str = ""
    user: str = "root"
    kind: Kind = "Root"
    id: str = ""
    policies: tuple[Policy, ...] = ()
    session_policy: Policy | None = None

    @property
    def arn(self) -> str:
        """The caller as policies name it: ``acs:ram::OWNER:user/NAME``."""
        return f"acs:ram::{self.owner_id}:{_PATHS[self.kind]}{self.user}"
