"""An allowance: how many requests a day all processes of one home may make together."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from vultus.vision.models.lock import locked


class _Spent(msgspec.Struct):
    day: str = ""
    requests: int = 0


class Allowance:
    """Counts requests in a file, which a lock keeps for one process at a time; what is broken is begun anew."""

    def __init__(self, file: Path, per_day: int) -> None:
        """Count in a file; 0 a day for as many as wanted."""
        self._file = file
        self._per_day = per_day

    def take(self) -> bool:
        """Count a request, before it is made; False when there is none left today, by UTC.

        Raises:
            OSError: the file cannot be written; nothing was counted.
        """
        if not self._per_day:
            return True
        with locked(self._file.with_suffix(".lock")):
            today = datetime.now(UTC).date().isoformat()
            spent = self._read()
            if spent.day != today:
                spent = _Spent(today)
            if spent.requests >= self._per_day:
                return False
            spent.requests += 1
            part = self._file.with_suffix(".part")
            part.write_bytes(msgspec.json.encode(spent))
            part.replace(self._file)
        return True

    def _read(self) -> _Spent:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=_Spent)
        except (FileNotFoundError, msgspec.DecodeError):
            return _Spent()
