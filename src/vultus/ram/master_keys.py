"""Master keys: what the secrets of access keys and the tokens of sessions are encrypted with."""

import base64
import binascii
import os
import secrets
import stat
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vultus.config import ConfigError
from vultus.ram.private_file import write_private

VARIABLE = "VULTUS_MASTER_KEY"
FILE = "master-key"
SIZE = 32  # bytes of a key
FINGERPRINT = 4  # bytes of a fingerprint: to tell a few keys apart
BELIEVED = 1.0  # seconds for which a key is found without a look at the file, which may have lost it

_NOTE = b"# Whoever has this file can read the secrets of all access keys. The first key encrypts, all decrypt.\n"


class MasterKey:
    """A master key.

    Attributes:
        fingerprint: tells which key it is, and nothing of the key.
        secrets: encrypts the secrets of access keys.
        tokens: encrypts the tokens of sessions.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.fingerprint = _derive(key, b"fingerprint", FINGERPRINT)
        self.secrets = AESGCM(_derive(key, b"access key secrets", SIZE))
        self.tokens = AESGCM(_derive(key, b"session tokens", SIZE))

    def __repr__(self) -> str:
        return f"MasterKey({self.fingerprint.hex()})"

    @classmethod
    def new(cls) -> "MasterKey":
        """Make a key."""
        return cls(secrets.token_bytes(SIZE))

    @classmethod
    def read(cls, text: str, where: str) -> "MasterKey":
        """Read a key.

        Args:
            text: its base64.
            where: it was found, for the message.

        Raises:
            ConfigError: it is no key.
        """
        try:
            key = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != SIZE:
            raise ConfigError(f"{where} is not the base64 of {SIZE} bytes, as `openssl rand -base64 {SIZE}` gives it.")
        return cls(key)

    def write(self) -> bytes:
        """Return the key's base64."""
        return base64.b64encode(self._key)


class MasterKeys:
    """The master keys: the first encrypts, all decrypt.

    They are the setting's (``VULTUS_MASTER_KEY``) or, where there is none, those of a file in the home of Vultus. Used
    from several threads; what another process did to the file is noticed.

    Args:
        home: the folder that the file is in.
        setting: keys with commas between them; empty to use the file.
    """

    def __init__(self, home: Path, setting: str = "") -> None:
        self.file = home / FILE
        self.in_file = not setting
        self._setting = setting
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] = ()
        self._keys: tuple[MasterKey, ...] = ()
        self._until = 0.0

    def all(self) -> tuple[MasterKey, ...]:
        """Return the keys; none, when there is no file yet.

        Raises:
            ConfigError: a key is none, or the file cannot be used.
        """
        with self._lock:
            self._until = time.monotonic() + BELIEVED
            if self.in_file:
                return self._read_file()
            self._keys = self._keys or _read_setting(self._setting)
            return self._keys

    def first(self) -> MasterKey:
        """Return the key that encrypts.

        Raises:
            ConfigError: there is none, or it cannot be used.
        """
        return self._needed()[0]

    def find(self, fingerprint: bytes) -> MasterKey | None:
        """Return the key of a fingerprint, or None when it is not among them.

        Raises:
            ConfigError: there are none at all, or the file cannot be used.
        """
        known = _among(self._keys, fingerprint) if time.monotonic() < self._until else None
        return known or _among(self._needed(), fingerprint)

    def make(self) -> None:
        """Make the file with a first key, unless it is there.

        Raises:
            ConfigError: it cannot be kept.
        """
        self._write([MasterKey.new()], replace=False)

    def put_first(self) -> None:
        """Put a new key before those that are there; it encrypts from now on.

        Raises:
            ConfigError: the keys are the setting's, or the file cannot be used.
        """
        self._write([MasterKey.new(), *self._needed()], replace=True)

    def drop_others(self) -> None:
        """Leave the key that encrypts, and no other.

        Raises:
            ConfigError: the keys are the setting's, or the file cannot be used.
        """
        self._write([self.first()], replace=True)

    def _needed(self) -> tuple[MasterKey, ...]:
        keys = self.all()
        if not keys:
            raise ConfigError(f"There is no {self.file}; bring it back, or give its key as {VARIABLE}.")
        return keys

    def _write(self, keys: Sequence[MasterKey], *, replace: bool) -> None:
        if not self.in_file:
            raise ConfigError(
                f"The master key is that of {VARIABLE}. Put a new one before it there, with a comma between them, and"
                " start everything anew; once that is done, the old one can go."
            )
        content = _NOTE + b"".join(key.write() + b"\n" for key in keys)
        try:
            write_private(self.file, content, replace=replace)
        except OSError as error:
            raise ConfigError(f"The master key cannot be kept in {self.file}: {error.strerror}.") from None

    def _read_file(self) -> tuple[MasterKey, ...]:
        """Read the file, unless it is as it was."""
        try:
            with self.file.open("rb") as stream:
                facts = os.fstat(stream.fileno())
                content = stream.read()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise ConfigError(f"{self.file} cannot be read: {error.strerror}.") from None
        if facts.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ConfigError(f"{self.file} can be read by others; take it from them with: chmod 600 {self.file}.")
        seen = (facts.st_dev, facts.st_ino, facts.st_mtime_ns, facts.st_size)
        if seen != self._seen:
            self._keys = self._read_lines(content.decode("ascii", "replace").splitlines())
            self._seen = seen
        return self._keys

    def _read_lines(self, lines: Sequence[str]) -> tuple[MasterKey, ...]:
        texts = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        if not texts:
            raise ConfigError(f"{self.file} holds no key; bring it back as it was, or give its key as {VARIABLE}.")
        return tuple(MasterKey.read(text, f"Key {number} of {self.file}") for number, text in enumerate(texts, 1))


def _read_setting(setting: str) -> tuple[MasterKey, ...]:
    texts = setting.split(",")
    return tuple(MasterKey.read(text.strip(), f"Key {number} of {VARIABLE}") for number, text in enumerate(texts, 1))


def _among(keys: Sequence[MasterKey], fingerprint: bytes) -> MasterKey | None:
    return next((key for key in keys if key.fingerprint == fingerprint), None)


def _derive(key: bytes, purpose: bytes, size: int) -> bytes:
    return HKDF(SHA256(), size, salt=None, info=b"vultus " + purpose).derive(key)
