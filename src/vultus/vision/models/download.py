"""Downloading a file from an address, going on where an earlier attempt was cut off."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from vultus.vision.models.registry import OutOfReach

PATIENCE = 60.0  # seconds of silence
PIECE = 1 << 18  # bytes
ATTEMPTS = 4  # connections; each goes on where the one before broke off


def download(url: str, part: Path, size: int, progress: Callable[[int], None]) -> None:
    """Download a file of known size.

    Args:
        url: where it is.
        part: grows to the file; what is there from an earlier attempt is kept.
        size: bytes of the whole.
        progress: told the number of bytes that are there.

    Raises:
        OutOfReach: the address does not answer, or not with a file of this size; what came stays in ``part``.
    """
    reason = "it is shorter than it should be"
    for _ in range(ATTEMPTS):
        try:
            _go_on(url, part, size, progress)
        except urllib.error.HTTPError as error:
            reason = f"it answers {error.code} {error.reason}"
            if error.code < 500:
                break
        except (OSError, http.client.HTTPException) as error:
            reason = str(getattr(error, "reason", error)) or type(error).__name__
        if _length(part) == size:
            return
    raise OutOfReach(reason)


def _go_on(url: str, part: Path, size: int, progress: Callable[[int], None]) -> None:
    have = _length(part)
    if have >= size:
        part.unlink()
        have = 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        if answer.status != http.client.PARTIAL_CONTENT:
            have = 0
        with part.open("ab" if have else "wb") as file:
            while piece := answer.read(min(PIECE, size - have + 1)):
                have += file.write(piece)
                progress(min(have, size))
                if have > size:
                    raise OutOfReach("it is longer than it should be")


def _length(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0
