"""Roles: what a user or a service may take on for a while."""

from typing import Any, TypedDict, Unpack

import msgspec
from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.catalog.identifier import new_entity_id
from vultus.errors import DeleteConflict, EntityAlreadyExists, EntityNotExist, QuotaExceeded
from vultus.model import moment

LIMIT = 1000  # roles of the account (RAM's own)
SESSION_DURATION = 3600  # seconds that a session may last where the role does not say (RAM's own)


class RoleFields(TypedDict, total=False):
    """What a caller may change of a role."""

    description: str
    trust_document: str
    max_session_duration: int


class RoleRow(msgspec.Struct, frozen=True):
    """A role as it is stored.

    Attributes:
        id: the row.
        role_id: 18 digits, never given twice.
        trust_document: who may take it on, JSON (``AssumeRolePolicyDocument``).
        max_session_duration: seconds that a session may last, at most.
    """

    id: int
    role_id: str
    name: str
    description: str
    trust_document: str
    max_session_duration: int
    create_time: int
    update_time: int


_roles, _attachments = schema.roles.c, schema.attachments.c
_ROWS = select(*[_roles[name] for name in RoleRow.__struct_fields__])


class Roles:
    """The roles of the account. Names are found as they are written, and two never differ by case alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self, name: str, trust_document: str, description: str = "", max_session_duration: int = SESSION_DURATION
    ) -> RoleRow:
        """Make a role, which may do nothing.

        Raises:
            EntityAlreadyExists: there is one of that name, in whatever case.
            QuotaExceeded: there are as many as there may be.
        """
        now = moment.now()
        row = {
            "role_id": new_entity_id(),
            "name": name,
            "folded": name.lower(),
            "description": description,
            "trust_document": trust_document,
            "max_session_duration": max_session_duration,
            "create_time": now,
            "update_time": now,
        }
        with self._database.writing() as connection:
            if (connection.scalar(select(func.count()).select_from(schema.roles)) or 0) >= LIMIT:
                raise QuotaExceeded("Role", f"The account has {LIMIT} roles, as many as it may.")
            try:
                with connection.begin_nested():
                    connection.execute(insert(schema.roles), row)
            except IntegrityError:
                raise EntityAlreadyExists(
                    "Role", f"There is a role {name} already; names that differ by case alone are the same."
                ) from None
            return self.get(name)

    def get(self, name: str, *, lock: bool = False) -> RoleRow:
        """Return a role.

        Args:
            name: as it was given.
            lock: whether the role is to stay as it is until the transaction that is open ends.

        Raises:
            EntityNotExist: there is none of that name.
        """
        found = _ROWS.where(_roles.name == name)
        return self._one(found.with_for_update() if lock else found, name)

    def by_id(self, role_id: str) -> RoleRow:
        """Return a role by its 18 digits.

        Raises:
            EntityNotExist: it is gone.
        """
        return self._one(_ROWS.where(_roles.role_id == role_id), role_id)

    def page(self, after: str = "", limit: int = 100) -> list[RoleRow]:
        """List roles by name.

        Args:
            after: name of the last role of the page before.
            limit: how many, at most.
        """
        with self._database.reading() as connection:
            rows = connection.execute(_ROWS.where(_roles.name > after).order_by(_roles.name).limit(limit))
            return [RoleRow(*row) for row in rows]

    def update(self, name: str, **fields: Unpack[RoleFields]) -> RoleRow:
        """Change what is given and leave the rest.

        Raises:
            EntityNotExist: there is none of that name.
        """
        with self._database.writing() as connection:
            role = self.get(name, lock=True)
            changed = {**fields, "update_time": moment.now()}
            connection.execute(update(schema.roles).where(_roles.id == role.id), changed)
            return self.get(name)

    def delete(self, name: str) -> None:
        """Delete a role that has no policies any more. Its sessions end with it.

        Raises:
            EntityNotExist: there is none of that name.
            DeleteConflict: it has policies.
        """
        with self._database.writing() as connection:
            role = self.get(name, lock=True)
            attached = select(_attachments.id).where(_attachments.role_id == role.id).limit(1)
            if connection.scalar(attached) is not None:
                raise DeleteConflict("Role.Policy", f"The role {name} still has policies.")
            connection.execute(delete(schema.roles).where(_roles.id == role.id))

    def _one(self, query: Select[*tuple[Any, ...]], name: str) -> RoleRow:
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise EntityNotExist("Role", f"The role {name} does not exist.")
        return RoleRow(*row)
