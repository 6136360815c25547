"""Tokens that clients may send where others sign: none is known here, and whoever sends one is told so."""

from vultus.api.rpc import RpcRequest
from vultus.errors import InvalidSignatureMethod

#: By header or parameter, what the client calls its credentials.
_IN_HEADERS = {"x-acs-bearer-token": "a bearer token", "x-acs-zero-trust-idtoken": "an id token"}
_IN_PARAMETERS = {"BearerToken": "a bearer token"}


def refuse_tokens(request: RpcRequest) -> None:
    """Refuse a request without a signature that carries a token instead.

    Raises:
        InvalidSignatureMethod: it does.
    """
    sent = [kind for name, kind in _IN_HEADERS.items() if name in request.headers]
    sent += [kind for name, kind in _IN_PARAMETERS.items() if name in request.parameters]
    if sent:
        raise InvalidSignatureMethod(
            f"The request carries {sent[0]}, which is not known here; sign it with an access key."
        )
