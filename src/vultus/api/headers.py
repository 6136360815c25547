"""Headers of a request, as far as a signature can vouch for them."""

from collections.abc import Iterable


class Headers:
    """The headers of one request, by lower-case name.

    HTTP allows a header to come twice, and leaves open which of them counts; so a repeated one is never handed out.

    Args:
        raw: names and values as ASGI has them.
    """

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self._values: dict[bytes, bytes] = {}
        self._repeated: set[bytes] = set()
        for name, value in raw:
            if name in self._values:
                self._repeated.add(name)
            else:
                self._values[name] = value

    def __contains__(self, name: str) -> bool:
        return name.encode() in self._values

    def get(self, name: str) -> str | None:
        """Return the value without the spaces around it; None when absent, repeated or folded over lines.

        Clients sign text as UTF-8, but some send it as Latin-1: bytes that are no UTF-8 are read as that.
        """
        key = name.encode()
        value = self._values.get(key)
        if value is None or key in self._repeated or b"\n" in value or b"\r" in value:
            return None
        try:
            return value.decode().strip()
        except UnicodeDecodeError:
            return value.decode("latin-1").strip()
