"""Attachments: which user, group or role has which policy."""

from collections.abc import Sequence
from typing import Literal

import msgspec
from sqlalchemy import Column, ColumnElement, Table, delete, func, insert, literal, select

from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.catalog.groups import Groups
from vultus.catalog.policies import Policies
from vultus.catalog.roles import Roles
from vultus.catalog.users import Users
from vultus.errors import EntityAlreadyExists, EntityNotExist, QuotaExceeded
from vultus.model import moment

PolicyType = Literal["System", "Custom"]
Holder = Literal["User", "Group", "Role"]

LIMITS: dict[PolicyType, int] = {"System": 20, "Custom": 10}  # policies of a user, group or role (RAM's own)


class AttachedPolicy(msgspec.Struct, frozen=True):
    """A policy that somebody has.

    Attributes:
        policy_type: ``System`` or ``Custom``.
        policy_name: its name.
        attach_time: since when.
        description: of a custom policy; empty for one of the system, which the code describes.
        default_version: number of the version of a custom policy that counts; 0 for one of the system.
    """

    policy_type: PolicyType
    policy_name: str
    attach_time: int
    description: str
    default_version: int


class HolderRow(msgspec.Struct, frozen=True):
    """A user, group or role that has a policy.

    Attributes:
        kind: which of the three.
        id: 18 digits.
        name: its name.
        display_name: of a user.
        comments: of a user or a group.
        description: of a role.
        attach_time: since when it has the policy.
    """

    kind: Holder
    id: str
    name: str
    display_name: str
    comments: str
    description: str
    attach_time: int


_attachments, _policies = schema.attachments.c, schema.policies.c
_users, _groups, _roles = schema.users.c, schema.groups.c, schema.roles.c


class Attachments:
    """The policies that users, groups and roles have."""

    def __init__(self, database: Database, users: Users, groups: Groups, roles: Roles, policies: Policies) -> None:
        self._database = database
        self._users = users
        self._groups = groups
        self._roles = roles
        self._policies = policies

    def attach(self, policy_type: PolicyType, policy_name: str, kind: Holder, name: str) -> None:
        """Give a policy to a user, group or role.

        Whether there is a policy of the system of that name is for the caller to know.

        Args:
            policy_type: ``System`` or ``Custom``.
            policy_name: its name.
            kind: what is to have it.
            name: of the user, group or role.

        Raises:
            EntityNotExist: there is no such user, group or role, or no such custom policy; the code says which.
            EntityAlreadyExists: it has the policy.
            QuotaExceeded: it has as many policies of that type as may be.
        """
        with self._database.writing() as connection:
            column, holder = self._holder(kind, name, lock=True)
            policy = self._policies.get(policy_name, lock=True) if policy_type == "Custom" else None
            held = select(_attachments.policy_name).where(column == holder, _attachments.policy_type == policy_type)
            names = set(connection.scalars(held))
            if policy_name in names:
                raise EntityAlreadyExists(
                    f"{kind}.Policy", f"The {kind.lower()} {name} has the policy {policy_name} already."
                )
            if len(names) >= LIMITS[policy_type]:
                has = f"{LIMITS[policy_type]} {policy_type.lower()} policies"
                raise QuotaExceeded(f"{kind}.Policy", f"The {kind.lower()} {name} has {has}, as many as may be.")
            row = {"policy_type": policy_type, "policy_name": policy_name, "attach_time": moment.now()}
            connection.execute(
                insert(schema.attachments), {**row, "policy_id": policy and policy.id, column.key: holder}
            )

    def detach(self, policy_type: PolicyType, policy_name: str, kind: Holder, name: str) -> None:
        """Take a policy from a user, group or role.

        Raises:
            EntityNotExist: there is no such user, group or role, or it does not have the policy; the code says which.
        """
        with self._database.writing() as connection:
            column, holder = self._holder(kind, name, lock=True)
            gone = delete(schema.attachments).where(
                column == holder, _attachments.policy_type == policy_type, _attachments.policy_name == policy_name
            )
            if not connection.execute(gone).rowcount:
                raise EntityNotExist(
                    f"{kind}.Policy", f"The {kind.lower()} {name} has no {policy_type.lower()} policy {policy_name}."
                )

    def of(self, kind: Holder, name: str) -> list[AttachedPolicy]:
        """List the policies of a user, group or role: those of the account first, then by name.

        Those that a user has by a group are not among them.

        Raises:
            EntityNotExist: there is no such user, group or role.
        """
        with self._database.reading() as connection:
            column, holder = self._holder(kind, name)
            found = (
                select(
                    _attachments.policy_type,
                    _attachments.policy_name,
                    _attachments.attach_time,
                    func.coalesce(_policies.description, ""),
                    func.coalesce(_policies.default_version, 0),
                )
                .join_from(schema.attachments, schema.policies, isouter=True)
                .where(column == holder)
                .order_by(_attachments.policy_type, _attachments.policy_name)
            )
            return [AttachedPolicy(*row) for row in connection.execute(found)]

    def holders(self, policy_type: PolicyType, policy_name: str) -> list[HolderRow]:
        """List the users, groups and roles that have a policy, by kind and name.

        It is empty for a policy that does not exist.
        """
        empty = literal("")
        kinds: list[tuple[Holder, Table, Sequence[ColumnElement[str]]]] = [
            ("Group", schema.groups, (_groups.group_id, _groups.name, empty, _groups.comments, empty)),
            ("Role", schema.roles, (_roles.role_id, _roles.name, empty, empty, _roles.description)),
            ("User", schema.users, (_users.user_id, _users.name, _users.display_name, _users.comments, empty)),
        ]
        with self._database.reading() as connection:
            rows: list[HolderRow] = []
            for kind, table, columns in kinds:
                found = select(*[*columns, _attachments.attach_time]).join_from(table, schema.attachments)
                found = found.where(_attachments.policy_type == policy_type, _attachments.policy_name == policy_name)
                rows += [HolderRow(kind, *row) for row in connection.execute(found.order_by(table.c.name))]
            return rows

    def counts(self, policy_type: PolicyType) -> dict[str, int]:
        """Count who has each policy of a type, by name; policies that nobody has are left out."""
        counted = select(_attachments.policy_name, func.count()).where(_attachments.policy_type == policy_type)
        with self._database.reading() as connection:
            rows = connection.execute(counted.group_by(_attachments.policy_name)).all()
        return {row[0]: row[1] for row in rows}

    def _holder(self, kind: Holder, name: str, *, lock: bool = False) -> tuple[Column[int], int]:
        """Return the column that names a user, group or role, and its row."""
        if kind == "User":
            return _attachments.user_id, self._users.get(name, lock=lock).id
        if kind == "Group":
            return _attachments.group_id, self._groups.get(name, lock=lock).id
        return _attachments.role_id, self._roles.get(name, lock=lock).id
