"""Annotations of S3, and of stores that speak like it, through boto3."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection

from vultus.errors import ServiceUnavailable
from vultus.storage.annotations import full_key
from vultus.storage.limits import RETRIES, TIMEOUT
from vultus.storage.refusal import is_refusal

ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
READ = frozenset({"READ", "FULL_CONTROL"})
WRITE = frozenset({"WRITE", "FULL_CONTROL"})


class S3Annotations:
    """See Annotations."""

    def __init__(self, client: Any, options: Mapping[str, str]) -> None:
        self._client = client
        self._options = options

    def acl(self, key: str) -> str | None:
        """See Annotations; in S3 an object has rights of its own, and never its bucket's."""
        answer = self._ask(self._client.get_object_acl, key)
        return None if answer is None else _word(answer["Grants"])

    def tags(self, key: str) -> dict[str, str] | None:
        """See Annotations."""
        answer = self._ask(self._client.get_object_tagging, key)
        return None if answer is None else {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}

    def _ask(self, operation: Callable[..., dict[str, Any]], key: str) -> dict[str, Any] | None:
        try:
            return operation(Bucket=self._options["bucket"], Key=full_key(self._options, key))
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if is_refusal(status):
                return None
            raise ServiceUnavailable("The store does not answer for tags and ACLs.") from error
        except (NoConnection, HTTPClientError) as error:
            raise ServiceUnavailable("The store cannot be reached.") from error
        except BotoCoreError:  # there are no credentials, say
            return None


def open_annotations(options: Mapping[str, str]) -> S3Annotations:
    """Return the annotations of a bucket.

    Args:
        options: OpenDAL's options of S3. What they do not say is looked for where boto3 looks for it, which is where
            OpenDAL does.
    """
    anonymous = "true" in (options.get("allow_anonymous"), options.get("skip_signature"))
    style = "virtual" if options.get("enable_virtual_host_style") == "true" else "path"
    session = boto3.Session(
        aws_access_key_id=options.get("access_key_id"),
        aws_secret_access_key=options.get("secret_access_key"),
        aws_session_token=options.get("session_token"),
        region_name=options.get("region"),
        profile_name=options.get("profile"),
    )
    config = Config(
        signature_version=UNSIGNED if anonymous else None,
        connect_timeout=TIMEOUT,
        read_timeout=TIMEOUT,
        retries={"max_attempts": RETRIES, "mode": "standard"},
        s3={"addressing_style": style},
    )
    return S3Annotations(session.client("s3", endpoint_url=_address(options.get("endpoint")), config=config), options)


def _address(endpoint: str | None) -> str | None:
    """An endpoint as boto3 takes it; OpenDAL takes one without ``https://`` as well."""
    return f"https://{endpoint}" if endpoint and not endpoint.startswith("http") else endpoint


def _word(grants: Iterable[Mapping[str, Any]]) -> str:
    """Who may do what, in OSS's words, which know the owner and everybody."""
    public = {grant["Permission"] for grant in grants if grant["Grantee"].get("URI") == ALL_USERS}
    if public & WRITE:
        return "public-read-write"
    return "public-read" if public & READ else "private"
