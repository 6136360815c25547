"""What users and roles may do: their policies, read once for as long as they say the same."""

import logging
from collections.abc import Sequence
from functools import lru_cache

from vultus.catalog import Catalog
from vultus.catalog.grants import Grant
from vultus.errors import MalformedPolicy
from vultus.ram.policy import Policy
from vultus.ram.system_policies import SYSTEM_POLICIES

log = logging.getLogger(__name__)

READ_POLICIES = 4096  # documents that are kept as they were read
READ_SESSION_POLICIES = 256  # of sessions: who takes on a role writes what it likes, and pushes out no others


class Permissions:
    """Looks up policies; used from several threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def of_user(self, user_row: int) -> tuple[Policy, ...]:
        """Return the policies of a user and of its groups."""
        return _read(self._catalog.grants.of_user(user_row))

    def of_role(self, role_id: str) -> tuple[str, tuple[Policy, ...]] | None:
        """Return the name of a role and its policies; None when the role is gone.

        Args:
            role_id: 18 digits.
        """
        found = self._catalog.grants.of_role(role_id)
        return found and (found[0], _read(found[1]))


@lru_cache(READ_POLICIES)
def read_policy(document: str, name: str) -> Policy:
    """Read a policy document, once for as long as it says the same.

    Raises:
        MalformedPolicy: it does not follow the policy language.
    """
    return Policy.parse(document, name)


@lru_cache(READ_SESSION_POLICIES)
def read_session_policy(document: str) -> Policy:
    """Read the policy that a role was taken on with.

    Raises:
        MalformedPolicy: it does not follow the policy language.
    """
    return Policy.parse(document, "", "Session")


def _read(grants: Sequence[Grant]) -> tuple[Policy, ...]:
    """Read the policies of somebody; none, if one cannot be read: what it denies would be allowed by another."""
    policies: list[Policy] = []
    for grant in grants:
        if grant.policy_type == "System":
            system = SYSTEM_POLICIES.get(grant.policy_name)  # one that a newer version brought allows nothing here
            policies += [system.policy] if system else []
            continue
        try:
            policies.append(read_policy(grant.document, grant.policy_name))
        except MalformedPolicy as error:
            log.error("Whoever has the policy %s may do nothing: %s", grant.policy_name, error.message)
            return ()
    return tuple(policies)
