"""Annotations: who may read an object, and its tags. Stores keep them apart from it, and answer for them apart.

They are asked for through the store's own SDK, an optional dependency: only that knows all the ways to credentials and
signatures of its service.
"""

import logging
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

log = logging.getLogger(__name__)

#: By service: the module that the SDK is imported as, and ours for it.
SDKS = {
    "s3": ("boto3", "vultus.storage.s3_annotations"),
    "oss": ("alibabacloud_oss_v2", "vultus.storage.oss_annotations"),
}
ASSUMED = frozenset({"role_arn", "oidc_provider_arn"})  # options of credentials that only OpenDAL gets


class Annotations(Protocol):
    """The annotations of the objects of a bucket, by key. Used from several threads.

    What the store refuses to tell is None. Both methods raise ``ServiceUnavailable`` when it is out of reach.
    """

    def acl(self, key: str) -> str | None:
        """Return who may read and write an object, in OSS's words; see ``ObjectDetails``."""

    def tags(self, key: str) -> dict[str, str] | None:
        """Return the tags of an object."""


def annotations_of(name: str, service: str, options: Mapping[str, str]) -> Annotations | None:
    """Return the annotations of a bucket; None where its SDK is not installed, or cannot use its credentials.

    Args:
        name: the bucket's name here, for messages.
        service: a key of ``SDKS``.
        options: OpenDAL's options of that service.
    """
    sdk, module = SDKS[service]
    if find_spec(sdk) is None:
        log.info("Tags and ACLs of the bucket %s are left out: pip install 'vultus[%s]' to have them.", name, service)
        return None
    if ASSUMED & options.keys():
        log.info("Tags and ACLs of the bucket %s are left out: it is used in a role.", name)
        return None
    try:
        annotations: Annotations = import_module(module).open_annotations(options)
    except Exception as error:  # each SDK has its own classes for options that it cannot use, and OpenDAL can
        log.warning("Tags and ACLs of the bucket %s are left out: %s", name, error)
        return None
    return annotations


def full_key(options: Mapping[str, str], key: str) -> str:
    """Return the key of an object in its bucket, whose root the options name."""
    return "/".join(part for part in (options.get("root", "").strip("/"), key) if part)
