"""Groups of users: what a group may do, everybody in it may."""

from typing import Any, TypedDict, Unpack

import msgspec
from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.catalog.identifier import new_entity_id
from vultus.catalog.users import UserRow, Users
from vultus.errors import DeleteConflict, EntityAlreadyExists, EntityNotExist, QuotaExceeded
from vultus.model import moment

LIMIT = 300  # groups of the account (RAM's own)
GROUPS_OF_A_USER = 10  # (RAM's own)


class GroupFields(TypedDict, total=False):
    """What a caller may say of a group beside the name."""

    comments: str


class GroupRow(msgspec.Struct, frozen=True):
    """A group as it is stored.

    Attributes:
        id: the row.
        group_id: 18 digits, never given twice.
    """

    id: int
    group_id: str
    name: str
    comments: str
    create_time: int
    update_time: int


class MemberRow(msgspec.Struct, frozen=True):
    """A user in a group, and since when."""

    user: UserRow
    join_time: int


class MembershipRow(msgspec.Struct, frozen=True):
    """A group that a user is in, and since when."""

    group: GroupRow
    join_time: int


_groups, _users, _memberships = schema.groups.c, schema.users.c, schema.memberships.c
_COLUMNS = [_groups[name] for name in GroupRow.__struct_fields__]
_ROWS = select(*_COLUMNS)
_USER_COLUMNS = [_users[name] for name in UserRow.__struct_fields__]


class Groups:
    """The groups of the account. Names are found as they are written, and two never differ by case alone."""

    def __init__(self, database: Database, users: Users) -> None:
        self._database = database
        self._users = users

    def create(self, name: str, **fields: Unpack[GroupFields]) -> GroupRow:
        """Make a group of nobody.

        Raises:
            EntityAlreadyExists: there is one of that name, in whatever case.
            QuotaExceeded: there are as many as there may be.
        """
        now = moment.now()
        row = {"comments": "", **fields, "group_id": new_entity_id(), "name": name, "folded": name.lower()}
        with self._database.writing() as connection:
            if (connection.scalar(select(func.count()).select_from(schema.groups)) or 0) >= LIMIT:
                raise QuotaExceeded("Group", f"The account has {LIMIT} groups, as many as it may.")
            try:
                with connection.begin_nested():
                    connection.execute(insert(schema.groups), {**row, "create_time": now, "update_time": now})
            except IntegrityError:
                raise _taken(name) from None
            return self.get(name)

    def get(self, name: str, *, lock: bool = False) -> GroupRow:
        """Return a group.

        Args:
            name: as it was given.
            lock: whether the group is to stay as it is until the transaction that is open ends.

        Raises:
            EntityNotExist: there is none of that name.
        """
        found = _ROWS.where(_groups.name == name)
        return self._one(found.with_for_update() if lock else found, name)

    def page(self, after: str = "", limit: int = 100) -> list[GroupRow]:
        """List groups by name.

        Args:
            after: name of the last group of the page before.
            limit: how many, at most.
        """
        with self._database.reading() as connection:
            rows = connection.execute(_ROWS.where(_groups.name > after).order_by(_groups.name).limit(limit))
            return [GroupRow(*row) for row in rows]

    def update(self, name: str, new_name: str | None = None, **fields: Unpack[GroupFields]) -> GroupRow:
        """Change what is given and leave the rest. Members and policies go with the group to a new name.

        Raises:
            EntityNotExist: there is none of that name.
            EntityAlreadyExists: there is another of the new name, in whatever case.
        """
        changed: dict[str, object] = {**fields, "update_time": moment.now()}
        if new_name is not None:
            changed |= {"name": new_name, "folded": new_name.lower()}
        with self._database.writing() as connection:
            group = self.get(name, lock=True)
            try:
                with connection.begin_nested():
                    connection.execute(update(schema.groups).where(_groups.id == group.id), changed)
            except IntegrityError:
                raise _taken(str(new_name)) from None
            return self._one(_ROWS.where(_groups.id == group.id), name)

    def delete(self, name: str) -> None:
        """Delete a group that has nothing any more.

        Raises:
            EntityNotExist: there is none of that name.
            DeleteConflict: it has members or policies; the code says which.
        """
        with self._database.writing() as connection:
            group = self.get(name, lock=True)
            for table, entity, what in (
                (schema.memberships, "Group.User", "members"),
                (schema.attachments, "Group.Policy", "policies"),
            ):
                if connection.scalar(select(table.c.id).where(table.c.group_id == group.id).limit(1)) is not None:
                    raise DeleteConflict(entity, f"The group {name} still has {what}.")
            connection.execute(delete(schema.groups).where(_groups.id == group.id))

    def add(self, name: str, user_name: str) -> None:
        """Put a user into a group.

        Raises:
            EntityNotExist: there is no such group, or no such user.
            EntityAlreadyExists: the user is in it.
            QuotaExceeded: the user is in as many groups as may be.
        """
        with self._database.writing() as connection:
            group, user = self.get(name, lock=True), self._users.get(user_name, lock=True)
            joined = set(connection.scalars(select(_memberships.group_id).where(_memberships.user_id == user.id)))
            if group.id in joined:
                raise EntityAlreadyExists("User.Group", f"The user {user_name} is in the group {name} already.")
            if len(joined) >= GROUPS_OF_A_USER:
                raise QuotaExceeded(
                    "User.Group", f"The user {user_name} is in {GROUPS_OF_A_USER} groups, as many as may be."
                )
            row = {"user_id": user.id, "group_id": group.id, "join_time": moment.now()}
            connection.execute(insert(schema.memberships), row)

    def remove(self, name: str, user_name: str) -> None:
        """Take a user out of a group.

        Raises:
            EntityNotExist: there is no such group, no such user, or the user is not in it.
        """
        with self._database.writing() as connection:
            group, user = self.get(name, lock=True), self._users.get(user_name, lock=True)
            left = delete(schema.memberships).where(_memberships.group_id == group.id, _memberships.user_id == user.id)
            if not connection.execute(left).rowcount:
                raise EntityNotExist("User.Group", f"The user {user_name} is not in the group {name}.")

    def members(self, name: str, after: str = "", limit: int = 100) -> list[MemberRow]:
        """List the users in a group by name.

        Args:
            name: of the group.
            after: name of the last user of the page before.
            limit: how many, at most.

        Raises:
            EntityNotExist: there is no such group.
        """
        with self._database.reading() as connection:
            group = self.get(name)
            found = select(*_USER_COLUMNS, _memberships.join_time).join_from(schema.users, schema.memberships)
            found = found.where(_memberships.group_id == group.id, _users.name > after)
            rows = connection.execute(found.order_by(_users.name).limit(limit))
            return [MemberRow(UserRow(*row[:-1]), row[-1]) for row in rows]

    def of_user(self, user_name: str) -> list[MembershipRow]:
        """List the groups that a user is in, by name.

        Raises:
            EntityNotExist: there is no such user.
        """
        with self._database.reading() as connection:
            user = self._users.get(user_name)
            found = select(*_COLUMNS, _memberships.join_time).join_from(schema.groups, schema.memberships)
            rows = connection.execute(found.where(_memberships.user_id == user.id).order_by(_groups.name))
            return [MembershipRow(GroupRow(*row[:-1]), row[-1]) for row in rows]

    def _one(self, query: Select[*tuple[Any, ...]], name: str) -> GroupRow:
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise EntityNotExist("Group", f"The group {name} does not exist.")
        return GroupRow(*row)


def _taken(name: str) -> EntityAlreadyExists:
    return EntityAlreadyExists(
        "Group", f"There is a group {name} already; names that differ by case alone are the same."
    )
