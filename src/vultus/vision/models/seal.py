"""Seals: which files were verified, so that each is read through only once."""

import os
import tempfile
from pathlib import Path

import msgspec

from vultus.vision.models.model import ModelFile


class Seal(msgspec.Struct, frozen=True):
    """A file as it was when it was verified; a change of any of these breaks the seal."""

    sha256: str
    size: int
    modified: int


class Seals:
    """The seals of a folder of model files, kept in one small file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def holds(self, entry: ModelFile, path: Path) -> bool:
        """Whether a file is as it was when it was verified."""
        return self._read().get(entry.id) == _seal(entry, path)

    def put(self, entry: ModelFile, path: Path) -> None:
        """Remember that a file was verified. A folder that cannot be written only costs time later."""
        self._write({**self._read(), entry.id: _seal(entry, path)})

    def remove(self, entry: ModelFile) -> None:
        """Forget that a file was verified."""
        seals = self._read()
        if seals.pop(entry.id, None) is not None:
            self._write(seals)

    def _read(self) -> dict[str, Seal]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=dict[str, Seal])
        except (OSError, msgspec.MsgspecError):
            return {}

    def _write(self, seals: dict[str, Seal]) -> None:
        # Two processes may write at once: the last one wins, and a seal that got lost is put again by its next reader.
        try:
            with tempfile.NamedTemporaryFile(dir=self._file.parent, prefix=".seals-", delete=False) as file:
                file.write(msgspec.json.encode(seals))
            os.replace(file.name, self._file)
        except OSError:
            return


def _seal(entry: ModelFile, path: Path) -> Seal:
    facts = path.stat()
    return Seal(entry.sha256, facts.st_size, facts.st_mtime_ns)
