"""Nonces of signed requests: each is accepted once."""

from hashlib import blake2b
from typing import Protocol


class Seen(Protocol):
    """Where nonces are kept that were seen."""

    def claim(self, digest: bytes, now: float, expires: float) -> bool:
        """Take a nonce until it expires; False when it is taken already."""


class Nonces:
    """The nonces seen within the window, by all server processes.

    Args:
        seen: where they are kept.
    """

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def claim(self, key_id: str, nonce: str, now: float, window: float) -> bool:
        """Take a nonce.

        Args:
            key_id: the access key that signed it; nonces of two keys have nothing to do with each other.
            nonce: as the client sent it.
            now: seconds since the epoch.
            window: seconds to remember the nonce.

        Returns:
            Whether it had not been taken.

        Raises:
            ServiceUnavailable: nobody can tell.
        """
        digest = blake2b(f"{key_id}\n{nonce}".encode(), digest_size=16).digest()
        return self._seen.claim(digest, now, now + window)
