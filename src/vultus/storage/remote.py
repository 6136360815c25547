"""A bucket of S3, of OSS or of anything that speaks like them, through OpenDAL."""

import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import IO

import msgspec
import opendal
from msgspec import UNSET
from opendal import exceptions, layers
from opendal.config import OssConfig, S3Config

from vultus.config import ConfigError
from vultus.errors import InvalidArgument, PermissionDenied, ServiceUnavailable, VultusError
from vultus.storage.annotations import Annotations, annotations_of
from vultus.storage.details import ObjectDetails
from vultus.storage.headers import details_of
from vultus.storage.limits import RETRIES, TIMEOUT
from vultus.storage.object import ObjectFacts, ObjectMissing, ObjectTooLarge
from vultus.storage.presigned import headers_of
from vultus.storage.uri import writable

log = logging.getLogger(__name__)

CHUNK = 2**20  # bytes asked for at a time
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OPTIONS = {
    "s3": frozenset(S3Config.__annotations__) - {"scheme"},
    "oss": frozenset(OssConfig.__annotations__) - {"scheme"},
}


class Remote:
    """The objects of a bucket that is reached over the network.

    Args:
        name: the bucket's name here, for messages.
        service: a key of ``OPTIONS``.
        options: OpenDAL's options of that service.

    Raises:
        ConfigError: the options cannot be used.
    """

    def __init__(self, name: str, service: str, options: Mapping[str, str]) -> None:
        self.name = name
        self._service = service
        self._options = options
        unknown = sorted(options.keys() - OPTIONS[service])
        if unknown:  # OpenDAL passes over them, and a misspelt key would be looked for elsewhere
            raise ConfigError(
                f"The bucket {name} has an option that the service {service} does not know: {unknown[0]}."
            )
        try:
            operator = opendal.Operator(service, **options)
        except exceptions.ConfigInvalid as error:
            raise ConfigError(f"The bucket {name} cannot be used: {_detail(error)}.") from None
        timeout = layers.TimeoutLayer(timeout=TIMEOUT, io_timeout=TIMEOUT)
        retry = layers.RetryLayer(max_times=RETRIES, min_delay=0.2, max_delay=2.0, jitter=True)
        self.operator = operator.layer(timeout).layer(retry)

    def stat(self, key: str) -> ObjectFacts:
        """See Store; the version is the ETag, or size and time where the store gives none."""
        self._check_key(key)
        try:
            metadata = self.operator.stat(key)
        except exceptions.NotFound:
            raise self._missing(key) from None
        except Exception as error:  # OpenDAL's exceptions have no common base
            raise self._problem(error) from error
        if not metadata.is_file:
            raise ObjectMissing
        return _facts(metadata)

    def is_gone(self, key: str) -> bool:
        """See Store."""
        try:
            self.stat(key)
        except ObjectMissing:
            return True
        return False

    def details(self, key: str) -> ObjectDetails:
        """See Store: headers, and what needs the store's SDK, or rights that the keys may lack."""
        self._check_key(key)
        try:
            details = details_of(headers_of(self.operator, key, TIMEOUT), self._service)
        except Exception as error:
            raise self._problem(error) from error
        if self._annotations is None:
            return details
        # OSS tells in a header how many tags there are; not all that speak like S3 do.
        tagged = self._service != "oss" or details.oss_tagging_count is not UNSET
        tags = self._annotations.tags(key) if tagged else None
        if tags:
            details = msgspec.structs.replace(details, oss_tagging=tags, oss_tagging_count=len(tags))
        return msgspec.structs.replace(details, object_acl=self._annotations.acl(key) or UNSET)

    def read(self, key: str, limit: int) -> bytes:
        """See Store."""
        return b"".join(self._pieces(key, limit))

    def head(self, key: str, size: int) -> bytes:
        """See Store."""
        size = min(size, self.stat(key).size)
        try:
            return self.operator.read(key, size=size) if size else b""
        except Exception as error:
            raise self._problem(error) from error

    @contextmanager
    def open(self, key: str, limit: int) -> Iterator[IO[bytes]]:
        """See Store; a temporary file."""
        with tempfile.TemporaryFile(prefix="vultus-") as file:
            try:
                for piece in self._pieces(key, limit):
                    file.write(piece)
                file.seek(0)
            except OSError as error:
                raise ServiceUnavailable(f"There is no room for a temporary file: {error.strerror}.") from error
            yield file

    def _pieces(self, key: str, limit: int) -> Iterator[bytes]:
        """The bytes of an object, one piece after another."""
        if self.stat(key).size > limit:
            raise ObjectTooLarge(limit)
        size = 0
        try:
            with self.operator.open(key, "rb") as file:
                while piece := file.read(CHUNK):
                    size += len(piece)
                    if size > limit:
                        raise ObjectTooLarge(limit)
                    yield piece
        except Exception as error:
            raise self._problem(error) from error

    def list(self, prefix: str) -> Iterator[tuple[str, ObjectFacts]]:
        """See Store; the order is the store's, which S3 and OSS promise to be by key."""
        if prefix and not writable(prefix.removesuffix("/")):
            return
        try:
            for entry in self.operator.list(prefix, recursive=True):
                key = entry.path
                hidden = any(segment.startswith(".") for segment in key.split("/"))
                if hidden or not entry.metadata.is_file or not key.startswith(prefix):
                    continue
                if writable(key):
                    yield key, _facts(entry.metadata)
                else:
                    log.warning("%r of the bucket %s is left out: it cannot be written as a URI.", key, self.name)
        except Exception as error:
            raise self._problem(error) from error

    @cached_property
    def _annotations(self) -> Annotations | None:
        """Tags and ACLs, if there is a way to them; found when the first object needs it, for that takes a while."""
        return annotations_of(self.name, self._service, self._options)

    def _check_key(self, key: str) -> None:
        if not writable(key):  # the way to the store straightens "..", past the root of the options
            raise ObjectMissing
        if key != key.strip():  # OpenDAL strips it, and would look at another object
            raise InvalidArgument("A key that begins or ends with a space cannot be read from this kind of bucket.")

    def _missing(self, key: str) -> VultusError:
        """Tell a missing object from a missing bucket, which a HEAD request does not."""
        try:
            self.operator.read(key, size=1)
        except exceptions.ConfigInvalid as error:
            return self._problem(error)
        except Exception:
            return ObjectMissing()
        return ObjectMissing()

    def _problem(self, error: Exception) -> VultusError:
        if isinstance(error, VultusError):
            return error
        if isinstance(error, exceptions.NotFound):
            return ObjectMissing()
        if isinstance(error, exceptions.PermissionDenied):
            return PermissionDenied(f"The store refuses Vultus access to the bucket {self.name}.")
        if isinstance(error, exceptions.ConfigInvalid):
            return ConfigError(f"The store does not know the bucket {self.name}, or not as it is configured.")
        if "parse_header_to_str" in str(error):  # OpenDAL gives the whole answer up
            return InvalidArgument("The object has a header that is not all ASCII, and cannot be read for that.")
        if "signing" in str(error) or "credential" in str(error):
            return ConfigError(f"The bucket {self.name} has no credentials, or none that can be used.")
        return ServiceUnavailable(f"The store of the bucket {self.name} cannot be reached.")


def _facts(metadata: opendal.types.Metadata) -> ObjectFacts:
    when = metadata.last_modified
    modified = (when - EPOCH) // timedelta(microseconds=1) * 1000 if when else 0
    return ObjectFacts(
        size=metadata.content_length,
        modified=modified,
        version=metadata.etag or f"{metadata.content_length}-{modified}",
        etag=metadata.etag or UNSET,
        content_type=metadata.content_type or UNSET,
    )


def _detail(error: Exception) -> str:
    """What OpenDAL says went wrong, without its context."""
    return str(error).partition("\n")[0].partition("=> ")[2].partition(". ")[0] or "its options do not fit"
