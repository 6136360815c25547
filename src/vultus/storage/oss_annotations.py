"""Annotations of OSS, through its SDK."""

import os
import re
from collections.abc import Callable, Mapping
from typing import Any

import alibabacloud_oss_v2 as oss
from alibabacloud_oss_v2 import exceptions

from vultus.errors import ServiceUnavailable
from vultus.storage.annotations import full_key
from vultus.storage.limits import RETRIES, TIMEOUT
from vultus.storage.refusal import is_refusal

#: The region that an endpoint names. Signatures of version 4 are for a region; where none is named, version 1 is used.
REGION = re.compile(r"\boss-(?!accelerate)([a-z]+-[a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com\b")


class OSSAnnotations:
    """See Annotations."""

    def __init__(self, client: oss.Client, options: Mapping[str, str]) -> None:
        self._client = client
        self._options = options

    def acl(self, key: str) -> str | None:
        """See Annotations."""
        answer = self._ask(self._client.get_object_acl, oss.GetObjectAclRequest, key)
        return None if answer is None else answer.acl

    def tags(self, key: str) -> dict[str, str] | None:
        """See Annotations."""
        answer = self._ask(self._client.get_object_tagging, oss.GetObjectTaggingRequest, key)
        if answer is None:
            return None
        tags = answer.tag_set.tags if answer.tag_set else None
        return {tag.key: tag.value or "" for tag in tags or ()}

    def _ask(self, operation: Callable[[Any], Any], request: Callable[..., Any], key: str) -> Any:
        try:
            return operation(request(bucket=self._options["bucket"], key=full_key(self._options, key)))
        except exceptions.OperationError as error:
            cause = error.unwrap()
            if isinstance(cause, exceptions.ServiceError) and is_refusal(cause.status_code):
                return None
            if isinstance(cause, exceptions.CredentialsBaseError):
                return None
            raise ServiceUnavailable("The store does not answer for tags and ACLs.") from error


def open_annotations(options: Mapping[str, str]) -> OSSAnnotations:
    """Return the annotations of a bucket.

    Args:
        options: OpenDAL's options of OSS. Keys that they do not name are taken from where OpenDAL takes them: the
            variables ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_SECURITY_TOKEN.
    """
    endpoint, style = options.get("endpoint", ""), options.get("addressing_style", "virtual")
    region = REGION.search(endpoint)
    config = oss.config.load_default()
    config.endpoint = endpoint
    config.region = region[1] if region else ""
    config.signature_version = "v4" if region else "v1"
    config.use_path_style, config.use_cname = style == "path", style == "cname"
    config.credentials_provider = _credentials(options)
    config.connect_timeout = config.readwrite_timeout = TIMEOUT
    config.retry_max_attempts = RETRIES + 1
    return OSSAnnotations(oss.Client(config), options)


def _credentials(options: Mapping[str, str]) -> oss.credentials.CredentialsProvider:
    if "true" in (options.get("allow_anonymous"), options.get("skip_signature")):
        return oss.credentials.AnonymousCredentialsProvider()
    names = ("access_key_id", "access_key_secret", "security_token")
    key, secret, token = (options.get(name) or os.environ.get(f"ALIBABA_CLOUD_{name.upper()}", "") for name in names)
    return oss.credentials.StaticCredentialsProvider(key, secret, token or None)
