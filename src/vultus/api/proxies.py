"""Where a request comes from, when it may have come through proxies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.types import Scope

from vultus.config import ConfigError

Address = IPv4Address | IPv6Address

MAPPED = "::ffff:"  # before an address of IPv4, where the server listens on IPv6


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from.

    Attributes:
        address: of the client; empty where nobody can tell.
        secure: whether it came over TLS.
    """

    address: str
    secure: bool


class Proxies:
    """Those whose word counts as to whom they speak for.

    Args:
        trusted: addresses and networks (``10.0.0.0/8``).

    Raises:
        ConfigError: one is neither.
    """

    def __init__(self, trusted: Sequence[str]) -> None:
        try:
            self._trusted = [ip_network(each.strip(), strict=False) for each in trusted]
        except ValueError as error:
            raise ConfigError(f"server.trusted_proxies: {error}.") from None
        self._is_trusted = lru_cache(4096)(self._look_up)

    def origin(self, scope: Scope) -> Origin:
        """Return where a request comes from.

        What X-Forwarded-For and X-Forwarded-Proto say counts only when a trusted proxy sent it. Each proxy adds whom
        it spoke to at the right end, so that is where reading begins; it ends at the first address that is no
        trusted proxy's, for what is left of that can be anybody's invention.
        """
        client = scope.get("client")
        peer = client[0].removeprefix(MAPPED) if client else ""
        secure = scope.get("scheme") == "https"
        if not self._trusted:
            return Origin(peer, secure)
        address = _parse(peer)
        if address is None or not self._is_trusted(address):
            return Origin(peer, secure)
        for word in reversed(list(_words(scope, b"x-forwarded-for"))):
            if (further := _parse(word)) is None:
                break
            address = further
            if not self._is_trusted(address):
                break
        schemes = list(_words(scope, b"x-forwarded-proto"))
        return Origin(str(address), schemes[-1].lower() == "https" if schemes else secure)

    def _look_up(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _words(scope: Scope, header: bytes) -> Iterator[str]:
    """The words of all headers of that name, from left to right."""
    for name, value in scope["headers"]:
        if name == header:
            for word in value.decode("latin-1").split(","):
                yield word.strip()


def _parse(word: str) -> Address | None:
    """An address, with or without a port; one of IPv4 that IPv6 carries is that of IPv4."""
    if word.startswith("["):
        word = word[1:].partition("]")[0]
    elif word.count(":") == 1:
        word = word.partition(":")[0]
    try:
        address = ip_address(word.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
