"""URIs of objects: oss://bucket/key, whatever service the bucket is mapped to."""

import re
from dataclasses import dataclass
from typing import Self

from vultus.errors import InvalidArgument

SCHEME = "oss://"
BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
KEY_BYTES = 1023  # of a key in UTF-8 (OSS and S3)


@dataclass(frozen=True, slots=True)
class ObjectURI:
    """Where an object lies; the key is written as it is, without percent-encoding."""

    bucket: str
    key: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``oss://bucket/key``.

        Raises:
            InvalidArgument: another scheme, no bucket or key, or a key that could mean another place than it says.
        """
        bucket, key = _split(text)
        if not key:
            raise InvalidArgument("A URI names an object, as in oss://bucket/key; here the key is missing.")
        _check_segments(key)
        return cls(bucket, key)

    def __str__(self) -> str:
        return f"{SCHEME}{self.bucket}/{self.key}"


@dataclass(frozen=True, slots=True)
class ObjectPrefix:
    """All objects of a bucket whose keys begin alike; an empty prefix is the whole bucket."""

    bucket: str
    prefix: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``oss://bucket``, ``oss://bucket/`` or ``oss://bucket/prefix``.

        Raises:
            InvalidArgument: as ObjectURI.parse, but the key may be missing.
        """
        bucket, prefix = _split(text)
        if prefix:
            _check_segments(prefix.removesuffix("/"))
        return cls(bucket, prefix)

    def __str__(self) -> str:
        return f"{SCHEME}{self.bucket}/{self.prefix}"


def writable(key: str) -> bool:
    """Whether a key, found in a listing, can be written as a URI."""
    try:
        _check_segments(key)
    except InvalidArgument:
        return False
    return True


def _split(text: str) -> tuple[str, str]:
    if not text.startswith(SCHEME):
        raise InvalidArgument("A URI begins with oss:// and names a bucket that is configured here.")
    bucket, _, key = text.removeprefix(SCHEME).partition("/")
    if not BUCKET.fullmatch(bucket):
        raise InvalidArgument("A URI names a bucket, as in oss://bucket/key; here its name is missing or malformed.")
    return bucket, key


def _check_segments(key: str) -> None:
    if CONTROL.search(key):
        raise InvalidArgument("The key of a URI holds no control characters.")
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        raise InvalidArgument("The key of a URI is valid Unicode.") from None
    if size > KEY_BYTES:
        raise InvalidArgument(f"The key of a URI has at most {KEY_BYTES} bytes.")
    if any(segment in ("", ".", "..") for segment in key.split("/")):
        raise InvalidArgument('The key of a URI has no empty segment, and none that is "." or "..".')
