"""Refusals: answers of a store that would be the same if it were asked again."""

from http import HTTPStatus

LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


def is_refusal(status: int) -> bool:
    """Whether a status means that the store does not tell, because it may not or cannot, rather than is in trouble."""
    return (status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in LATER) or status == HTTPStatus.NOT_IMPLEMENTED
