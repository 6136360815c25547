"""Folders mapped as buckets by the command line, remembered in a file."""

import fcntl
import hashlib
import os
import re
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from vultus.config import Bucket, ConfigError
from vultus.errors import InvalidArgument

SLUG = 40  # characters of a folder's name that go into its bucket's name


class Mapping(msgspec.Struct):
    """What the file holds: buckets, in the shape of the settings."""

    buckets: dict[str, Bucket] = {}


class MappingFile:
    """The file of mapped folders: read by many processes, written by one at a time, always whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int, int] | None = None
        self._buckets: dict[str, Bucket] = {}

    def buckets(self) -> dict[str, Bucket]:
        """Return the mapped buckets; the file is read again when it has changed.

        Raises:
            ConfigError: the file cannot be read.
        """
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise ConfigError(f"{self.path} cannot be read: {error.strerror}.") from None
        seen = (status.st_ino, status.st_mtime_ns, status.st_size)
        if seen != self._seen:
            self._buckets = self._read()
            self._seen = seen
        return self._buckets

    def add(self, folder: Path, project: str) -> str:
        """Map a folder for a project; a folder that is mapped already keeps its bucket.

        Returns:
            the bucket's name.

        Raises:
            InvalidArgument: the folder's path cannot be written down.
            ConfigError: the file cannot be read or written.
        """
        name = bucket_name(folder)
        try:
            with self._lock():
                buckets = self._read() if self.path.exists() else {}
                bucket = buckets.setdefault(name, Bucket(options={"root": str(folder)}))
                if project not in bucket.projects:
                    bucket.projects = [*bucket.projects, project]
                    self._write(buckets)
        except OSError as error:
            raise ConfigError(f"{self.path} cannot be written: {error.strerror}.") from None
        return name

    def _read(self) -> dict[str, Bucket]:
        try:
            return msgspec.toml.decode(self.path.read_bytes(), type=Mapping).buckets
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.MsgspecError) as error:
            raise ConfigError(f"{self.path} cannot be read: {error}") from None

    def _write(self, buckets: dict[str, Bucket]) -> None:
        handle, temporary = tempfile.mkstemp(prefix=".folders-", dir=self.path.parent)  # 0600
        try:
            with open(handle, "w", encoding="utf-8") as file:
                file.write("".join(_table(name, bucket) for name, bucket in sorted(buckets.items())))
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.path)
        except BaseException:
            os.unlink(temporary)
            raise

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def bucket_name(folder: Path) -> str:
    """Name the bucket of a folder: what the folder is called, and eight digits that tell it from its namesakes."""
    try:
        path = str(folder).encode()
    except UnicodeEncodeError:
        raise InvalidArgument(
            "The name of the folder is not valid Unicode; rename it, or index the one above."
        ) from None
    slug = re.sub(r"[^a-z0-9]+", "-", folder.name.lower())[:SLUG].strip("-") or "folder"
    return f"{slug}-{hashlib.sha256(path).hexdigest()[:8]}"


def _table(name: str, bucket: Bucket) -> str:
    projects = ", ".join(_quoted(project) for project in bucket.projects)
    options = ", ".join(f"{_quoted(key)} = {_quoted(value)}" for key, value in sorted(bucket.options.items()))
    return (
        f"[buckets.{_quoted(name)}]\nservice = {_quoted(bucket.service)}\n"
        f"projects = [{projects}]\noptions = {{ {options} }}\n\n"
    )


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    return '"' + re.sub(r'[\x00-\x1f\x7f"\\]', lambda match: f"\\u{ord(match[0]):04X}", text) + '"'
