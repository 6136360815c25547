"""The ids that Vultus gives, in the forms that IMM gives them."""

import secrets
import string
from hashlib import sha256
from uuid import uuid4

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def new_owner_id() -> str:
    """An account: sixteen digits, the first of them not 0."""
    return str(10**15 + secrets.randbelow(9 * 10**15))


def new_figure_id() -> str:
    """A face."""
    return str(uuid4())


def new_cluster_id() -> str:
    """A person."""
    return f"Cluster-{uuid4()}"


def new_task_id(name: str) -> str:
    """A task, named by what asked for it."""
    return f"{name}-{uuid4()}"


def new_event_id() -> str:
    """A request that works on after its answer: ``140-1L5dh6eSUErqdxV1ZvJcPqR``."""
    return f"{secrets.randbelow(16**3):03X}-{_base62(23)}"


def new_key_id() -> str:
    """The public half of an access key, in the form that clients and scanners of secrets know."""
    return f"LTAI{_base62(20)}"


def new_entity_id() -> str:
    """A user, group or role: eighteen digits, the first of them not 0."""
    return str(10**17 + secrets.randbelow(9 * 10**17))


def new_secret() -> str:
    """The secret half of an access key: 30 characters, 178 bits."""
    return _base62(30)


def new_session_key_id() -> str:
    """The public half of a session's key; clients and people tell it from a lasting one by its beginning."""
    return f"STS.{_base62(24)}"


def new_session_secret() -> str:
    """The secret half of a session's key: 44 characters, 261 bits."""
    return _base62(44)


def file_object_id(owner_id: str, project: str, dataset: str, uri: str) -> str:
    """A file: the same for the same URI in the same dataset, 64 hexadecimal digits."""
    return sha256(f"{owner_id}:{project}:{dataset}:{uri}".encode("utf-8", "surrogatepass")).hexdigest()


def _base62(length: int) -> str:
    return "".join(secrets.choice(_BASE62) for _ in range(length))
