"""The headers of an object: OpenDAL tells few of them, but signs a request for all."""

import asyncio
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

import opendal

from vultus.errors import ServiceUnavailable
from vultus.storage.headers import ORIGIN
from vultus.storage.object import ObjectMissing
from vultus.storage.refusal import is_refusal

LASTS = 300  # seconds that a signature is good for; clocks may differ


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else: a signature is for one host, and the key of an encrypted object, which may go with it, too."""

    def redirect_request(self, *_: Any) -> None:
        """Refuse."""


_OPENER = urllib.request.build_opener(_NoRedirect)


def headers_of(operator: opendal.Operator, key: str, timeout: float) -> Mapping[str, str]:
    """Ask a store for the headers of an object.

    Args:
        operator: of the bucket; one that can sign requests.
        key: of the object.
        timeout: seconds.

    Returns:
        headers by name, in any case; none where the store refuses, or cannot be understood.

    Raises:
        ObjectMissing: there is no such object.
        ServiceUnavailable: the store is out of reach.
    """
    signed = asyncio.run(_sign(operator, key))
    request = urllib.request.Request(signed.url, headers={**signed.headers, "Origin": ORIGIN}, method=signed.method)
    try:
        with _OPENER.open(request, timeout=timeout) as answer:
            headers: Mapping[str, str] = answer.headers
            return headers
    except HTTPError as error:
        with error:
            if error.code == HTTPStatus.NOT_FOUND:
                raise ObjectMissing from None
            if is_refusal(error.code):
                return {}
            raise ServiceUnavailable(f"The store answers with the status {error.code}.") from None
    except HTTPException:  # more headers than Python reads, say
        return {}
    except OSError as error:
        raise ServiceUnavailable("The store cannot be reached.") from error


async def _sign(operator: opendal.Operator, key: str) -> opendal.types.PresignedRequest:
    return await operator.to_async_operator().presign_stat(key, LASTS)
