"""Whose credentials a caller wants objects to be read with."""

from msgspec import UNSET

from vultus.model.wire import Text, Unset, Wire


class CredentialConfigChain(Wire):
    """A link of a chain of roles."""

    assume_role_for: Text = UNSET
    role: Text = UNSET
    role_type: Text = UNSET


class CredentialConfig(Wire):
    """A chain of roles, and a policy that narrows what the last of them may do."""

    chain: list[CredentialConfigChain] | Unset = UNSET
    policy: Text = UNSET
    service_role: Text = UNSET
