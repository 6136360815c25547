"""Grants: the policies by which a user or a role may do things, with what they say at present."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from vultus.catalog import schema
from vultus.catalog.attachments import PolicyType
from vultus.catalog.database import Database
from vultus.catalog.lookup import Lookup


class Grant(NamedTuple):
    """A policy that counts for somebody.

    Attributes:
        policy_type: ``System`` or ``Custom``.
        policy_name: its name.
        document: of the version that counts; empty for a policy of the system, which is part of the code.
    """

    policy_type: PolicyType
    policy_name: str
    document: str


_attachments, _memberships, _roles = schema.attachments.c, schema.memberships.c, schema.roles.c
_policies, _versions = schema.policies.c, schema.policy_versions.c
_DOCUMENTS = schema.attachments.outerjoin(schema.policies, _policies.id == _attachments.policy_id).outerjoin(
    schema.policy_versions,
    and_(_versions.policy_id == _policies.id, _versions.version == _policies.default_version),
)


def _grants(condition: ColumnElement[bool]) -> Select[*tuple[str, ...]]:
    document = func.coalesce(_versions.document, "")
    found = select(_attachments.policy_type, _attachments.policy_name, document).select_from(_DOCUMENTS)
    return found.where(condition).order_by(_attachments.id)


_GROUPS = select(_memberships.group_id).where(_memberships.user_id == bindparam("row"))
_OF_USER = Lookup(lambda _: _grants(or_(_attachments.user_id == bindparam("row"), _attachments.group_id.in_(_GROUPS))))
_OF_ROLE = Lookup(lambda _: _grants(_attachments.role_id == bindparam("row")))
_ROLE = Lookup(lambda _: select(_roles.id, _roles.name).where(_roles.role_id == bindparam("role_id")))


class Grants:
    """What users and roles may do, as it is looked up with every request."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_user(self, user_row: int) -> list[Grant]:
        """Return a user's own policies and those of its groups, each once."""
        with self._database.snapshot() as snapshot:
            return list(dict.fromkeys(Grant(*row) for row in _OF_USER.rows(snapshot, row=user_row)))

    def of_role(self, role_id: str) -> tuple[str, list[Grant]] | None:
        """Return the name of a role and its policies; None when the role is gone.

        Args:
            role_id: 18 digits.
        """
        with self._database.snapshot() as snapshot:
            for row, name in _ROLE.rows(snapshot, role_id=role_id):
                return name, [Grant(*grant) for grant in _OF_ROLE.rows(snapshot, row=row)]
        return None
