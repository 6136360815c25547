"""Who calls."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated caller.

    Attributes:
        owner_id: the account, 16 digits.
        key_id: the access key that signed the request; empty for a caller on this machine.
        user: ``root``; users of an account come with RAM.
    """

    owner_id: str
    key_id: str = ""
    user: str = "root"
